/** Where a person looks there are colours and a progress line; elsewhere there is text. */
import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTerminal } from '../../../bin/terminal.ts';
import { cut, durationText, shortPath, wrap } from '../../../bin/text.ts';

/** Keeps what is written to it. */
function stream(isTTY: boolean): { readonly out: NodeJS.WriteStream; text(): string } {
  let written = '';
  const sink = new Writable({
    write(chunk, _, done) {
      written += String(chunk);
      done();
    },
  });
  const out = Object.assign(sink, { isTTY, columns: isTTY ? 72 : undefined });
  return { out: out as unknown as WriteStream, text: () => written };
}

afterEach(() => vi.unstubAllEnvs());

function environment(changes: { [name: string]: string | undefined }): void {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'TERM']) vi.stubEnv(name, changes[name]);
}

describe('colours', () => {
  test.each<[boolean, { [name: string]: string }, boolean]>([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
  ])('on a terminal: %s, with %j: %s', (isTTY, variables, coloured) => {
    environment(variables);
    const painted = createTerminal(stream(isTTY).out).paint('red', 'text');
    expect(painted).toBe(coloured ? '\u001b[31mtext\u001b[39m' : 'text');
  });
});

describe('the progress line', () => {
  const erase = '\r\u001b[2K';

  test('stays below what is printed, until it is taken away', () => {
    environment({});
    const { out, text } = stream(true);
    const terminal = createTerminal(out);
    terminal.progress('one');
    terminal.print('a verdict');
    terminal.progress('two');
    terminal.progress('');
    terminal.print('the end');
    expect(text()).toBe(`one${erase}a verdict\none${erase}two${erase}the end\n`);
    expect(terminal.columns).toBe(72);
  });

  test('is not there where output is no terminal', () => {
    environment({});
    const { out, text } = stream(false);
    const terminal = createTerminal(out);
    terminal.progress('one');
    terminal.print('a verdict');
    expect(text()).toBe('a verdict\n');
    expect(terminal.interactive).toBe(false);
  });
});

describe('text', () => {
  test('is wrapped at words, with the rest of a paragraph further in', () => {
    expect(wrap('one two three four', 9, '  ')).toEqual(['one two', '  three', '  four']);
    expect(wrap('', 9)).toEqual(['']);
  });

  test('without spaces is broken where the line ends', () => {
    expect(wrap(`a ${'x'.repeat(25)}`, 10)).toEqual(['a', 'xxxxxxxxxx', 'xxxxxxxxxx', 'xxxxx']);
  });

  test('is left alone where there is no width', () => {
    const long = `word ${'x'.repeat(500)} word`;
    expect(wrap(long, Number.POSITIVE_INFINITY, '  ')).toEqual([long]);
  });

  test('of a path loses its middle first, then its end', () => {
    expect(shortPath('client/versions/old', 19)).toBe('client/versions/old');
    expect(shortPath('client/versions/old', 18)).toBe('client/…/old');
    expect(shortPath('client/versions/older-than-that', 16)).toBe('client/…/older-…');
    expect(cut('abc', 2)).toBe('a…');
  });

  test.each([
    [0.4, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [9940, '9.9 s'],
    [72_000, '72 s'],
  ])('of %f ms is %s', (durationMs, text) => {
    expect(durationText(durationMs)).toBe(text);
  });
});
