/**
 * What stands in other languages agrees with the vectors. Each is skipped, with its reason in its
 * name, where its language is not installed.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Adapter } from '../adapters/adapter.ts';
import { type Asked, checkVectors } from '../adapters/check.ts';
import { checker, languageAdapters } from '../adapters/languages.ts';
import { startAdapter } from '../adapters/process/process-adapter.ts';
import { createReferenceAdapter } from '../adapters/reference/reference-adapter.ts';
import { readVectorFiles } from '../adapters/vector-files.ts';

const questions: readonly Asked[] = readVectorFiles().flatMap(({ category, vectors }) =>
  vectors.map((vector) => ({ category, vector })),
);
const LIMIT_MS = 600_000;

/** Of every outcome that is not right, the vectors that had it. */
async function broken(adapter: Adapter): Promise<{ wrong: string[]; unsupported: number }> {
  const signal = new AbortController().signal;
  const { judged, fault } = await checkVectors({ adapter, questions, signal, onJudged: () => {} });
  await adapter.close();
  if (fault) throw fault;
  const with_ = (...outcomes: readonly string[]) =>
    judged.filter(({ judgement }) => outcomes.includes(judgement.outcome));
  const wrong = with_('fail', 'error').map(
    ({ vector, judgement }) => `${vector.id}: ${judgement.reason}`,
  );
  return { wrong, unsupported: with_('unsupported').length };
}

describe('every vector', () => {
  test.runIf(questions.length > 0)(
    'is kept by the reference',
    async () => {
      expect((await broken(createReferenceAdapter())).wrong).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('the reference as a process', () => {
  test(
    'answers as it does in this one',
    async () => {
      const launcher = fileURLToPath(new URL('../../bin/launch/run.js', import.meta.url));
      const command = [process.execPath, launcher, 'test/adapters/reference/main.ts'];
      const adapter = await startAdapter({ command, answerMs: LIMIT_MS, startMs: LIMIT_MS });
      expect(adapter.identity.name).toBe('the reference');
      expect((await broken(adapter)).wrong).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('an example to copy', () => {
  test.each(['python/adapter.py', 'go/main.go', 'java/Adapter.java'])(
    '%s has at most a hundred lines',
    (file) => {
      const text = readFileSync(new URL(`../adapters/${file}`, import.meta.url), 'utf8');
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(100);
    },
  );
});

describe('what an adapter supports', () => {
  for (const { name, prepare } of languageAdapters) {
    const readiness = prepare();
    const reason = readiness.kind === 'absent' ? ` (skipped: ${readiness.reason})` : '';
    test.skipIf(readiness.kind === 'absent' || questions.length === 0)(
      `${name} answers rightly${reason}`,
      async () => {
        if (readiness.kind !== 'ready')
          throw new Error('reason' in readiness ? readiness.reason : '');
        const { command } = readiness;
        const adapter = await startAdapter({ command, answerMs: LIMIT_MS, startMs: LIMIT_MS });
        const { wrong, unsupported } = await broken(adapter);
        expect(wrong).toEqual([]);
        if (name !== checker.name) expect(unsupported).toBeLessThan(questions.length);
      },
      LIMIT_MS,
    );
  }
});
