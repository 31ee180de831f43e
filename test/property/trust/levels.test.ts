/** Laws of the level tables (profile 5.4) and of what evidence amounts to under them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../reference/time.ts';
import { assess, type Dossier } from '../../../reference/trust/evidence/assessment.ts';
import {
  acceptsAuthority,
  needsBackgroundCheck,
  needsHybrid,
  rankOf,
  reaches,
  standardsFor,
  thresholdTenths,
} from '../../../reference/trust/policy.ts';
import { defaultTrustPolicy } from '../../../reference/trust-policy.ts';
import {
  levelNames,
  levels,
  methodNames,
  permissionNames,
} from '../../../spec/emitted/registries.ts';
import {
  caTypes,
  complianceStandards,
  securityClearances,
} from '../../../spec/messages/trust/enumerations.ts';

const AT = 1_800_000_000;
const grantable = levelNames.filter((name) => levels[name].grantable);
const level = fc.constantFrom(...levelNames);

const keys = fc.record({
  algorithm: fc.constantFrom('ed25519', 'ecdsa_p256', 'rsa', 'other'),
  bits: fc.constantFrom(256, 1024, 2048, 3072, 4096),
});
const around = fc.integer({ min: AT - 200_000_000, max: AT + 200_000_000 });
const dossiers: fc.Arbitrary<Dossier> = fc.record({
  at: fc.constant(seconds(AT)),
  method: fc.constantFrom(...methodNames),
  chain: fc.option(
    fc.record({
      authority: fc.constantFrom(...caTypes),
      keys: fc.array(keys, { minLength: 1, maxLength: 3 }),
      expiresAtSeconds: around,
    }),
  ),
  ocspGood: fc.boolean(),
  transparencyProven: fc.boolean(),
  domainObservedAtSeconds: fc.option(fc.integer({ min: AT - 200_000, max: AT })),
  signedStatements: fc.nat(3),
  recommendationThousandths: fc.nat(1000),
  attestations: fc.array(
    fc.record({
      standard: fc.constantFrom(...complianceStandards, 'iso_27001'),
      expiresAtSeconds: around,
    }),
    { maxLength: 5 },
  ),
  revocationsForCause: fc.nat(4),
  trustedSinceSeconds: fc.option(fc.integer({ min: AT - 20_000_000, max: AT })),
  clearance: fc.option(
    fc.record({ held: fc.constantFrom(...securityClearances), adjudicatedAtSeconds: around }),
  ),
  hybridLink: fc.boolean(),
});

const everything: Dossier = {
  at: seconds(AT),
  method: 'government_pki',
  chain: {
    authority: 'nato_ca',
    keys: [{ algorithm: 'ed25519', bits: 256 }],
    expiresAtSeconds: AT + 100_000_000,
  },
  ocspGood: true,
  transparencyProven: true,
  domainObservedAtSeconds: AT,
  signedStatements: 1,
  recommendationThousandths: 1000,
  attestations: complianceStandards.map((standard) => ({ standard, expiresAtSeconds: AT + 1 })),
  revocationsForCause: 0,
  trustedSinceSeconds: AT - 90 * 86_400,
  clearance: { held: 'top_secret', adjudicatedAtSeconds: AT - 1 },
  hybridLink: true,
};

const reachedBy = (change: Partial<Dossier>) => assess({ ...everything, ...change }).reached;

describe('levels', () => {
  test('T-LVL-01: are totally ordered, and what is no level is below all', () => {
    expect([...levelNames].sort((a, b) => rankOf(a) - rankOf(b))).toEqual([
      'untrusted',
      'basic',
      'verified',
      'classified',
      'nato',
    ]);
    fc.assert(
      fc.property(level, level, level, (a, b, c) => {
        const isBelow = (x: string, y: string) => rankOf(x) <= rankOf(y);
        expect(isBelow(a, b) || isBelow(b, a)).toBe(true);
        if (isBelow(a, b) && isBelow(b, a)) expect(a).toBe(b);
        if (isBelow(a, b) && isBelow(b, c)) expect(isBelow(a, c)).toBe(true);
        expect(rankOf('strong')).toBeLessThan(rankOf(a));
      }),
    );
  });

  test('T-LVL-03: ask no less than those below, in every column, and give no less', () => {
    for (const [at, high] of grantable.entries()) {
      for (const low of grantable.slice(0, at)) {
        const isIn = (list: readonly string[]) => (item: string) => list.includes(item);
        expect(levels[high].caTypes.every(isIn(levels[low].caTypes))).toBe(true);
        expect(standardsFor(low).every(isIn(standardsFor(high)))).toBe(true);
        expect(levels[low].permissions.every(isIn(levels[high].permissions))).toBe(true);
        expect(!needsBackgroundCheck(low) || needsBackgroundCheck(high)).toBe(true);
        expect(!needsHybrid(low) || needsHybrid(high)).toBe(true);
        expect(thresholdTenths(defaultTrustPolicy, high)).toBeGreaterThan(
          thresholdTenths(defaultTrustPolicy, low),
        );
      }
    }
    expect(levels.nato.permissions).toHaveLength(permissionNames.length);
  });

  test('T-LVL-05: are reached by a method up to its cap, nato with its own authority only', () => {
    const reach = (method: string, authority: string) =>
      levelNames.filter((name) => name !== 'untrusted' && reaches(method, name, authority)).at(-1);
    expect(methodNames.map((method) => reach(method, 'commercial_ca'))).toEqual([
      'basic',
      'verified',
      'basic',
      'classified',
      'classified',
    ]);
    expect(reach('government_pki', 'nato_ca')).toBe('nato');
    expect(reach('manual_verification', 'nato_ca')).toBe('classified');
    expect(reaches('carrier_pigeon', 'basic', null)).toBe(false);
  });

  test('T-GOV-03: from classified on have a government or the alliance behind them', () => {
    expect(caTypes.filter((kind) => acceptsAuthority('classified', kind))).toEqual([
      'government_ca',
      'nato_ca',
    ]);
    expect(caTypes.filter((kind) => acceptsAuthority('nato', kind))).toEqual(['nato_ca']);
  });

  test('T-SCORE-04: have thresholds that policy raises and never lowers', () => {
    const policy = (tenths: number) => ({
      ...defaultTrustPolicy,
      thresholdTenths: { verified: tenths },
    });
    expect(grantable.map((name) => thresholdTenths(policy(0), name))).toEqual([400, 700, 850, 950]);
    expect(thresholdTenths(policy(800), 'verified')).toBe(800);
    expect(thresholdTenths(policy(0), 'strong')).toBe(1000);
  });
});

describe('evidence', () => {
  test('of everything reaches nato, and without any one of it does not', () => {
    expect(reachedBy({})).toBe('nato');
    for (const missing of [
      { method: 'manual_verification' },
      { chain: null },
      { ocspGood: false },
      { transparencyProven: false },
      { domainObservedAtSeconds: null },
      { signedStatements: 0 },
      { attestations: everything.attestations.slice(1) },
      { trustedSinceSeconds: null },
      { clearance: null },
      { hybridLink: false },
    ] satisfies Partial<Dossier>[]) {
      expect(reachedBy(missing), JSON.stringify(missing)).not.toBe('nato');
    }
  });

  test('T-SCORE-04: reaches a level at its threshold and not a tenth below', () => {
    // History counts in steps of a thousandth: a tenth of the score is ten of them.
    const since = (thousandths: number) => AT - Math.ceil((thousandths * 90 * 86_400) / 1000);
    const verified = {
      ...everything,
      method: 'ca_validation',
      signedStatements: 0,
      attestations: [],
    };
    // 30 + 15 + 15 and full history are 70.0.
    const at70 = assess({ ...verified, trustedSinceSeconds: since(1000) });
    const below70 = assess({ ...verified, trustedSinceSeconds: since(998) });
    expect([at70.scoreTenths, at70.reached]).toEqual([700, 'verified']);
    expect([below70.scoreTenths, below70.reached]).toEqual([699, 'basic']);
    // 30 + 15 + 20 + 13.5 (the leaf ends soon) + 10 are 88.5 without history.
    const classified = { ...everything, chain: { ...chainOf(), expiresAtSeconds: AT + 86_400 } };
    const all = assess({ ...classified, trustedSinceSeconds: null });
    expect([all.scoreTenths, all.reached]).toEqual([885, 'classified']);
    const without = { ...classified, signedStatements: 0 };
    const at85 = { ...without, method: 'web_of_trust', recommendationThousandths: 825 };
    expect(assess({ ...at85, trustedSinceSeconds: null }).scoreTenths).toBe(850);
    const below85 = { ...at85, recommendationThousandths: 820 };
    expect(assess({ ...below85, trustedSinceSeconds: null }).scoreTenths).toBe(849);
  });

  test('T-LVL-03: that reaches a level reaches all below it', () => {
    fc.assert(
      fc.property(dossiers, (dossier) => {
        const reached = assess(dossier).levels.map((line) => line.reached);
        expect(reached).toEqual([...reached].sort((a, b) => Number(b) - Number(a)));
      }),
      { numRuns: 1000 },
    );
  });

  test('T-PIPE-02: that fails a gate reaches nothing behind it, whatever its score', () => {
    fc.assert(
      fc.property(dossiers, (dossier) => {
        for (const { gates, reached, enoughScore } of assess(dossier).levels) {
          expect(reached).toBe(enoughScore && gates.every(({ passed }) => passed));
        }
      }),
    );
  });

  test('T-SCORE-07: reaches no more than its method does', () => {
    fc.assert(
      fc.property(dossiers, (dossier) => {
        const { reached } = assess(dossier);
        if (reached === 'untrusted') return;
        expect(reaches(dossier.method, reached, dossier.chain?.authority ?? '')).toBe(true);
      }),
    );
  });

  test('what is said to raise it does raise it', () => {
    fc.assert(
      fc.property(dossiers, (dossier) => {
        const { raise, scoreTenths } = assess(dossier);
        if (raise === null || raise.missingTenths === 0) return;
        expect(raise.sets.length).toBeGreaterThan(0);
        for (const set of raise.sets) {
          expect(set.scoreTenths).toBeGreaterThanOrEqual(scoreTenths + raise.missingTenths);
        }
      }),
    );
  });

  test('T-REQ-09: of an unknown or expired standard counts for nothing', () => {
    const gone = [
      { standard: 'iso_27001', expiresAtSeconds: AT + 1 },
      { standard: 'fips_140_2', expiresAtSeconds: AT },
    ];
    const of = (attestations: Dossier['attestations']) => assess({ ...everything, attestations });
    expect(of(gone).scoreTenths).toBe(of([]).scoreTenths);
    expect(of([{ standard: 'fips_140_2', expiresAtSeconds: AT + 1 }]).scoreTenths).toBe(1000);
  });
});

function chainOf(): NonNullable<Dossier['chain']> {
  const { chain } = everything;
  if (chain === null) throw new Error('there is one');
  return chain;
}
