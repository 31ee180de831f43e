/** A renewal from the window to the successor, and everything that must not come of one. */
import { describe, expect, test } from 'vitest';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import {
  auditsOf,
  bend,
  brokenAt,
  countOf,
  establish,
  lastOf,
  renew,
  request,
  resign,
  revoke,
  standing,
  statuses,
} from './deeds.ts';
import {
  ACME,
  asJson,
  BRAVO,
  createWorld,
  crypto,
  type Envelope,
  keyFor,
  pass,
  restart,
  type ServerOptions,
  serverOf,
  settle,
  type World,
} from './pair.ts';
import { readBlob } from './rewrite.ts';

const DAY = 86_400;
const ACTIVE = ['active', 'active', 'active', 'active'];
const REVOKED = ['revoked', 'revoked', 'revoked', 'revoked'];

/** Acme holds a certificate of bravo's. Nobody renews by itself unless the test says so. */
function trusted(bravo: ServerOptions['policy'] = {}, acme: ServerOptions['policy'] = {}): World {
  const world = createWorld({
    [ACME]: { policy: { autoRenew: false, mutual: false, ...acme } },
    [BRAVO]: { policy: { autoRenew: false, mutual: false, ...bravo } },
  });
  establish(world, { mutual: false });
  return world;
}

const held = (world: World) => standing(world, ACME, BRAVO).outbound;
const given = (world: World) => standing(world, BRAVO, ACME).inbound;
const both = (world: World) => [held(world).status, given(world).status];
const ids = (world: World) => [held(world).certificateId, given(world).certificateId];
const errorOf = (answer: Envelope | undefined): number | undefined =>
  answer?.message && 'error_code' in answer.message ? answer.message.error_code : undefined;

/** T18 as acme would write it, changed and signed again; what bravo answers. */
function ask(world: World, change: Partial<TrustRenewal> = {}, key = keyFor(ACME)) {
  const body: Omit<TrustRenewal, 'renewal_signature'> = {
    type: 'trust_renewal',
    renewal_id: '99999999-9999-4999-8999-999999999999',
    renewing_server: ACME,
    trust_server: BRAVO,
    existing_certificate_id: held(world).certificateId ?? '',
    renewal_reason: 'early',
    requested_trust_level: 'basic',
    changes_requested: [],
    updated_certificates: [],
    compliance_updates: [],
    transcript_hash: crypto.transcript('norc-t-handshake-v1', []),
    ...change,
  };
  const renewal_signature = crypto.sign(key, asJson(body as unknown as NorcMessage));
  const renewal: TrustRenewal = { ...body, renewal_signature };
  return { renewal, answer: request(world, ACME, BRAVO, renewal) };
}

describe('a renewal', () => {
  test('T-REN-03: is asked for when a third of the validity is left, and leaves no gap', () => {
    const world = trusted({ certificateSeconds: 3 * DAY }, { autoRenew: true });
    const [first] = ids(world);
    pass(world, 2 * DAY - 61);
    expect(countOf(world, 'trust_renewal')).toBe(0);
    pass(world, 2);
    expect(lastOf(world, 'trust_renewal').renewal_reason).toBe('scheduled');
    expect(both(world)).toEqual(['active', 'active']);
    const [mine, theirs] = ids(world);
    expect(mine).toBe(theirs);
    expect(mine).not.toBe(first);
    pass(world, 3 * DAY);
    expect(both(world)).toEqual(['active', 'active']);
  });

  test('T-REN-05: is answered by a decision with its id, and closed by an acknowledgment', () => {
    const world = trusted();
    renew(world, ACME, BRAVO);
    const { renewal_id } = lastOf(world, 'trust_renewal');
    expect(lastOf(world, 'trust_decision').request_id).toBe(renewal_id);
    expect(lastOf(world, 'trust_acknowledgment').request_id).toBe(renewal_id);
    expect(countOf(world, 'trust_challenge')).toBe(1);
  });

  test('T-AUD-03: is one event on each side', () => {
    const world = trusted();
    renew(world, ACME, BRAVO);
    for (const server of [ACME, BRAVO]) {
      const renewed = auditsOf(world, server).filter(({ event }) => event === 'trust_renewed');
      expect(renewed).toHaveLength(1);
    }
  });

  test('of both directions of mutual trust keeps both in force', () => {
    const world = createWorld({
      [ACME]: { policy: { certificateSeconds: 3 * DAY } },
      [BRAVO]: { policy: { certificateSeconds: 3 * DAY } },
    });
    establish(world);
    for (let day = 0; day < 12; day += 1) {
      pass(world, DAY);
      expect(statuses(world), `day ${day}`).toEqual(ACTIVE);
    }
    expect(countOf(world, 'trust_renewal')).toBeGreaterThan(4);
  });

  test('T-REN-05: repeated is answered with the same decision; changed under its id, with 5817', () => {
    const world = trusted();
    const first = ask(world);
    expect(first.answer?.message?.type).toBe('trust_decision');
    const again = request(world, ACME, BRAVO, first.renewal);
    expect(again?.message).toEqual(first.answer?.message);
    expect(errorOf(ask(world, { renewal_reason: 'security_update' }).answer)).toBe(5817);
  });

  test('keeps what is still open of the conditions, and drops that of being renewed', () => {
    const rule = { level: 'basic', withinSeconds: DAY, action: 'notify', quarterly: false };
    const conditions = ['certificate_renewal', 'security_review'].map((condition) => {
      return { ...rule, condition, when: 'always' };
    });
    const world = trusted({ conditions });
    renew(world, ACME, BRAVO);
    const successor = readBlob(lastOf(world, 'trust_decision').certificate_bundle[0]);
    expect(successor.conditions.map((one) => one.condition_type)).toEqual(['security_review']);
  });
});

