/** V-AUD: no entry of an audit log can be changed, taken out, put in or moved unnoticed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { type AuditEntry, verifyChain } from '../../../reference/audit/chain.ts';
import { auditEventTypes } from '../../../spec/messages/trust/enumerations.ts';
import { event, keeper, logOf } from '../../unit/audit/log.ts';
import { nodeCrypto } from '../../unit/crypto/providers.ts';

const judge = {
  crypto: nodeCrypto,
  publicKey: keeper.key.publicKey,
  must: createMust(),
};

const log = fc
  .array(
    fc.record({
      event: fc.constantFrom(...auditEventTypes, 'device_revoke'),
      actor: fc.string({ maxLength: 20 }),
      action: fc.string({ maxLength: 20 }),
      parameters: fc.dictionary(fc.string({ maxLength: 5 }), fc.integer()),
    }),
    { minLength: 3, maxLength: 8 },
  )
  .map((changes) => logOf(changes.map(event)));

/** The index that a refusal names. */
const badIndex = (entries: readonly AuditEntry[]): string | undefined => {
  const judged = verifyChain(entries, judge);
  return judged.ok ? undefined : judged.error.path;
};

test('X-AUD-01: an honest log verifies to its own head', () =>
  fc.assert(
    fc.property(log, (entries) => {
      const head = entries.at(-1)?.hash;
      expect(verifyChain(entries, judge)).toEqual({
        ok: true,
        value: { length: entries.length, head },
      });
    }),
  ));

test('a changed member is found at its entry', () => {
  const member = fc.constantFrom<keyof AuditEntry>(
    ...(['event_type', 'timestamp', 'actor', 'action', 'target_server', 'result'] as const),
    ...(['evidence_hash', 'sequence', 'previous', 'hash', 'signature', 'event_id'] as const),
  );
  return fc.assert(
    fc.property(log, fc.nat(), member, (entries, pick, name) => {
      const index = pick % entries.length;
      const tampered = entries.map((entry, at) =>
        at === index
          ? { ...entry, [name]: typeof entry[name] === 'number' ? -1 : `${entry[name]}x` }
          : entry,
      );
      expect(badIndex(tampered)).toBe(`/${index}`);
    }),
  );
});

test('a changed member with a recomputed hash is found by the signature', () =>
  fc.assert(
    fc.property(log, fc.nat(), (entries, pick) => {
      const index = pick % entries.length;
      const tampered = entries.map((entry, at) => (at === index ? rehashed(entry) : entry));
      expect(badIndex(tampered)).toBe(`/${index}`);
    }),
  ));

test('X-AUD-01: a deleted entry is found at the one after it', () =>
  fc.assert(
    fc.property(log, fc.nat(), (entries, pick) => {
      const index = pick % (entries.length - 1);
      expect(badIndex(entries.filter((_, at) => at !== index))).toBe(`/${index}`);
    }),
  ));

test('a repeated entry is found at its repetition', () =>
  fc.assert(
    fc.property(log, fc.nat(), (entries, pick) => {
      const index = pick % entries.length;
      const repeated = entries.flatMap((entry, at) => (at === index ? [entry, entry] : [entry]));
      expect(badIndex(repeated)).toBe(`/${index + 1}`);
    }),
  ));

test('two entries that changed places are found at the first of them', () =>
  fc.assert(
    fc.property(log, fc.nat(), fc.nat(), (entries, a, b) => {
      const [low, high] = [a % entries.length, b % entries.length].sort((x, y) => x - y);
      fc.pre(low !== high);
      const moved = entries.map((entry, at) => {
        if (at === low) return entries[high ?? 0] ?? entry;
        return at === high ? (entries[low ?? 0] ?? entry) : entry;
      });
      expect(badIndex(moved)).toBe(`/${low}`);
    }),
  ));

function rehashed(entry: AuditEntry): AuditEntry {
  const { hash: _, ...rest } = { ...entry, action: `${entry.action}!` };
  return { ...rest, hash: nodeCrypto.chainHash(entry.previous, rest) };
}
