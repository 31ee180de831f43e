/** What the disk may do to a journal, and what two processes may try. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Row } from '../../../reference/core.ts';
import { DirectoryHeld } from '../../../reference/store/directory-lock.ts';
import { openJournal, StoreFailed } from '../../../reference/store/journal.ts';
import { JournalDamaged } from '../../../reference/store/journal-record.ts';
import { modelOf, rows, sorted } from './rows.ts';

const root = mkdtempSync(join(tmpdir(), 'norc-journal-'));
let count = 0;
const freshDirectory = () => join(root, String(++count));
const fileOf = (directory: string) => join(directory, 'journal.jsonl');
afterAll(() => rmSync(root, { recursive: true }));

function written(...writes: readonly (readonly Row[])[]): string {
  const directory = freshDirectory();
  const store = openJournal(directory);
  for (const changes of writes) store.write(changes);
  store.close();
  return directory;
}

function reopened(directory: string) {
  const reports: string[] = [];
  const store = openJournal(directory, { report: (notice) => reports.push(notice) });
  const found = sorted(store.load());
  store.close();
  return { found, reports };
}

const alice: Row = { table: 'user', key: 'alice', value: { devices: 2 } };
const bob: Row = { table: 'user', key: 'bob', value: { name: 'Bob\n' } };

test('what was written is there after any number of restarts', () =>
  fc.assert(
    fc.property(fc.array(fc.array(rows(), { maxLength: 4 }), { maxLength: 4 }), (lives) => {
      const directory = freshDirectory();
      for (const writes of lives) {
        const store = openJournal(directory, { compactFromBytes: 200 });
        for (const changes of writes) store.write(changes);
        store.close();
      }
      expect(reopened(directory).found).toEqual(modelOf(lives.flat()));
    }),
    { numRuns: 30 },
  ));

test('cut at any byte of the last record, the journal opens with everything before it', () => {
  const directory = written([alice], [bob, { ...alice, value: null }]);
  const whole = readFileSync(fileOf(directory));
  const lastAt = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
  for (let length = lastAt; length < whole.length; length += 1) {
    writeFileSync(fileOf(directory), whole.subarray(0, length));
    const { found, reports } = reopened(directory);
    expect(found).toEqual([alice]);
    expect(reports).toHaveLength(length === lastAt ? 0 : 1);
    expect(statSync(fileOf(directory)).size).toBe(lastAt);
  }
});

test('a last record of which any byte is wrong is cut off', () => {
  const directory = written([alice], [bob]);
  const whole = readFileSync(fileOf(directory));
  const lastAt = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
  for (let at = lastAt; at < whole.length; at += 1) {
    const spoilt = Buffer.from(whole);
    spoilt[at] = (spoilt[at] ?? 0) ^ 1;
    writeFileSync(fileOf(directory), spoilt);
    expect(reopened(directory).found).toEqual([alice]);
  }
});

test('what is written after a torn record was cut off survives', () => {
  const directory = written([alice]);
  const whole = readFileSync(fileOf(directory));
  writeFileSync(fileOf(directory), Buffer.concat([whole, Buffer.from('0123 [["us')]));
  const store = openJournal(directory);
  store.write([bob]);
  store.close();
  expect(reopened(directory)).toEqual({ found: [alice, bob], reports: [] });
});

test('a damaged record before whole ones is refused, not cut off', () => {
  const directory = written([alice], [bob]);
  const whole = readFileSync(fileOf(directory));
  const spoilt = Buffer.from(whole.toString().replace('alice', 'malory'));
  writeFileSync(fileOf(directory), spoilt);
  expect(() => openJournal(directory)).toThrow(JournalDamaged);
  expect(readFileSync(fileOf(directory))).toEqual(spoilt);
  // The refusal has let the directory go.
  writeFileSync(fileOf(directory), whole);
  expect(reopened(directory).found).toEqual([alice, bob]);
});

test('a file that is no journal is refused', () => {
  const directory = written();
  writeFileSync(fileOf(directory), 'my diary');
  expect(() => openJournal(directory)).toThrow(JournalDamaged);
});

test('a journal cut inside its first record starts anew', () => {
  const directory = written();
  const whole = readFileSync(fileOf(directory));
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(fileOf(directory), whole.subarray(0, length));
    expect(reopened(directory).found).toEqual([]);
    expect(readFileSync(fileOf(directory))).toEqual(whole);
  }
});

test('a mostly dead journal shrinks on opening, and keeps what lives', () => {
  const changes = Array.from({ length: 50 }, (_, n): Row[] => [{ ...alice, value: n }]);
  const directory = written(...changes, [bob]);
  const sizeBytes = statSync(fileOf(directory)).size;
  openJournal(directory, { compactFromBytes: 1 }).close();
  expect(statSync(fileOf(directory)).size).toBeLessThan(sizeBytes / 10);
  expect(reopened(directory).found).toEqual([{ ...alice, value: 49 }, bob]);
});

test('a journal that grows while it is open stays in proportion to what lives', () => {
  const directory = freshDirectory();
  const store = openJournal(directory, { compactFromBytes: 100 });
  for (let n = 0; n < 500; n += 1) store.write([{ ...alice, value: n }]);
  expect(statSync(fileOf(directory)).size).toBeLessThan(2000);
  expect(store.load()).toEqual([{ ...alice, value: 499 }]);
  store.close();
});

test('a compaction that was interrupted leaves the old journal', () => {
  const directory = written([alice]);
  writeFileSync(`${fileOf(directory)}.new`, 'half of');
  expect(reopened(directory).found).toEqual([alice]);
  expect(existsSync(`${fileOf(directory)}.new`)).toBe(false);
});

test('a directory is held by one store at a time', () => {
  const directory = freshDirectory();
  const store = openJournal(directory);
  expect(() => openJournal(directory)).toThrow(DirectoryHeld);
  store.close();
  openJournal(directory).close();
});

test('a directory that another process holds is refused until that process is dead', async () => {
  const directory = freshDirectory();
  const journal = new URL('../../../reference/store/journal.ts', import.meta.url);
  const script = `
    const { openJournal } = await import(${JSON.stringify(journal.href)});
    openJournal(${JSON.stringify(directory)}).write([${JSON.stringify(alice)}]);
    console.log('held');
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  await once(holder.stdout, 'data');
  expect(() => openJournal(directory)).toThrow(`held by process ${holder.pid}`);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(reopened(directory).found).toEqual([alice]);
});

test('a lock of an earlier process whose number is in use again is no obstacle', () => {
  const directory = written([alice]);
  for (const holder of [{ pid: process.pid }, { pid: process.ppid, started: 'other boot/1' }, '']) {
    writeFileSync(join(directory, 'lock'), JSON.stringify(holder));
    expect(reopened(directory).found).toEqual([alice]);
  }
});

test('nothing is written to a closed store', () => {
  const store = openJournal(freshDirectory());
  store.close();
  expect(() => store.write([alice])).toThrow(StoreFailed);
});