describe('an issuer refuses', () => {
  const cases: [string, number, (world: World) => Parameters<typeof ask>[1]][] = [
    ['T-REN-01: another certificate', 5811, () => ({ existing_certificate_id: UUID })],
    ['T-REN-01: another server in its name', 5802, () => ({ renewing_server: BRAVO })],
    ['T-REN-03: scheduled before its time', 5814, () => ({ renewal_reason: 'scheduled' })],
    ['T-LVL-06: a higher level', 5814, () => ({ requested_trust_level: 'verified' })],
    ['T-LVL-02: untrusted', 5808, () => ({ requested_trust_level: 'untrusted' })],
    [
      'T-REN-04: an old value that is not the present one',
      5814,
      () => ({ changes_requested: [rate({ old_value: 499 })] }),
    ],
    [
      'T-REN-04: a change without a reason',
      5814,
      () => ({ changes_requested: [rate({ justification: ' ' })] }),
    ],
    [
      'T-REN-04: a permission beyond the level',
      5814,
      () => ({
        changes_requested: [
          { change_type: 'add_permission', permission: 'media_relay', justification: 'why not' },
        ],
      }),
    ],
    [
      'T-REN-06: a new key that has not signed',
      5802,
      () => ({ new_public_key: keyFor(ACME, 9).publicKey }),
    ],
  ];

  test.each(cases)('%s with %i, and the old one stays', (_, code, change) => {
    const world = trusted();
    const before = ids(world);
    expect(errorOf(ask(world, change(world)).answer)).toBe(code);
    expect([ids(world), both(world)]).toEqual([before, ['active', 'active']]);
  });

  test('T-REN-01: a signature by another key with 5802', () => {
    const world = trusted();
    expect(errorOf(ask(world, {}, keyFor(ACME, 3)).answer)).toBe(5802);
  });

  test('T-REN-02: what is not renewable with 5814, revoked with 5003, expired with 5002', () => {
    expect(errorOf(ask(trusted({ renewable: false })).answer)).toBe(5814);
    const revoked = trusted();
    revoke(revoked, BRAVO, ACME, { reason: 'policy_violation' });
    expect(errorOf(ask(revoked).answer)).toBe(5003);
    const expired = trusted({ certificateSeconds: 100 });
    pass(expired, 100);
    expect(errorOf(ask(expired).answer)).toBe(5002);
  });

  test('T-REV-08: in the grace of a revocation with 5814', () => {
    const world = trusted();
    revoke(world, BRAVO, ACME, { gracePeriodSeconds: 1000 });
    expect(errorOf(ask(world).answer)).toBe(5814);
  });
});

const UUID = '77777777-7777-4777-8777-777777777777';

function rate(change: object): TrustRenewal['changes_requested'][number] {
  return {
    change_type: 'update_rate_limit',
    parameter: 'messages_per_second',
    old_value: 500,
    new_value: 900,
    justification: 'more users',
    ...change,
  };
}

