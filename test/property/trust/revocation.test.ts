/** Revocations commute: what two servers have processed counts, not in which order (T-REV-11). */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../reference/time.ts';
import { effectAt } from '../../../reference/trust/revocation/revocation-effect.ts';
import type { RevocationRecord } from '../../../reference/trust/revocation/revocation-record.ts';

const names = ['message_relay', 'user_discovery', 'media_relay'];

const records: fc.Arbitrary<RevocationRecord> = fc.record({
  revocationId: fc.uuid({ version: 4 }),
  issuer: fc.constant('acme.example'),
  certificateId: fc.constant('c'),
  subject: fc.constant('bravo.example'),
  revokedBy: fc.constant('acme.example'),
  reason: fc.constantFrom('voluntary', 'compromised_key'),
  scope: fc.constantFrom('full', 'partial', 'conditional'),
  effectiveSeconds: fc.nat(100),
  graceSeconds: fc.nat(50),
  permissions: fc.subarray(names),
  quarantinedUntilSeconds: fc.option(fc.nat(100)),
  hash: fc.constant('A'),
  notAfterSeconds: fc.constant(1000),
  transcript: fc.constant('A'),
  isCleared: fc.boolean(),
  answered: fc.constant('accepted'),
  objections: fc.constant([]),
});

const several = fc.array(records, { maxLength: 5 });
const instants = fc.nat(200).map(seconds);
const severity = { active: 0, suspended: 1, revoked: 2 };

describe('the effect of revocations', () => {
  test('does not depend on their order', () => {
    fc.assert(
      fc.property(
        several.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        instants,
        ([list, shuffled], now) => {
          expect(effectAt(shuffled, now)).toEqual(effectAt(list, now));
        },
      ),
    );
  });

  test('is the same when one of them comes twice', () => {
    fc.assert(
      fc.property(several, instants, (list, now) => {
        expect(effectAt([...list, ...list], now)).toEqual(effectAt(list, now));
      }),
    );
  });

  test('only grows with another one', () => {
    fc.assert(
      fc.property(several, records, instants, (list, one, now) => {
        const [before, after] = [effectAt(list, now), effectAt([...list, one], now)];
        expect(severity[after.status]).toBeGreaterThanOrEqual(severity[before.status]);
        expect([...before.removed].every((name) => after.removed.has(name))).toBe(true);
      }),
    );
  });

  test('once revoked, stays so', () => {
    fc.assert(
      fc.property(several, instants, instants, (list, a, b) => {
        const [earlier, later] = [Math.min(a, b), Math.max(a, b)];
        const unquarantined = list.map((one) => ({ ...one, quarantinedUntilSeconds: null }));
        if (effectAt(unquarantined, earlier).status === 'revoked') {
          expect(effectAt(unquarantined, later).status).toBe('revoked');
        }
      }),
    );
  });
});
