/** What a revocation does, when, and to whom; and that its order and number do not matter. */
import { describe, expect, test } from 'vitest';
import type { SigningKey } from '../../../reference/crypto/crypto.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { auditsOf, brokenAt, establish, request, revoke, standing, statuses } from './deeds.ts';
import {
  ACME,
  asJson,
  BRAVO,
  createWorld,
  crypto,
  keyFor,
  MALLORY,
  pass,
  type ServerOptions,
  serverOf,
  type World,
} from './pair.ts';

const REVOKED = ['revoked', 'revoked', 'revoked', 'revoked'];
const ACTIVE = ['active', 'active', 'active', 'active'];
const SUSPENDED = ['suspended', 'suspended', 'suspended', 'suspended'];

function trusted(bravo: ServerOptions = {}): World {
  const world = createWorld({ [ACME]: {}, [BRAVO]: bravo, [MALLORY]: {} });
  establish(world);
  return world;
}

interface Terms {
  readonly by?: string;
  readonly key?: SigningKey;
  readonly change?: Partial<TrustRevoke>;
}

/** As acme, the issuer of bravo's certificate, would write it. */
function composed(
  world: World,
  { by = ACME, key = keyFor(by), change = {} }: Terms = {},
): TrustRevoke {
  const now = Math.floor(world.now / 1_000_000);
  const body: Omit<TrustRevoke, 'revocation_signature'> = {
    type: 'trust_revoke',
    revocation_id: '55555555-5555-4555-8555-555555555555',
    revoking_server: by,
    target_server: BRAVO,
    trust_certificate_id: standing(world, BRAVO, ACME).outbound.certificateId ?? '',
    revocation_reason: 'voluntary',
    effective_date: now,
    evidence: [],
    revocation_scope: 'full',
    partial_revocation_permissions: [],
    grace_period: 0,
    notification_recipients: [],
    issued_at: now,
    revocation_sequence: 1,
    prev_revocation_hash: 'A'.repeat(43),
    transcript_hash: crypto.transcript('norc-t-handshake-v1', []),
    ...change,
  };
  const revocation_signature = crypto.sign(key, asJson(body as unknown as NorcMessage));
  return { ...body, revocation_signature };
}

const tell = (world: World, terms: Terms = {}, from = terms.by ?? ACME) =>
  request(world, from, BRAVO, composed(world, terms))?.message;

const atBravo = (world: World) => standing(world, BRAVO, ACME).outbound.status;
const seconds = (world: World) => Math.floor(world.now / 1_000_000);

describe('a full revocation by the issuer', () => {
  test('ends trust both ways on both sides at once', () => {
    const world = trusted();
    revoke(world, ACME, BRAVO);
    expect(statuses(world)).toEqual(REVOKED);
  });

  test('takes effect where it is issued although nobody acknowledges it', () => {
    const world = trusted();
    world.tap = (envelope) => (envelope.message?.type === 'trust_revoke' ? [] : [envelope]);
    revoke(world, ACME, BRAVO);
    expect(statuses(world)).toEqual(['revoked', 'revoked', 'active', 'active']);
    expect(serverOf(world, ACME).told.length).toBeGreaterThan(1);
  });

  test('is pushed until it is acknowledged, and the log says once that it was not', () => {
    const world = trusted();
    world.tap = (envelope) => (envelope.message?.type === 'trust_revoke' ? [] : [envelope]);
    revoke(world, ACME, BRAVO);
    pass(world, 1000);
    const missed = auditsOf(world, ACME).filter(({ action }) =>
      action.includes('not acknowledged'),
    );
    expect(missed).toHaveLength(1);
    world.tap = (envelope) => [envelope];
    pass(world, 400);
    expect(statuses(world)).toEqual(REVOKED);
  });

  test('is acknowledged with a signature over the transcript of the two', () => {
    const world = trusted();
    const sent = composed(world);
    const answer = request(world, ACME, BRAVO, sent)?.message;
    const hash = crypto.transcript('norc-t-handshake-v1', [asJson(sent)]);
    expect(answer).toMatchObject({ acknowledgment_status: 'accepted', transcript_hash: hash });
  });

  test('is written down once on each side', () => {
    const world = trusted();
    revoke(world, ACME, BRAVO);
    for (const server of [ACME, BRAVO]) {
      expect(auditsOf(world, server).filter(({ event }) => event === 'trust_revoked')).toHaveLength(
        1,
      );
    }
  });

  test('outranks expiry', () => {
    const world = trusted();
    revoke(world, ACME, BRAVO);
    pass(world, 91 * 86_400);
    expect(statuses(world)).toEqual(REVOKED);
  });

  test('reaches other servers that trust the issuer', () => {
    const world = trusted();
    establish(world, { from: ACME, to: MALLORY });
    revoke(world, ACME, BRAVO);
    const recipients = world.sent.filter(({ message }) => message?.type === 'trust_revoke');
    expect(recipients.map(({ to }) => to).sort()).toEqual([BRAVO, MALLORY]);
    expect(statuses(world, ACME, MALLORY)).toEqual(ACTIVE);
  });

  test('uncertifies the key of the peer', () => {
    const world = trusted();
    const { layer } = serverOf(world, BRAVO);
    expect(layer.keyOf(ACME)).toBe(keyFor(ACME).publicKey);
    revoke(world, ACME, BRAVO);
    expect(layer.keyOf(ACME)).toBeNull();
  });
});

