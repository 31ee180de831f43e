/** Cuts text that comes in pieces into lines, and refuses a line that no graph file has. */
import { faultAt } from '../fault.ts';

export interface LineCutter {
  write(text: string): void;
  end(): void;
  /** After `end`: the last line had none of its own, as in a file that was cut off. */
  readonly isOpenEnded: boolean;
}

export function createLineCutter(
  mostCharacters: number,
  take: (line: string, number: number) => void,
): LineCutter {
  let rest = '';
  let number = 0;
  let isOpenEnded = false;
  const give = (line: string) => {
    number += 1;
    if (line.length > mostCharacters) refuse(number);
    take(line.endsWith('\r') ? line.slice(0, -1) : line, number);
  };
  const refuse = (line: number) => {
    throw faultAt(
      { line, column: mostCharacters + 1 },
      `a line of more than ${mostCharacters} characters`,
    );
  };
  return {
    write(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        give(rest + text.slice(from, at));
        rest = '';
        from = at + 1;
      }
      rest += text.slice(from);
      if (rest.length > mostCharacters) refuse(number + 1);
    },
    end() {
      isOpenEnded = rest !== '';
      if (isOpenEnded) give(rest);
      rest = '';
    },
    get isOpenEnded() {
      return isOpenEnded;
    },
  };
}
