import { describe, expect, test } from 'vitest';
import type { NorcMessage } from '../../../spec/messages.ts';
import { befriend, codeOf, composeRelay, dial, handshake, request, stranger } from './stranger.ts';
import {
  activeStanding,
  addServer,
  contextOf,
  createWorld,
  crossingsOf,
  outgoing,
  pass,
  relay,
  type Server,
  settle,
  type World,
} from './world.ts';

interface Pair {
  readonly world: World;
  readonly acme: Server;
  readonly bravo: Server;
}

/** Known to each other by nothing but their certificates. */
function strangers(): Pair {
  const world = createWorld();
  const acme = addServer(world, 'acme.example');
  const bravo = addServer(world, 'bravo.example');
  return { world, acme, bravo };
}

const signature = 'A'.repeat(86);
const hash = 'A'.repeat(43);
const requestId = '33333333-3333-4333-8333-333333333333';

/** Well-formed; what it means is the trust layer's business. */
function acknowledgment(server: string): NorcMessage {
  return {
    type: 'trust_acknowledgment',
    request_id: requestId,
    acknowledging_server: server,
    decision_accepted: true,
    mutual_trust_established: true,
    effective_date: 1_734_900_000,
    next_renewal_date: 1_735_900_000,
    transcript_hash: hash,
    acknowledgment_signature: signature,
  } as unknown as NorcMessage;
}

function post({ world, acme }: Pair, message: NorcMessage): void {
  acme.layer.post('bravo.example', message, contextOf(acme));
  settle(world);
}

describe('NORC-T', () => {
  test('travels after the handshake, without any trust, with the identity of its sender', () => {
    const pair = strangers();
    post(pair, acknowledgment('acme.example'));
    expect(pair.bravo.received).toMatchObject([
      {
        message: { type: 'trust_acknowledgment' },
        origin: {
          peer: 'acme.example',
          tlsKey: pair.acme.config.identity.publicKey,
          federationVersion: '2.0',
          suite: '0101',
          exchange: expect.any(String),
        },
      },
    ]);
    expect(crossingsOf(pair.world, 'trust_status')).toEqual([]);
  });

  test('is answered when the trust layer answers, with a message or without', () => {
    const pair = strangers();
    const { world, acme, bravo } = pair;
    const error: NorcMessage = {
      type: 'federation_error',
      error_code: 5803,
      error_category: 'trust',
      message: 'unknown request or challenge',
      timestamp: 1_734_900_000,
    };
    bravo.onTrust = (_, { exchange }) =>
      bravo.layer.answer(exchange ?? '', 400, error, contextOf(bravo));
    post(pair, acknowledgment('acme.example'));
    expect(acme.received).toMatchObject([
      { message: error, origin: { peer: 'bravo.example', exchange: null } },
    ]);
    bravo.onTrust = (_, { exchange }) =>
      bravo.layer.answer(exchange ?? '', 204, null, contextOf(bravo));
    pass(world, 2);
    post(pair, acknowledgment('acme.example'));
    expect(acme.received).toHaveLength(1);
    expect(acme.undelivered).toEqual([]);
  });

  test('comes back when nobody can be reached, when the link breaks and when no answer comes', () => {
    for (const trouble of ['down', 'broken', 'silent'] as const) {
      const pair = strangers();
      const { world, acme, bravo } = pair;
      if (trouble === 'down') bravo.isUp = false;
      if (trouble === 'broken')
        world.tap = ({ message }) => (message?.type === 'federation_handshake' ? null : undefined);
      post(pair, acknowledgment('acme.example'));
      pass(world, 61);
      expect(acme.undelivered).toHaveLength(1);
      expect(bravo.received).toHaveLength(trouble === 'silent' ? 1 : 0);
      expect(acme.effects.filter(({ type }) => type === 'dial').length).toBeLessThan(2);
    }
  });

  test('that is malformed is refused with the code of its layer and does not reach the trust layer', () => {
    const world = createWorld();
    const subject = addServer(world, 'acme.example');
    const line = dial(stranger(world, subject));
    request(line, handshake(line));
    const answer = request(
      line,
      { type: 'trust_request', request_id: requestId },
      { path: '/norc-t' },
    );
    expect(answer?.message).toMatchObject({ error_code: 5801, request_id: requestId });
    expect(subject.received).toEqual([]);
    expect(codeOf(request(line, { type: 'trust_status' }, { path: '/norc-t' }))).toBe(5812);
  });

  test('is broken off by an error, which reaches the trust layer and is answered by nothing else', () => {
    const world = createWorld();
    const subject = addServer(world, 'acme.example');
    const line = dial(stranger(world, subject));
    request(line, handshake(line));
    const error = {
      type: 'federation_error',
      request_id: requestId,
      error_code: 5811,
      error_category: 'trust',
      message: 'trust certificate not accepted',
      timestamp: 1_734_900_000,
    };
    subject.onTrust = (_, { exchange }) =>
      subject.layer.answer(exchange ?? '', 204, null, contextOf(subject));
    expect(request(line, error, { path: '/norc-t' })).toEqual({ status: 204, message: null });
    expect(subject.received.map(({ message }) => message)).toEqual([error]);
    expect(request(line, { ...error, error_code: 5000 })).toEqual({ status: 204, message: null });
    expect(subject.received).toHaveLength(1);
  });

  test('an accepted acknowledgment opens the link in both directions of trust', () => {
    const pair = strangers();
    const { world, acme, bravo } = pair;
    // Without it, nothing but the acknowledgment can open the link.
    world.tap = ({ message }) => (message?.type === 'trust_status' ? null : undefined);
    bravo.onTrust = (_, { exchange }) => {
      bravo.standings.inbound.set('acme.example', activeStanding());
      bravo.keys.set('acme.example', acme.config.identity.publicKey);
      bravo.layer.standingChanged('acme.example', contextOf(bravo));
      bravo.layer.answer(exchange ?? '', 204, null, contextOf(bravo));
    };
    relay(world, acme, outgoing('bravo.example'));
    expect(acme.wanted).toEqual(['bravo.example']);
    acme.standings.outbound.set('bravo.example', activeStanding());
    acme.keys.set('bravo.example', bravo.config.identity.publicKey);
    post(pair, acknowledgment('acme.example'));
    expect(bravo.delivered).toHaveLength(1);
    expect(acme.settled).toHaveLength(1);
  });

  test('a refused acknowledgment opens nothing', () => {
    const world = createWorld();
    const subject = addServer(world, 'acme.example');
    const mallory = stranger(world, subject);
    befriend(mallory);
    const line = dial(mallory);
    request(line, handshake(line));
    subject.onTrust = (_, { exchange }) =>
      subject.layer.answer(exchange ?? '', 403, null, contextOf(subject));
    request(line, acknowledgment(mallory.id) as never, { path: '/norc-t' });
    expect(codeOf(request(line, composeRelay(line)))).toBe(5001);
  });
});
