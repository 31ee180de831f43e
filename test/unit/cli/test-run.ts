/** One run through all that `norc test` does once its subject is known, on a ground without one. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conduct } from '../../../bin/test-run/conduct.ts';
import { createLore } from '../../../bin/test-run/lore.ts';
import { planOf, type TestFlags } from '../../../bin/test-run/options.ts';
import { createMust } from '../../../reference/assert.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import { createNoblePrimitives } from '../../../reference/crypto/noble-primitives.ts';
import type { Case } from '../../conformance/case.ts';
import { type FakeGround, fakeGround, noAuthority } from '../conformance/fake-ground.ts';
import { recordingTerminal } from './recording-terminal.ts';

export const lore = createLore();

/** What commander gives when nothing is said. */
export const flags: TestFlags = {
  ground: 'sockets',
  level: 'may',
  at: '2.0',
  jobs: '1',
  out: 'reports/out',
  seed: 'unit',
};

export interface Conducted {
  readonly code: number;
  readonly text: string;
  readonly progressed: readonly string[];
  /** Where the reports are. */
  readonly out: string;
}

export interface Circumstances {
  readonly flags?: Partial<TestFlags>;
  readonly ground?: FakeGround;
  readonly signal?: AbortSignal;
  readonly columns?: number;
}

export function createOut(): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'norc-cli-test-'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export async function conducted(
  cases: readonly Case[],
  out: string,
  circumstances: Circumstances = {},
): Promise<Conducted> {
  const { columns = Number.POSITIVE_INFINITY } = circumstances;
  const terminal = recordingTerminal(columns);
  const code = await conduct({
    plan: await planOf({ ...flags, out, ...circumstances.flags }, undefined, () => 'seed'),
    cases,
    lore,
    terminal,
    ground: circumstances.ground ?? fakeGround(),
    authority: noAuthority,
    crypto: createCrypto(createNoblePrimitives(), createMust()),
    name: 'nobody',
    signal: circumstances.signal ?? new AbortController().signal,
    startedMs: Date.now(),
  });
  return { code, text: terminal.text(), progressed: terminal.progressed, out };
}
