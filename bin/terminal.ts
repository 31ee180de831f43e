/** What the commands print with: colours only where a person looks, and one line that is rewritten. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export interface Terminal {
  /** A person looks: there is a progress line, and text is fitted to the columns. */
  readonly interactive: boolean;
  /** Of the terminal; Infinity where output is plain, which nothing is cut for. */
  readonly columns: number;
  print(line?: string): void;
  /** Stays below what is printed until it is replaced; an empty one takes it away. */
  progress(line: string): void;
  paint(style: Style, text: string): string;
}

export function createTerminal(stream: NodeJS.WriteStream = process.stdout): Terminal {
  const interactive = stream.isTTY === true && process.env.TERM !== 'dumb';
  const coloured = isColoured(interactive);
  let shown = '';
  const clear = () => (shown ? '\r\u001b[2K' : '');
  return {
    interactive,
    get columns() {
      return interactive ? stream.columns || 80 : Number.POSITIVE_INFINITY;
    },
    // In one write, so that nothing flickers.
    print(line = '') {
      stream.write(`${clear()}${line}\n${shown}`);
    },
    progress(line) {
      if (!interactive || line === shown) return;
      stream.write(`${clear()}${line}`);
      shown = line;
    },
    paint: (style, text) =>
      coloured && text.trim() ? styleText(style, text, { validateStream: false }) : text,
  };
}

/** no-color.org: any value but an empty one counts; FORCE_COLOR is asked first, as elsewhere. */
function isColoured(interactive: boolean): boolean {
  const forced = process.env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0';
  return interactive && !process.env.NO_COLOR;
}
