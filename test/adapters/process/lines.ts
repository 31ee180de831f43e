/**
 * Lines of a stream, as bytes come. One line is never longer than the bound, so that whoever writes
 * without end cannot fill the memory.
 */
import type { Readable } from 'node:stream';

export interface LineListener {
  onLine(line: string): void;
  /** A line has exceeded the bound: its beginning. Nothing comes after. */
  onOverflow(beginning: string): void;
  /** The stream has ended inside a line. */
  onRest(rest: string): void;
}

const NEWLINE = 0x0a;

export function listenForLines(stream: Readable, maxBytes: number, listener: LineListener): void {
  let parts: Buffer[] = [];
  let size = 0;
  const taken = (last: Buffer): string => {
    const line = Buffer.concat([...parts, last]).toString('utf8');
    parts = [];
    size = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  const onData = (chunk: Buffer): void => {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const line = chunk.subarray(from, at);
      if (size + line.length > maxBytes) return overflow(line);
      from = at + 1;
      listener.onLine(taken(line));
    }
    const rest = chunk.subarray(from);
    if (size + rest.length > maxBytes) return overflow(rest);
    if (rest.length === 0) return;
    parts.push(rest);
    size += rest.length;
  };
  const overflow = (last: Buffer): void => {
    stream.off('data', onData).resume(); // read and forgotten, so that the writer can end
    listener.onOverflow(taken(last));
  };
  stream.on('data', onData);
  stream.once('end', () => {
    if (size > 0) listener.onRest(taken(Buffer.alloc(0)));
  });
}
