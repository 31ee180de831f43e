/** Scripts: what an honest party that comes back does after what was done to it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../../conformance/authority.ts';
import { type InProcessParts, prepareInProcess } from '../../conformance/grounds/in-process.ts';
import { inProcessArena } from '../../fuzz/arena.ts';
import type { Plan } from '../../fuzz/mutation.ts';
import { trustScript } from '../../fuzz/scripts/trust.ts';

let parts: InProcessParts;

beforeAll(async () => {
  parts = await prepareInProcess(await createAuthority());
});

const higher: Plan = [
  {
    ...{ message: 'trust_capabilities', kind: 'replace', hand: 'peer' },
    ...{ path: ['supported_versions'], value: ['2.0'] },
  },
];

describe('a server that has used a higher version', () => {
  test.each(['1.0', '1.1'] as const)('does not step below it (T-CAP-05), at %s', async (at) => {
    const arena = inProcessArena(parts, { at });
    const { finding, crossings } = await arena.play(trustScript, higher);
    await arena.close();
    expect(finding).toBeNull();
    // It has been taken.
    const answers = crossings.filter(({ to }) => to === 'us').map(({ type }) => type);
    expect(answers).toContain('trust_decision');
  });
});
