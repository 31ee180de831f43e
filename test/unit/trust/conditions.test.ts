/** What deadlines in certificates do, on the side that set them and on the side that must keep them. */
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../reference/config.ts';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { conditionsFor } from '../../../reference/trust/certificate/conditions.ts';
import { settleConditions } from '../../../reference/trust/certificate/deadlines.ts';
import { createGrant } from '../../../reference/trust/certificate/grant.ts';
import { standingOf } from '../../../reference/trust/certificate/relationship.ts';
import type { Scope } from '../../../reference/trust/scope.ts';
import { createState, type Grant } from '../../../reference/trust/state.ts';
import type { ConditionRule } from '../../../reference/trust-policy.ts';
import { levels } from '../../../spec/emitted/registries.ts';
import { exampleOf } from '../../../spec/example.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { messages, type NorcMessage } from '../../../spec/messages.ts';
import { auditsOf, countOf, establish, lastOf, meet, standing, statuses } from './deeds.ts';
import { ACME, BRAVO, createWorld, pass, restart, serverOf, settle, type World } from './pair.ts';
import { readBlob } from './rewrite.ts';

const ACTIVE = ['active', 'active', 'active', 'active'];
const REVOKED = ['revoked', 'revoked', 'revoked', 'revoked'];

const review: ConditionRule = {
  level: 'basic',
  condition: 'security_review',
  withinSeconds: 3600,
  action: 'revoke',
  quarterly: false,
  when: 'always',
};

/** Bravo issues under conditions to acme; nobody renews by itself. */
function trusted(rules: readonly Partial<ConditionRule>[], level = 'basic'): World {
  const conditions = rules.map((rule) => ({ ...review, level, ...rule }));
  const world = createWorld({
    [ACME]: { policy: { autoRenew: false } },
    [BRAVO]: { policy: { autoRenew: false, conditions, certificateSeconds: 300 * 86_400 } },
  });
  establish(world, { mutual: false });
  return world;
}

const held = (world: World) => standing(world, ACME, BRAVO).outbound;
const given = (world: World) => standing(world, BRAVO, ACME).inbound;
const missedAt = (world: World, server: string): number =>
  auditsOf(world, server).filter(({ action }) => action === 'a condition was not met').length;
const lost = (world: World, type: NorcMessage['type']) => {
  world.tap = (envelope) => (envelope.message?.type === type ? [] : [envelope]);
};

/** The room by itself, without the exchange that would bring a certificate of this level. */
function scopeAt(world: World, id: string): Scope & { context: { now: number } } {
  const { config, context, audit } = serverOf(world, id);
  const link = { post() {}, answer() {}, standingChanged() {}, fetchList() {} };
  return { config, link, audit, state: createState(), context };
}

function verifiedGrant(rules: readonly ConditionRule[]): Grant {
  const level = 'verified';
  const now = 1_800_000_000_000_000;
  const policy = { ...defaultPolicy.trust, conditions: rules.map((one) => ({ ...one, level })) };
  const certificate = {
    ...(exampleOf(messages.norc_trust_certificate.json) as JsonObject),
    issuer_server: BRAVO,
    subject_server: ACME,
    trust_level: level,
    permissions: levels[level].permissions,
    not_before: 1_799_999_940,
    not_after: 1_800_999_999,
    extensions: [],
    conditions: conditionsFor(policy, { level, scoreTenths: 1000, now }),
  } as unknown as NorcTrustCertificate;
  const terms = {
    activeFromSeconds: 0,
    mutual: false,
    maxAgeSeconds: 1e7,
    method: 'ca_validation',
  };
  return createGrant(certificate, certificate.permissions, terms);
}

describe('a conditional decision', () => {
  test('says in its own form what the certificate says, and is in force (L-T10, L-T13)', () => {
    const world = trusted([
      {},
      { condition: 'compliance_audit', action: 'notify', quarterly: true },
    ]);
    const decision = lastOf(world, 'trust_decision');
    const [audit] = readBlob(decision.certificate_bundle[0]).conditions.slice(1);
    expect(decision.decision).toBe('conditional');
    expect(decision.trust_conditions).toEqual([
      { condition: 'security_review', deadline: 1_800_003_600, auto_revoke: true },
      {
        condition: 'compliance_audit',
        deadline: 1_800_003_600,
        auto_revoke: false,
        frequency: 'quarterly',
        next_audit: 1_800_003_600,
      },
    ]);
    expect(audit?.parameters).toEqual({ frequency: 'quarterly', next_audit: 1_800_003_600 });
    expect(held(world).status).toBe('active');
  });

  test('is made of a score that only just suffices, where policy says so', () => {
    const narrow = { conditions: [{ ...review, when: 'narrow' }], narrowTenths: 50 };
    for (const [thresholdTenths, expected] of [
      [{ basic: 400 }, 'accept'],
      [{ basic: 440 }, 'conditional'],
    ] as const) {
      const world = createWorld({
        [ACME]: {},
        [BRAVO]: { policy: { ...narrow, thresholdTenths } },
      });
      establish(world);
      const { decision, trust_metadata } = lastOf(world, 'trust_decision');
      expect([decision, trust_metadata.trust_score]).toEqual([expected, 45]);
    }
  });
});

