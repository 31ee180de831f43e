/** With which code a run ends, from what it found (architecture §5), and what it leaves behind. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resultsFault } from '../../../reports/results-schema.ts';
import type { Case } from '../../conformance/case.ts';
import { aCase, breakIt, fakeGround, gone, must } from '../conformance/fake-ground.ts';
import { type Circumstances, conducted, createOut } from './test-run.ts';

const out = createOut();
afterAll(out.remove);

const kept = aCase('wire/kept');
const broken = aCase('wire/broken', { run: async (stage) => breakIt(stage, must) });
const erring = aCase('wire/erring', { run: async () => undefined });
const unplayed = aCase('wire/unplayed', { needs: { restart: true } });
const absent = aCase('wire/absent', { needs: { capability: 'voice' } });

const run = (cases: readonly Case[], circumstances?: Circumstances) =>
  conducted(cases, out.directory, circumstances);

function baseline(...ids: string[]): Circumstances {
  const file = join(out.directory, `known-${ids.length}.yaml`);
  writeFileSync(file, JSON.stringify({ known: ids }));
  return { flags: { baseline: file } };
}

/** The results of the run that wrote last. */
function written() {
  const runs = readdirSync(out.directory).filter((name) => name.includes('T'));
  const last = runs.toSorted().at(-1) ?? '';
  return JSON.parse(readFileSync(join(out.directory, last, 'results.json'), 'utf8'));
}

describe('a run ends with', () => {
  test.each([
    [0, 'all that was judged passed', [kept, unplayed, absent]],
    [1, 'a requirement failed', [kept, broken]],
    [4, 'the suite erred, whatever failed beside', [kept, broken, erring]],
    [5, 'nothing was judged', [unplayed, absent]],
  ])('%i when %s', async (code, _, cases) => {
    expect((await run(cases)).code).toBe(code);
  });

  test('0 when the failures are known', async () => {
    expect((await run([kept, broken], baseline('wire/broken'))).code).toBe(0);
  });

  test('6 when a known failure passes, and names it', async () => {
    const { code, text } = await run([kept, broken], baseline('wire/broken', 'wire/kept'));
    expect(code).toBe(6);
    expect(text).toContain('wire/kept is listed in the baseline and passes');
  });

  test('1 rather than 6 when another fails', async () => {
    expect((await run([kept, broken], baseline('wire/kept'))).code).toBe(1);
  });

  test('3 when the subject dies, with its last words and what was learnt', async () => {
    const dying = aCase('wire/dying', { run: () => Promise.reject(gone()) });
    const { code, text } = await run([kept, dying, broken]);
    expect(code).toBe(3);
    expect(text).toContain('The subject cannot be judged: it has died');
    expect(text).toContain('| last words');
    expect(written().cases).toHaveLength(1);
  });

  test('3 when it does not start', async () => {
    const ground = fakeGround({ starting: () => Promise.reject(gone()) });
    expect((await run([kept], { ground })).code).toBe(3);
    expect((await run([kept], { ground, flags: { dryRun: true } })).code).toBe(3);
  });

  test('130 when it is interrupted, and the reports hold what was learnt', async () => {
    const interruption = new AbortController();
    const stuck = aCase('wire/stuck', {
      run() {
        interruption.abort();
        return new Promise(() => undefined);
      },
    });
    const { code, text } = await run([kept, stuck], { signal: interruption.signal });
    expect(code).toBe(130);
    expect(text).toContain('Stopped before the end');
    const results = written();
    expect(resultsFault(results)).toBeNull();
    expect(results).toMatchObject({ run: { interrupted: true }, cases: [{ id: 'wire/kept' }] });
  });

  test('an error of its own when it is no verdict at all', async () => {
    const ground = fakeGround({ starting: () => Promise.reject(new TypeError('ours')) });
    await expect(run([kept], { ground })).rejects.toThrow(TypeError);
  });
});

test('a dry run starts the subject, says what it is and judges nothing', async () => {
  const ground = fakeGround({ capabilities: ['voice'] });
  const { code, text } = await run([broken], { ground, flags: { dryRun: true } });
  expect(code).toBe(0);
  expect(text).toContain('subject.test speaks 2.0, offers voice');
  expect(ground.started).toHaveLength(1);
  expect(ground.running()).toBe(0);
});