describe('more scope', () => {
  test('T-REN-04: takes a challenge first, and its proof', () => {
    const world = trusted();
    renew(world, ACME, BRAVO, { messagesPerSecond: 900 });
    expect(countOf(world, 'trust_challenge')).toBe(2);
    expect(held(world).limits.messagesPerSecond).toBe(900);
    expect(given(world).limits.messagesPerSecond).toBe(900);
    expect(ids(world)[0]).toBe(ids(world)[1]);
  });

  test('T-REN-04: is not given where the domain does not prove itself', () => {
    const world = trusted();
    world.dns = 'failure';
    renew(world, ACME, BRAVO, { messagesPerSecond: 900 });
    expect(brokenAt(world, BRAVO)).toContain('T-RESP-04');
    expect([held(world).limits.messagesPerSecond, both(world)]).toEqual([
      500,
      ['active', 'active'],
    ]);
  });

  test('T-REN-04: gives back what a partial revocation took, and only when asked', () => {
    const world = trusted();
    revoke(world, BRAVO, ACME, { scope: 'partial', permissions: ['user_discovery'] });
    renew(world, ACME, BRAVO);
    expect([...given(world).permissions]).toEqual(['message_relay']);
    pass(world, 301);
    renew(world, ACME, BRAVO, { permissions: ['user_discovery'] });
    expect([...held(world).permissions]).toEqual(['message_relay', 'user_discovery']);
  });

  test('less of it needs none', () => {
    const world = trusted();
    renew(world, ACME, BRAVO, { messagesPerSecond: 100 });
    expect(countOf(world, 'trust_challenge')).toBe(1);
    expect(given(world).limits.messagesPerSecond).toBe(100);
  });

  test('T-REN-06: a new key that proves itself is challenged under that key', () => {
    const world = trusted();
    const fresh = keyFor(ACME, 9);
    const proof = {
      type: 'renewal_key_proof',
      renewal_id: '99999999-9999-4999-8999-999999999999',
      renewing_server: ACME,
      trust_server: BRAVO,
      existing_certificate_id: held(world).certificateId ?? '',
      new_public_key: fresh.publicKey,
    };
    const { answer } = ask(world, {
      new_public_key: fresh.publicKey,
      new_key_signature: crypto.sign(fresh, proof),
    });
    const challenge = answer?.message;
    if (challenge?.type !== 'trust_challenge') throw new Error('no challenge');
    const [task] = challenge.challenges;
    if (task?.type !== 'domain_ownership') throw new Error('no domain task');
    const value = crypto.domainValue({
      requester: ACME,
      challenger: BRAVO,
      requestId: challenge.request_id,
      challengeId: challenge.challenge_id,
      publicKey: fresh.publicKey,
      nonce: task.nonce ?? '',
    });
    expect(task.expected_value).toBe(value);
  });
});

describe('a subject does not take', () => {
  const bends: [string, (world: World) => void][] = [
    [
      'T-DEC-02: a higher level',
      (world) =>
        bend(
          world,
          'trust_decision',
          (m) => ({ ...m, granted_trust_level: 'verified' }),
          'decision_signature',
        ),
    ],
    [
      'T-DEC-03: a decision of another',
      (world) =>
        bend(world, 'trust_decision', (m) => ({ ...m, mutual_trust_required: true }), null),
    ],
    [
      'T-REN-05: a decision under another id',
      (world) =>
        bend(world, 'trust_decision', (m) => ({ ...m, request_id: UUID }), 'decision_signature'),
    ],
  ];

  test.each(bends)('%s, and keeps the old one', (_, arrange) => {
    const world = trusted();
    const [before] = ids(world);
    arrange(world);
    renew(world, ACME, BRAVO);
    expect([held(world).certificateId, both(world)]).toEqual([before, ['active', 'active']]);
  });

  test('a rejection, and asks again an hour later', () => {
    const world = trusted({ certificateSeconds: 3 * DAY }, { autoRenew: true });
    world.tap = (envelope) =>
      envelope.message?.type === 'trust_renewal' && envelope.kind === 'request'
        ? [{ ...envelope, message: resigned(envelope.message, { existing_certificate_id: UUID }) }]
        : [envelope];
    pass(world, 2 * DAY);
    expect(countOf(world, 'trust_renewal')).toBe(1);
    world.tap = (envelope) => [envelope];
    pass(world, 3601);
    expect(countOf(world, 'trust_renewal')).toBe(2);
    expect(both(world)).toEqual(['active', 'active']);
  });
});

const resigned = (message: NorcMessage, change: object): NorcMessage =>
  resign(keyFor(ACME), { ...message, ...change } as NorcMessage, 'renewal_signature');

