/** What the commands print with: colours only where a person looks, and one line that is rewritten. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  readonly interactive: boolean;
  readonly columns: number;
  print(line?: string): void;
  /** Replaces the progress line; does nothing where output is not a terminal. */
  progress(line: string): void;
  paint(style: Style, text: string): string;
}

export function createTerminal(stream: NodeJS.WriteStream = process.stdout): Terminal {
  const interactive = stream.isTTY === true && process.env.TERM !== 'dumb';
  const coloured =
    process.env.FORCE_COLOR !== undefined
      ? process.env.FORCE_COLOR !== '0'
      : interactive && !process.env.NO_COLOR;
  let shown = false;
  const clear = () => {
    if (shown) stream.write('\r\u001b[2K');
    shown = false;
  };
  return {
    interactive,
    get columns() {
      return stream.columns ?? 80;
    },
    print(line = '') {
      clear();
      stream.write(`${line}\n`);
    },
    progress(line) {
      if (!interactive) return;
      clear();
      stream.write(line.slice(0, (stream.columns ?? 80) - 1));
      shown = true;
    },
    paint: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
  };
}
