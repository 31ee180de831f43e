/** Whatever becomes of a certificate, it goes by the table of profile 2.5, and never gets more. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { seconds } from '../../../reference/time.ts';
import { createGrant } from '../../../reference/trust/certificate/grant.ts';
import { type Course, type Phase, phaseAt } from '../../../reference/trust/certificate/phase.ts';
import { effectAt } from '../../../reference/trust/revocation/revocation-effect.ts';
import type { RevocationRecord } from '../../../reference/trust/revocation/revocation-record.ts';
import type { Grant } from '../../../reference/trust/state.ts';
import { machines } from '../../../spec/emitted/machines.ts';
import { exampleOf } from '../../../spec/example.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { messages } from '../../../spec/messages.ts';

const LASTS = 1000;
const STARTS = 10;

interface Life {
  readonly grant: Grant;
  readonly course: Course;
}

const record = fc.record({
  scope: fc.constantFrom('full', 'partial', 'conditional'),
  effectiveSeconds: fc.integer({ min: STARTS + 1, max: LASTS + 100 }),
  graceSeconds: fc.integer({ min: 0, max: 200 }),
});

const lives: fc.Arbitrary<Life> = fc
  .record({
    records: fc.array(record, { maxLength: 4 }),
    lapses: fc.boolean(),
    lapse: fc.constantFrom('revoked', 'suspended'),
    status: fc.constantFrom('known', 'unknown'),
    succeededAtSeconds: fc.option(fc.integer({ min: STARTS + 1, max: LASTS - 1 })),
  })
  .map(({ records, lapses, lapse, status, succeededAtSeconds }) => {
    const certificate = {
      ...(exampleOf(messages.norc_trust_certificate.json) as JsonObject),
      trust_level: 'basic',
      permissions: ['message_relay', 'user_discovery'],
      not_before: 0,
      not_after: LASTS,
      conditions: [],
    } as unknown as NorcTrustCertificate;
    const terms = { activeFromSeconds: STARTS, mutual: false, maxAgeSeconds: 1e6, method: '' };
    const plain = createGrant(certificate, certificate.permissions, terms);
    const missed = { type: 'security_review', action: 'revoke', isQuarterly: false } as const;
    const conditions = lapses ? [{ ...missed, dueSeconds: null, missed: 1 }] : [];
    const revocations = records.map((one, at) => ({
      ...(one as Pick<RevocationRecord, 'scope' | 'effectiveSeconds' | 'graceSeconds'>),
      ...{ revocationId: `${at}`, issuer: 'i', certificateId: 'c', subject: 's' },
      ...{ revokedBy: 'i', reason: 'voluntary', permissions: ['user_discovery'], hash: '' },
      ...{ quarantinedUntilSeconds: null, isCleared: false },
    })) as unknown as RevocationRecord[];
    const grant = { ...plain, conditions };
    const course: Course = { revocations, lapse, status, succeededAt: null };
    const succeededAt = seconds(succeededAtSeconds ?? 0);
    // There is no renewal of what has ended or is ending (T-REN-02).
    const isRenewable = renewable.has(phaseAt(grant, course, succeededAt));
    const isRenewed = succeededAtSeconds !== null && isRenewable;
    return { grant, course: isRenewed ? { ...course, succeededAt } : course };
  });

const renewable: ReadonlySet<Phase> = new Set(['active', 'expiring', 'restricted', 'suspended']);

/** Phases second by second, each once. Facts that have no date are known from the start on. */
function phasesOf({ grant, course }: Life): Phase[] {
  const phases: Phase[] = ['draft'];
  for (let at = 0; at <= LASTS + 400; at += 1) {
    const isBefore = at <= STARTS;
    const known = isBefore ? { ...course, status: 'known' as const } : course;
    const phase = phaseAt(isBefore ? { ...grant, conditions: [] } : grant, known, seconds(at));
    if (phase !== phases.at(-1)) phases.push(phase);
  }
  return phases;
}

const rows: readonly { from: readonly string[]; to: string }[] =
  machines['trust-certificate'].transitions;

const leads = (from: string, to: string): boolean =>
  rows.some((row) => row.from.includes(from) && row.to === to);

/** Two rows at one instant: a clearing and the renewal lead, a partial revocation and a full one. */
const leadsAtOnce = (from: string, to: string): boolean =>
  leads(from, to) ||
  // Revoked outranks expired, also when it comes later (profile 2.5).
  (from === 'expired' && to === 'revoked') ||
  rows.some((row) => row.from.includes(from) && leads(row.to, to));

describe('the life of a certificate', () => {
  test('goes by the rows of its machine', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const phases = phasesOf(life);
        for (const [at, to] of phases.entries()) {
          const from = phases[at - 1];
          if (from !== undefined) expect(leadsAtOnce(from, to), `${from} → ${to}`).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('has ended for good when it is superseded, expired or revoked', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const phases = phasesOf(life);
        const ended = phases.findIndex((phase) => {
          return (machines['trust-certificate'].final as readonly string[]).includes(phase);
        });
        const after = phases.slice(ended + 1);
        if (ended >= 0) expect(after.filter((phase) => phase !== 'revoked')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('a partial or conditional revocation never gives anything back that another took', () => {
    fc.assert(
      fc.property(lives, fc.nat(LASTS), (life, at) => {
        const all = life.course.revocations;
        const { removed } = effectAt(all, seconds(at));
        for (const one of all) {
          const fewer = effectAt(
            all.filter((other) => other !== one),
            seconds(at),
          );
          for (const name of fewer.removed) expect(removed).toContain(name);
        }
      }),
    );
  });
});
