/** The master's trust_revoke, which names a server: what it does, to which certificates, and how often. */
import { describe, expect, test } from 'vitest';
import type { JsonObject, SigningKey } from '../../../reference/crypto/crypto.ts';
import type { MasterTrustRevoke } from '../../../spec/messages/trust/master-forms.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { auditsOf, brokenAt, establish, renew, standing, statuses } from './deeds.ts';
import {
  ACME,
  BRAVO,
  createWorld,
  crypto,
  type Inner,
  keyFor,
  MALLORY,
  originOf,
  pass,
  present,
  restart,
  serverOf,
  settle,
  type World,
} from './pair.ts';

const DAY = 86_400;
const published = { versions: ['1.0'] };
const ACTIVE = ['active', 'active', 'active', 'active'];
const REVOKED = ['revoked', 'revoked', 'revoked', 'revoked'];

function trusted(versions: { versions: string[] } = published): World {
  const policy = { autoRenew: false };
  const world = createWorld({
    [ACME]: { ...versions, policy },
    [BRAVO]: { ...versions, policy },
    [MALLORY]: versions,
  });
  establish(world);
  return world;
}

function composed(world: World, key: SigningKey, change: Partial<MasterTrustRevoke> = {}) {
  const body = {
    type: 'trust_revoke' as const,
    revoked_server: BRAVO,
    reason: 'policy',
    effective_date: Math.floor(world.now / 1_000_000),
    ...change,
  };
  return { ...body, signature: crypto.sign(key, body as unknown as JsonObject) };
}

/** What `to` answers when `from` posts it. */
function tell(
  world: World,
  { from = ACME, to = BRAVO }: { from?: string; to?: string },
  message: MasterTrustRevoke,
): NorcMessage | null | undefined {
  const inner = world as Inner;
  inner.counter += 1;
  const exchange = `x${inner.counter}`;
  inner.posted.set(exchange, { from, to, message: message as unknown as NorcMessage });
  const { layer, context } = present(world, to);
  // The one who asks is the test, not the layer of `from`.
  const kept = world.tap;
  world.tap = (envelope) =>
    envelope.exchange === exchange ? [{ ...envelope, message: null }] : kept(envelope);
  layer.receive(message, originOf(world, from, exchange), context);
  settle(world);
  world.tap = kept;
  return world.sent.find((one) => one.exchange === exchange && one.kind === 'answer')?.message;
}

const revocations = (world: World, at = BRAVO) =>
  auditsOf(world, at).filter(({ event }) => event === 'trust_revoked');

describe("the master's form of a revocation", () => {
  test('takes in a certificate and the one before it, and is written down for each', () => {
    const world = trusted();
    renew(world, BRAVO, ACME);
    const { outbound } = standing(world, BRAVO, ACME);
    const answer = tell(world, {}, composed(world, keyFor(ACME)));
    expect(answer).toMatchObject({ acknowledgment_status: 'accepted' });
    expect(standing(world, BRAVO, ACME).outbound).toMatchObject({
      status: 'revoked',
      certificateId: outbound.certificateId,
    });
    expect(revocations(world)).toHaveLength(2);
    restart(world, BRAVO);
    expect(standing(world, BRAVO, ACME).outbound.status).toBe('revoked');
  });

  test('T-REV-11: counts once, however often it comes', () => {
    const world = trusted();
    const message = composed(world, keyFor(ACME));
    const answers = [1, 2, 3].map(() => tell(world, {}, message));
    const ids = answers.map(
      (answer) => answer && 'revocation_id' in answer && answer.revocation_id,
    );
    expect(new Set(ids).size).toBe(1);
    expect(revocations(world)).toHaveLength(1);
  });

  test('T-REV-03: waits for a date that is ahead', () => {
    const world = trusted();
    const effective_date = Math.floor(world.now / 1_000_000) + DAY;
    tell(world, {}, composed(world, keyFor(ACME), { effective_date }));
    expect(standing(world, BRAVO, ACME).outbound.status).toBe('active');
    pass(world, DAY + 1);
    expect(standing(world, BRAVO, ACME).outbound.status).toBe('revoked');
  });

  test('by the subject ends what we have issued to it, and bars its key when it was compromised', () => {
    const world = trusted();
    const message = composed(world, keyFor(ACME), { revoked_server: ACME, reason: 'compromised' });
    tell(world, {}, message);
    expect(standing(world, BRAVO, ACME).inbound.status).toBe('revoked');
    expect(serverOf(world, BRAVO).layer.isBanned(keyFor(ACME).publicKey)).toBe(true);
  });

  test('of a server that we know nothing of is acknowledged and leaves nothing behind', () => {
    const world = trusted();
    const rows = serverOf(world, BRAVO).store.load().length;
    const revoked_server = 'nobody.example';
    const answer = tell(world, {}, composed(world, keyFor(ACME), { revoked_server }));
    expect(answer).toMatchObject({ acknowledgment_status: 'accepted', cleanup_actions: [] });
    expect(serverOf(world, BRAVO).store.load()).toHaveLength(rows);
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test('T-REV-02: of another server has no effect when it has no part in the certificates', () => {
    const world = trusted();
    establish(world, { from: MALLORY, to: BRAVO });
    const message = composed(world, keyFor(MALLORY), { revoked_server: ACME });
    expect(tell(world, { from: MALLORY }, message)).toMatchObject({ error_code: 5816 });
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test('leaves alone what others have issued to the server that it names', () => {
    const world = trusted();
    establish(world, { from: MALLORY, to: BRAVO });
    tell(world, { from: MALLORY }, composed(world, keyFor(MALLORY)));
    expect(statuses(world)).toEqual(ACTIVE);
    expect(standing(world, BRAVO, MALLORY).outbound.status).toBe('revoked');
  });

  test('X-AMC-17: is refused of a server with which 1.1 was spoken', () => {
    const world = trusted({ versions: ['1.0', '1.1'] });
    expect(tell(world, {}, composed(world, keyFor(ACME)))).toMatchObject({ error_code: 5801 });
    expect(brokenAt(world, BRAVO)).toEqual(['X-AMC-17']);
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test('ends both directions where trust is mutual', () => {
    const world = trusted();
    tell(world, {}, composed(world, keyFor(ACME)));
    expect(statuses(world).slice(2)).toEqual(REVOKED.slice(2));
  });
});