describe('on the way', () => {
  const types = ['trust_renewal', 'trust_decision', 'trust_acknowledgment'] as const;

  test.each(types)('T-REN-05: a lost %s is made up for', (type) => {
    const world = trusted();
    let left = 1;
    world.tap = (envelope) => {
      if (envelope.message?.type !== type || left === 0) return [envelope];
      left -= 1;
      return [];
    };
    renew(world, ACME, BRAVO);
    pass(world, 400);
    expect(new Set(ids(world)).size).toBe(1);
    expect(both(world)).toEqual(['active', 'active']);
  });

  test('T-REN-05: five minutes of silence, and it is sent again under the same id', () => {
    const world = trusted();
    world.tap = (envelope) => (envelope.message?.type === 'trust_renewal' ? [] : [envelope]);
    renew(world, ACME, BRAVO);
    const { renewal_id } = lastOf(world, 'trust_renewal');
    pass(world, 700);
    expect(countOf(world, 'trust_renewal')).toBeGreaterThan(2);
    world.tap = (envelope) => [envelope];
    pass(world, 700);
    expect(lastOf(world, 'trust_decision').request_id).toBe(renewal_id);
    expect(new Set(ids(world)).size).toBe(1);
  });

  test('T-ACK-03: a successor that is never acknowledged is taken back, and the old one goes on', () => {
    const world = trusted();
    const before = ids(world);
    world.tap = (envelope) => (envelope.message?.type === 'trust_acknowledgment' ? [] : [envelope]);
    renew(world, ACME, BRAVO);
    expect(both(world)).toEqual(['active', 'active']);
    pass(world, 301);
    expect([ids(world), both(world)]).toEqual([before, ['active', 'active']]);
    world.tap = (envelope) => [envelope];
    pass(world, 3700);
    expect([ids(world), both(world)]).toEqual([before, ['active', 'active']]);
    renew(world, ACME, BRAVO);
    expect(ids(world)).not.toEqual(before);
    expect(both(world)).toEqual(['active', 'active']);
  });

  const moments = types.flatMap((type) => [ACME, BRAVO].map((server) => ({ type, server })));

  test.each(moments)('a restart of $server while $type is on its way loses nothing', (moment) => {
    const world = trusted();
    let done = false;
    world.tap = (envelope) => {
      if (done || envelope.message?.type !== moment.type) return [envelope];
      done = true;
      restart(world, moment.server);
      return envelope.kind === 'answer' && envelope.to === moment.server ? [] : [envelope];
    };
    renew(world, ACME, BRAVO);
    pass(world, 1000);
    expect(new Set(ids(world)).size).toBe(1);
    expect(both(world)).toEqual(['active', 'active']);
  });
});

describe('a revocation beside a renewal (S-24)', () => {
  const types = ['trust_renewal', 'trust_decision', 'trust_acknowledgment'] as const;

  test.each(types)('T-REV-04: of the issuer while %s is on its way ends trust', (type) => {
    const world = trusted();
    world.tap = (envelope) => {
      if (envelope.message?.type !== type) return [envelope];
      world.tap = (one) => [one];
      revokeNow(world);
      return [envelope];
    };
    renew(world, ACME, BRAVO);
    pass(world, 1000);
    expect(both(world)).toEqual(['revoked', 'revoked']);
  });

  test.each(types)('T-REV-05: a partial one while %s is on its way is not undone', (type) => {
    const world = trusted();
    world.tap = (envelope) => {
      if (envelope.message?.type !== type) return [envelope];
      world.tap = (one) => [one];
      revokeNow(world, { scope: 'partial', permissions: ['user_discovery'] });
      return [envelope];
    };
    renew(world, ACME, BRAVO);
    pass(world, 1000);
    expect(both(world)).toEqual(['active', 'active']);
    expect([...held(world).permissions]).toEqual(['message_relay']);
    expect([...given(world).permissions]).toEqual(['message_relay']);
  });

  test('of the old certificate that comes late ends the new one too', () => {
    const world = trusted();
    const late: Envelope[] = [];
    world.tap = (envelope) => {
      if (envelope.message?.type !== 'trust_revoke') return [envelope];
      late.push(envelope);
      return [];
    };
    revokeNow(world);
    expect(both(world)).toEqual(['active', 'revoked']);
    world.tap = (envelope) => [envelope];
    pass(world, 100);
    expect(both(world)).toEqual(['revoked', 'revoked']);
  });
});

/** In the midst of a delivery: what it sends is delivered after it. */
function revokeNow(world: World, order: { scope?: string; permissions?: string[] } = {}): void {
  const { layer, context } = serverOf(world, BRAVO);
  const full = { reason: 'policy_violation', scope: 'full', permissions: [], ...order };
  layer.revoke({ server: ACME, gracePeriodSeconds: 0, ...full }, context);
}

test('mutual trust that is revoked has no renewal', () => {
  const world = createWorld();
  establish(world);
  revoke(world, BRAVO, ACME);
  renew(world, ACME, BRAVO);
  expect(countOf(world, 'trust_renewal')).toBe(0);
  settle(world);
  expect(statuses(world)).toEqual(REVOKED);
});