describe('time', () => {
  test('a revocation in the future pends', () => {
    const world = trusted();
    tell(world, { change: { effective_date: seconds(world) + 100 } });
    expect(atBravo(world)).toBe('active');
    pass(world, 99);
    expect(atBravo(world)).toBe('active');
    pass(world, 1);
    expect(atBravo(world)).toBe('revoked');
    expect(serverOf(world, BRAVO).told.length).toBe(2);
  });

  test.each(['voluntary', 'superseded', 'expired'])('%s may have grace', (revocation_reason) => {
    const world = trusted();
    tell(world, { change: { revocation_reason, grace_period: 100 } });
    expect(atBravo(world)).toBe('suspended');
    pass(world, 100);
    expect(atBravo(world)).toBe('revoked');
  });

  test.each(['compromised_key', 'policy_violation', 'a_new_reason'])(
    '%s has none, whatever it says',
    (revocation_reason) => {
      const world = trusted();
      tell(world, { change: { revocation_reason, grace_period: 100 } });
      expect(atBravo(world)).toBe('revoked');
    },
  );

  test('a build without the guard gives grace for a compromised key', () => {
    const world = trusted({ off: ['T-REV-07'] });
    tell(world, { change: { revocation_reason: 'compromised_key', grace_period: 100 } });
    expect(atBravo(world)).toBe('suspended');
  });

  test('grace lasts a day at most', () => {
    const world = trusted();
    tell(world, { change: { grace_period: 10 * 86_400 } });
    pass(world, 86_400);
    expect(atBravo(world)).toBe('revoked');
  });

  test('nothing new is granted in grace', () => {
    const world = trusted();
    revoke(world, BRAVO, ACME, { gracePeriodSeconds: 7200 });
    // The order bars the peer for an hour; grace lasts longer.
    pass(world, 3601);
    establish(world);
    expect(brokenAt(world, BRAVO)).toEqual(['T-REV-08']);
  });

  test('what was issued in the future is quarantined and the link suspended', () => {
    const world = trusted();
    tell(world, { change: { issued_at: seconds(world) + 301 } });
    expect(atBravo(world)).toBe('suspended');
    pass(world, 1);
    expect(atBravo(world)).toBe('revoked');
  });

  test('T-REV-16: what three peers tell of the time ends a quarantine, and two do not', () => {
    const others = ['oscar.example', 'peggy.example', 'trent.example'];
    const all = [ACME, BRAVO, MALLORY, ...others];
    const world = createWorld(Object.fromEntries(all.map((id) => [id, {}])));
    establish(world);
    for (const from of others) establish(world, { from, to: BRAVO });
    tell(world, { change: { issued_at: seconds(world) + 330 } });
    const statusesAt = others.map((from) => {
      const body = {
        type: 'time_sync' as const,
        server_time: seconds(world) + 45,
        uncertainty_ms: 1000,
        server_id: from,
      };
      const signature = crypto.sign(keyFor(from), body);
      request(world, from, BRAVO, { ...body, signature });
      return atBravo(world);
    });
    expect(statusesAt).toEqual(['suspended', 'suspended', 'revoked']);
  });

  test('a build without the guard applies it at once', () => {
    const world = trusted({ off: ['T-REV-16'] });
    tell(world, { change: { issued_at: seconds(world) + 301 } });
    expect(atBravo(world)).toBe('revoked');
  });
});

describe('scope', () => {
  const partial = { revocation_scope: 'partial' } as const;

  test('partial takes exactly what it names; what nobody knows is passed over', () => {
    const world = trusted();
    const partial_revocation_permissions = ['user_discovery', 'teleport'];
    tell(world, { change: { ...partial, partial_revocation_permissions } });
    expect(atBravo(world)).toBe('active');
    expect([...standing(world, BRAVO, ACME).outbound.permissions]).toEqual(['message_relay']);
    expect(standing(world, BRAVO, ACME).inbound.permissions.size).toBe(2);
  });

  test('conditional suspends, and ends in revocation when nothing clears it', () => {
    const world = trusted();
    tell(world, { change: { revocation_scope: 'conditional', grace_period: 100 } });
    expect(standing(world, BRAVO, ACME).inbound.status).toBe('suspended');
    pass(world, 100);
    expect(atBravo(world)).toBe('revoked');
  });

  test('an operator may revoke in part', () => {
    const world = trusted();
    revoke(world, ACME, BRAVO, { scope: 'partial', permissions: ['user_discovery'] });
    expect([...standing(world, ACME, BRAVO).inbound.permissions]).toEqual(['message_relay']);
    expect([...standing(world, BRAVO, ACME).outbound.permissions]).toEqual(['message_relay']);
    expect(statuses(world)).toEqual(ACTIVE);
  });
});

test('suspension by either certificate is one of the whole link', () => {
  const world = trusted();
  revoke(world, ACME, BRAVO, { scope: 'conditional', gracePeriodSeconds: 100 });
  expect(statuses(world)).toEqual(SUSPENDED);
});