describe('a condition that revokes', () => {
  test('T-COND-01: unmet at its deadline takes the certificate back, on both sides', () => {
    const world = trusted([{}]);
    pass(world, 3599);
    expect([held(world).status, given(world).status]).toEqual(['active', 'active']);
    pass(world, 1);
    expect([held(world).status, given(world).status]).toEqual(['revoked', 'revoked']);
    const { revocation_reason, grace_period, revocation_scope } = lastOf(world, 'trust_revoke');
    expect([revocation_reason, grace_period, revocation_scope]).toEqual([
      'policy_violation',
      0,
      'full',
    ]);
    expect([missedAt(world, ACME), missedAt(world, BRAVO)]).toEqual([1, 1]);
  });

  test('T-COND-01: stops the subject until it is told, when the issuer cannot be heard', () => {
    const world = trusted([{}]);
    lost(world, 'trust_revoke');
    pass(world, 3600);
    expect([held(world).status, given(world).status]).toEqual(['suspended', 'revoked']);
    world.tap = (envelope) => [envelope];
    pass(world, 400);
    expect(held(world).status).toBe('revoked');
  });

  test('T-COND-01: met by an operator does nothing', () => {
    const world = trusted([{}]);
    meet(world, BRAVO, ACME, 'security_review');
    meet(world, ACME, BRAVO, 'security_review', 'held');
    pass(world, 4000);
    expect([held(world).status, given(world).status]).toEqual(['active', 'active']);
    const [met] = auditsOf(world, BRAVO).filter(({ action }) => action === 'a condition was met');
    expect(met?.parameters).toMatchObject({ evidence_hash: expect.stringMatching(/^.{43}$/) });
  });

  test('met at the issuer only is learnt by the subject when it renews', () => {
    const world = createWorld({
      [ACME]: {},
      [BRAVO]: { policy: { conditions: [review] } },
    });
    establish(world, { mutual: false });
    meet(world, BRAVO, ACME, 'security_review');
    pass(world, 3601);
    expect([held(world).status, given(world).status]).toEqual(['active', 'active']);
    expect(lastOf(world, 'trust_renewal').renewal_reason).toBe('early');
  });

  test('T-COND-01: is kept over a restart of either side', () => {
    const world = trusted([{}]);
    for (const server of [ACME, BRAVO]) restart(world, server);
    pass(world, 3600);
    expect([held(world).status, given(world).status]).toEqual(['revoked', 'revoked']);
  });

  test('T-COND-01: of a deadline that went by while the issuer was down is done when it comes back', () => {
    const world = trusted([{}]);
    world.now += 3_700_000_000;
    restart(world, BRAVO);
    settle(world);
    expect(given(world).status).toBe('revoked');
    expect(countOf(world, 'trust_revoke')).toBe(1);
  });

  test('ends mutual trust in both directions', () => {
    const world = createWorld({
      [ACME]: { policy: { autoRenew: false } },
      [BRAVO]: { policy: { autoRenew: false, conditions: [review] } },
    });
    establish(world);
    expect(statuses(world)).toEqual(ACTIVE);
    pass(world, 3600);
    expect(statuses(world)).toEqual(REVOKED);
  });
});

describe('a condition that downgrades', () => {
  test('T-COND-03: from the lowest level revokes', () => {
    const world = trusted([{ action: 'downgrade' }]);
    pass(world, 3600);
    expect([held(world).status, given(world).status]).toEqual(['revoked', 'revoked']);
  });

  test.each([
    ['inbound', BRAVO],
    ['outbound', ACME],
  ] as const)('T-COND-03: lowers level, permissions and limits at once, %s', (direction, self) => {
    const world = createWorld();
    const scope = scopeAt(world, self);
    const peer = self === BRAVO ? ACME : BRAVO;
    const grant = verifiedGrant([{ ...review, action: 'downgrade', withinSeconds: 100 }]);
    const relation = { peer, peerKey: '', inbound: null, outbound: null, live: true };
    scope.state.relations.set(peer, { ...relation, [direction]: grant });
    const before = standingOf(scope.state, peer, direction, scope.context.now);
    expect(before).toMatchObject({ level: 'verified', limits: { maxMessageBytes: 16_777_216 } });
    expect(before.permissions).toContain('file_transfer');
    scope.context.now += 100_000_000;
    settleConditions(scope, peer);
    const after = standingOf(scope.state, peer, direction, scope.context.now);
    expect(after).toMatchObject({ level: 'basic', limits: { maxMessageBytes: 1_048_576 } });
    expect([...after.permissions]).toEqual(['message_relay', 'user_discovery']);
  });
});

describe('a condition that notifies', () => {
  test('T-COND-01: is written down, once, and nothing else happens', () => {
    const world = trusted([{ action: 'notify' }]);
    pass(world, 8000);
    expect([held(world).status, given(world).status]).toEqual(['active', 'active']);
    expect([missedAt(world, ACME), missedAt(world, BRAVO)]).toEqual([1, 1]);
  });
});

describe('a quarterly condition', () => {
  const audit = { condition: 'compliance_audit', quarterly: true, action: 'notify' } as const;

  test('T-COND-02: is due again every 90 days, met or not', () => {
    const world = trusted([audit]);
    pass(world, 3600 + 10);
    expect(missedAt(world, BRAVO)).toBe(1);
    pass(world, limits.quarterSeconds - 20);
    expect(missedAt(world, BRAVO)).toBe(1);
    pass(world, 20);
    expect(missedAt(world, BRAVO)).toBe(2);
  });

  test('T-COND-02: met for one quarter is open for the next, and missed then', () => {
    const world = trusted([{ ...audit, action: 'revoke' }]);
    for (const [by, of, whose] of [
      [BRAVO, ACME, 'issued'],
      [ACME, BRAVO, 'held'],
    ] as const)
      meet(world, by, of, 'compliance_audit', whose);
    pass(world, 3600 + 1000);
    expect([held(world).status, given(world).status]).toEqual(['active', 'active']);
    pass(world, limits.quarterSeconds - 1000);
    expect(given(world).status).toBe('revoked');
  });
});
