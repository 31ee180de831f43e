/**
 * The tiers of cryptography tell one story: the same scenario in each of them is the same protocol
 * trace, record for record, but for the bytes of keys, signatures and ciphertexts.
 */
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../bin/sim/library.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { runScenario } from '../../sim/run.ts';
import { type RecordedTrace, rowOf } from '../../sim/trace/divergence.ts';
import type { CryptoTier } from '../../sim/world/world-spec.ts';

const primitives = await createNodePrimitives();
const PATIENCE_MS = 120_000;

/** Every record, without the digest of its bytes. */
function story(name: string, crypto: CryptoTier): readonly object[] {
  const blocks: ArrayBuffer[] = [];
  const sink = (block: ArrayBuffer) => void blocks.push(block);
  const { trace, status } = runScenario(loadScenario(name, { crypto }), { primitives, sink });
  expect(status).toBe('passed');
  const recorded: RecordedTrace = { index: trace, blocks };
  return Array.from({ length: trace.rows }, (_, row) => ({ ...rowOf(recorded, row), digest: '' }));
}

describe.each([
  ...['star-basic', 'clock-skew', 'rolling-upgrade', 'relay-loop', 'revocation-under-crash'],
  // Somebody works on the bytes, which the symbolic tier makes only for them.
  ...['s-17-halves-of-bodies', 's-17-member-said-twice'],
])('%s', (name) => {
  test(
    'is one protocol trace in all tiers',
    () => {
      const real = story(name, 'real');
      expect(real.length).toBeGreaterThan(500);
      expect(story(name, 'memo')).toEqual(real);
      expect(story(name, 'symbolic')).toEqual(real);
    },
    PATIENCE_MS,
  );
});
