import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { seconds } from '../../../reference/time.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { RelayAck } from '../../../spec/messages/federation/relay-ack.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import {
  befriend,
  codeOf,
  composeRelay,
  crypto,
  openLine,
  request,
  sign,
  stranger,
} from './stranger.ts';
import {
  activeStanding,
  addServer,
  contextOf,
  createWorld,
  crossingsOf,
  DEVICE,
  noStanding,
  outgoing,
  pass,
  refusals,
  relay,
  restart,
  type Server,
  settle,
  trustEachOther,
  type World,
} from './world.ts';

interface Pair {
  readonly world: World;
  readonly acme: Server;
  readonly bravo: Server;
}

function pair(): Pair {
  const world = createWorld();
  const acme = addServer(world, 'acme.example');
  const bravo = addServer(world, 'bravo.example');
  trustEachOther(acme, bravo);
  return { world, acme, bravo };
}

function friend() {
  const world = createWorld();
  const subject = addServer(world, 'acme.example');
  const mallory = stranger(world, subject);
  befriend(mallory);
  return { world, subject, mallory };
}

const text = (message: NorcMessage | null | undefined) =>
  canonicalText((message ?? null) as unknown as JsonObject);

/** The same relay as its sender would send it again. */
function again(world: World, relayed: JsonObject, key: Parameters<typeof sign>[0]): JsonObject {
  const metadata = { ...(relayed.metadata as JsonObject), federation_timestamp: world.now };
  const relay_sequence = Number(relayed.relay_sequence) + 1;
  return sign(key, { ...relayed, metadata, relay_sequence }, 'route_signature');
}

describe('a repeated relay', () => {
  test('is answered byte for byte the same and delivered once, also after a restart', () => {
    const { world, subject, mallory } = friend();
    const first = composeRelay({ stranger: mallory });
    const answers = [request(openLine(mallory), first)];
    pass(world, 5);
    answers.push(request(openLine(mallory), again(world, first, mallory.key)));
    restart(world, subject);
    pass(world, 5);
    answers.push(request(openLine(mallory), again(world, first, mallory.key)));
    expect(answers.map((answer) => answer?.status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map((answer) => text(answer?.message))).size).toBe(1);
    expect(subject.delivered).toHaveLength(1);
  });

  test('is forgotten when it can no longer come: after its time to live, ten minutes at least', () => {
    const { world, subject, mallory } = friend();
    request(openLine(mallory), composeRelay({ stranger: mallory }, { metadata: { ttl: 60 } }));
    request(openLine(mallory), composeRelay({ stranger: mallory }, { metadata: { ttl: 1200 } }));
    const cached = () =>
      [...subject.rows.keys()].filter((key) => key.startsWith('relay-cache')).length;
    expect(cached()).toBe(2);
    pass(world, 590);
    expect(cached()).toBe(2);
    pass(world, 120);
    expect(cached()).toBe(1);
    pass(world, 600);
    expect(cached()).toBe(0);
  });

  test('under a seen link number is silently dropped when its id is new', () => {
    const { subject, mallory } = friend();
    const line = openLine(mallory);
    request(line, composeRelay(line, { relay: { relay_sequence: 5000 } }));
    const replayed = request(line, composeRelay(line, { relay: { relay_sequence: 5000 } }));
    expect(replayed).toEqual({ status: 204, message: null });
    const tooOld = request(line, composeRelay(line, { relay: { relay_sequence: 904 } }));
    expect(tooOld).toEqual({ status: 204, message: null });
    expect(request(line, composeRelay(line, { relay: { relay_sequence: 905 } }))?.status).toBe(200);
    expect(refusals(subject)).toEqual(['X-SEQ-03', 'X-SEQ-04']);
    expect(subject.delivered).toHaveLength(2);
  });

  test('with a forged number moves no window', () => {
    const { subject, mallory } = friend();
    const line = openLine(mallory);
    request(line, composeRelay(line, { relay: { relay_sequence: 5000 } }));
    const forged = {
      ...composeRelay(line, { relay: { relay_sequence: 900_000 } }),
      classification: 'secret',
    };
    expect(codeOf(request(line, forged))).toBeDefined();
    expect(request(line, composeRelay(line, { relay: { relay_sequence: 5001 } }))?.status).toBe(
      200,
    );
    expect(subject.delivered).toHaveLength(2);
  });
});

describe('an acknowledgment', () => {
  test('is consistent and signed', () => {
    const { subject, mallory } = friend();
    const line = openLine(mallory);
    const user = `bob@${subject.id}`;
    const cases = [
      [{ delivered: [{ userId: user, deviceIds: [DEVICE] }], failed: [] }, 'delivered'],
      [
        { delivered: [], failed: [{ userId: user, deviceIds: [DEVICE], errorCode: 5204 }] },
        'failed',
      ],
      [
        {
          delivered: [{ userId: user, deviceIds: [] }],
          failed: [{ userId: user, deviceIds: [DEVICE], errorCode: 2001 }],
        },
        'partial',
      ],
    ] as const;
    for (const [outcome, status] of cases) {
      subject.onDeliver = () => outcome;
      const ack = request(line, composeRelay(line))?.message as unknown as JsonObject;
      expect(ack.status).toBe(status);
      expect(sign(subject.config.identity, ack)).toEqual(ack);
    }
  });

  test('is given when it is asked for only', () => {
    const { subject, mallory } = friend();
    const line = openLine(mallory);
    const quiet = composeRelay(line, { metadata: { delivery_requirements: [] } });
    expect(request(line, quiet)).toEqual({ status: 204, message: null });
    expect(subject.delivered).toHaveLength(1);
  });

  const forgeries: readonly [string, string, (ack: RelayAck, bravo: Server) => unknown][] = [
    [
      'F-ACK-04',
      'signed by another',
      (ack) => ({ ...ack, signature: crypto.sign(crypto.signingKey(new Uint8Array(32)), {}) }),
    ],
    [
      'F-ACK-04',
      'for another relay',
      (ack, bravo) =>
        sign(bravo.config.identity, {
          ...(ack as object),
          message_id: '22222222-2222-4222-8222-222222222222',
        } as JsonObject),
    ],
    [
      'F-ACK-01',
      'whose status contradicts it',
      (ack, bravo) =>
        sign(bravo.config.identity, { ...(ack as object), status: 'failed' } as JsonObject),
    ],
    [
      'F-ACK-02',
      'that leaves a device out',
      (ack, bravo) =>
        sign(bravo.config.identity, { ...(ack as object), delivered_to: [] } as JsonObject),
    ],
    [
      'F-ACK-02',
      'that names a device twice',
      (ack, bravo) =>
        sign(bravo.config.identity, {
          ...(ack as object),
          delivered_to: [...ack.delivered_to, ...ack.delivered_to],
        } as unknown as JsonObject),
    ],
  ];
  test.each(forgeries)('%s: %s settles nothing, and the relay goes out again', (id, _, forge) => {
    const { world, acme, bravo } = pair();
    world.tap = ({ message }) =>
      message?.type === 'relay_ack' ? (forge(message, bravo) as NorcMessage) : undefined;
    relay(world, acme, outgoing('bravo.example'));
    expect(acme.settled).toEqual([]);
    expect(refusals(acme)).toEqual([id]);
    world.tap = () => undefined;
    pass(world, 7);
    expect(acme.settled).toHaveLength(1);
    expect(bravo.delivered).toHaveLength(1);
  });
});

describe('a relay of our own user', () => {
  test('keeps its ids over every try, with fresh hop members and numbers one apart', () => {
    const { world, acme, bravo } = pair();
    let losses = 3;
    world.tap = ({ message }) => {
      if (message?.type !== 'relay_ack' || losses === 0) return undefined;
      losses -= 1;
      return null;
    };
    relay(world, acme, outgoing('bravo.example'));
    pass(world, 600);
    const sent = crossingsOf(world, 'message_relay').map(({ message }) => message as MessageRelay);
    expect(sent).toHaveLength(4);
    expect(
      new Set(sent.map(({ federation_id, message_id }) => federation_id + message_id)).size,
    ).toBe(1);
    const [first] = sent;
    expect(
      sent.map(({ relay_sequence = 0 }) => relay_sequence - (first?.relay_sequence ?? 0)),
    ).toEqual([0, 1, 2, 3]);
    expect(new Set(sent.map(({ metadata }) => metadata.federation_timestamp)).size).toBe(4);
    expect(bravo.delivered).toHaveLength(1);
    expect(acme.settled).toHaveLength(1);
    expect(refusals(bravo)).toEqual([]);
  });

  test('F-CONN-06: waits for a server that is down, with growing pauses, and is told as failed at its end', () => {
    const { world, acme, bravo } = pair();
    bravo.isUp = false;
    relay(world, acme, outgoing('bravo.example', { ttlSeconds: 1000 }));
    const dials = () => acme.effects.filter(({ type }) => type === 'dial').length;
    pass(world, 6);
    expect(dials()).toBe(2);
    pass(world, 300);
    expect(dials()).toBeGreaterThan(5);
    expect(dials()).toBeLessThan(12);
    expect(acme.settled).toEqual([]);
    pass(world, 700);
    expect(acme.settled.map(({ outcome }) => outcome)).toEqual([
      {
        delivered: [],
        failed: [{ userId: 'bob@bravo.example', deviceIds: [DEVICE], errorCode: 5202 }],
      },
    ]);
    expect([...acme.rows.keys()].filter((key) => key.startsWith('relay-queue'))).toEqual([]);
  });

  test('survives a restart and goes out when the server is back', () => {
    const { world, acme, bravo } = pair();
    bravo.isUp = false;
    relay(world, acme, outgoing('bravo.example'));
    restart(world, acme);
    bravo.isUp = true;
    pass(world, 10);
    expect(bravo.delivered).toHaveLength(1);
    expect(acme.settled).toHaveLength(1);
  });

  test('that was delivered while its sender crashed is not delivered again', () => {
    const { world, acme, bravo } = pair();
    world.tap = ({ message }) => (message?.type === 'relay_ack' ? null : undefined);
    relay(world, acme, outgoing('bravo.example'));
    world.tap = () => undefined;
    restart(world, acme);
    pass(world, 10);
    expect(bravo.delivered).toHaveLength(1);
    expect(acme.settled).toHaveLength(1);
    expect(refusals(bravo)).toEqual([]);
  });

  test('without trust asks for it, and goes out when it has come', () => {
    const { world, acme, bravo } = pair();
    acme.standings.outbound.clear();
    relay(world, acme, outgoing('bravo.example'));
    expect(acme.wanted).toEqual(['bravo.example']);
    expect(world.crossings).toEqual([]);
    acme.standings.outbound.set('bravo.example', activeStanding());
    acme.layer.standingChanged('bravo.example', contextOf(acme));
    settle(world);
    expect(bravo.delivered).toHaveLength(1);
  });

  test.each([
    [{ classification: 'secret' }, 5004],
    [{ messageType: 'file' }, 5603],
  ])('that the other server would refuse does not leave: %j fails with %i', (change, code) => {
    const { world, acme } = pair();
    relay(world, acme, outgoing('bravo.example', change));
    expect(crossingsOf(world, 'message_relay')).toEqual([]);
    expect(acme.settled[0]?.outcome.failed[0]?.errorCode).toBe(code);
  });

  test('that is refused for good is told, and one that is refused for now is tried again', () => {
    const { world, acme, bravo } = pair();
    const standing = bravo.standings.inbound.get('acme.example');
    bravo.standings.inbound.set(
      'acme.example',
      activeStanding({ limits: { ...activeStanding().limits, maxMessageBytes: 10 } }),
    );
    relay(world, acme, outgoing('bravo.example'));
    expect(acme.settled[0]?.outcome.failed[0]?.errorCode).toBe(5602);
    bravo.standings.inbound.set('acme.example', noStanding('suspended'));
    relay(world, acme, outgoing('bravo.example'));
    expect(acme.settled).toHaveLength(1);
    bravo.standings.inbound.set('acme.example', standing ?? noStanding());
    pass(world, 10);
    expect(acme.settled).toHaveLength(2);
  });
});

describe('the end of trust', () => {
  test('purges the queue, tells the senders and hangs up', () => {
    const { world, acme, bravo } = pair();
    relay(world, acme, outgoing('bravo.example'));
    world.tap = ({ message }) => (message?.type === 'relay_ack' ? null : undefined);
    relay(world, acme, outgoing('bravo.example'));
    acme.standings.outbound.set('bravo.example', noStanding('revoked'));
    acme.layer.standingChanged('bravo.example', contextOf(acme));
    expect(acme.settled[1]?.outcome.failed[0]?.errorCode).toBe(5003);
    pass(world, 120);
    expect(world.ends.size).toBe(0);
    expect(bravo.delivered).toHaveLength(2);
    relay(world, acme, outgoing('bravo.example'));
    expect(crossingsOf(world, 'message_relay')).toHaveLength(2);
  });

  test('is noticed by itself when the certificate expires', () => {
    const { world, acme, bravo } = pair();
    const expiresAtSeconds = Math.floor(world.now / seconds(1)) + 100;
    for (const server of [acme, bravo]) {
      const other = server === acme ? bravo : acme;
      for (const table of [server.standings.inbound, server.standings.outbound]) {
        table.set(other.id, activeStanding({ expiresAtSeconds }));
      }
    }
    relay(world, acme, outgoing('bravo.example'));
    pass(world, 110);
    expect(world.ends.size).toBe(0);
    relay(world, acme, outgoing('bravo.example'));
    expect(acme.wanted).toContain('bravo.example');
    expect(bravo.delivered).toHaveLength(1);
  });

  test('answers a relay on the link that is about to go with the reason', () => {
    const { world, subject, mallory } = friend();
    const line = openLine(mallory);
    subject.standings.inbound.set(mallory.id, noStanding('revoked'));
    subject.layer.standingChanged(mallory.id, contextOf(subject));
    expect(codeOf(request(line, composeRelay(line)))).toBe(5003);
    pass(world, 2);
    expect(subject.effects.some((effect) => effect.type === 'hang-up')).toBe(true);
  });

  test('for a while lets control messages pass and opens again by trust_status only', () => {
    const { subject, mallory } = friend();
    const line = openLine(mallory);
    const change = (standing: ReturnType<typeof activeStanding>) => {
      subject.standings.inbound.set(mallory.id, standing);
      subject.layer.standingChanged(mallory.id, contextOf(subject));
    };
    change({ ...activeStanding(), status: 'suspended' });
    expect(codeOf(request(line, composeRelay(line)))).toBe(5003);
    change(activeStanding());
    expect(codeOf(request(line, composeRelay(line)))).toBe(5001);
    request(line, {
      type: 'trust_status',
      target_server: subject.id,
      requesting_server: mallory.id,
      trust_level_required: 'basic',
      note: 'again',
    });
    expect(request(line, composeRelay(line))?.status).toBe(200);
  });
});

describe('a level that sinks while a link is open', () => {
  const sink = (minTrustLevel: 'basic' | 'verified') => {
    const { world, subject, mallory } = friend();
    subject.standings.inbound.set(mallory.id, activeStanding({ level: 'verified' }));
    const line = openLine(mallory, '2.0', {
      compatibility_requirements: {
        min_trust_level: minTrustLevel,
        required_features: [],
        optional_features: [],
      },
    });
    subject.standings.inbound.set(mallory.id, activeStanding({ level: 'basic' }));
    subject.layer.standingChanged(mallory.id, contextOf(subject));
    return { world, subject, line };
  };

  test('F-HS-04: below the minimum of the link ends it, with the reason until it is gone', () => {
    const { world, subject, line } = sink('verified');
    expect(codeOf(request(line, composeRelay(line)))).toBe(5004);
    pass(world, 2);
    expect(subject.effects.some((effect) => effect.type === 'hang-up')).toBe(true);
  });

  test('F-HS-04: that still reaches the minimum leaves the link as it is', () => {
    const { world, subject, line } = sink('basic');
    expect(request(line, composeRelay(line))?.status).toBe(200);
    pass(world, 2);
    expect(subject.effects.some((effect) => effect.type === 'hang-up')).toBe(false);
  });
});

describe('forwarding', () => {
  function three() {
    const { world, subject: middle, mallory } = friend();
    const bravo = addServer(world, 'bravo.example');
    trustEachOther(middle, bravo);
    bravo.keys.set(mallory.id, mallory.key.publicKey);
    const line = openLine(mallory);
    const onward = (change: JsonObject = {}, metadata: JsonObject = {}) =>
      composeRelay(line, {
        relay: { target_server: 'bravo.example', target_users: ['bob@bravo.example'], ...change },
        metadata,
      });
    return { world, middle, bravo, mallory, line, onward };
  }

  test('passes payloads on bit for bit, adds itself to the path and passes the acknowledgment back', () => {
    const { bravo, line, onward, mallory } = three();
    const sent = onward({ unknown_member: { kept: true } });
    const answer = request(line, sent);
    expect(answer).toMatchObject({
      status: 200,
      message: { type: 'relay_ack', target_server: 'bravo.example' },
    });
    expect(sign(bravo.config.identity, answer?.message as unknown as JsonObject)).toEqual(
      answer?.message,
    );
    const [arrived] = bravo.delivered;
    expect(arrived).toMatchObject({
      route_path: [mallory.id, 'acme.example'],
      metadata: { hop_count: 2 },
      encrypted_payloads: sent.encrypted_payloads,
      origin_signature: sent.origin_signature,
      unknown_member: { kept: true },
    });
  });

  test('of a repeat delivers once and gives the same acknowledgment', () => {
    const { world, bravo, line, onward, mallory } = three();
    const sent = onward();
    const answers = [request(line, sent)];
    pass(world, 3);
    answers.push(request(line, again(world, sent, mallory.key)));
    expect(new Set(answers.map((answer) => text(answer?.message))).size).toBe(1);
    expect(crossingsOf(world, 'message_relay')).toHaveLength(1);
    expect(bravo.delivered).toHaveLength(1);
  });

  test('of a repeat that comes while it is under way answers both', () => {
    const { world, line, onward, mallory, middle } = three();
    world.tap = ({ message }) => (message?.type === 'message_relay' ? null : undefined);
    const sent = onward();
    expect(request(line, sent)).toBeNull();
    pass(world, 2);
    expect(request(line, again(world, sent, mallory.key))).toBeNull();
    pass(world, 31);
    const answered = middle.effects.filter(({ type }) => type === 'answer').slice(-2);
    expect(answered).toMatchObject([{ status: 404 }, { status: 404 }]);
  });

  test.each([
    [5201, 'without a route', { standing: null, change: {} }],
    [
      5004,
      'above the ceiling of the next server',
      {
        standing: activeStanding({ level: 'basic' }),
        change: { classification: 'official_use_only' },
      },
    ],
    [
      5004,
      'without the permission of the next server',
      { standing: activeStanding({ permissions: new Set<string>() }), change: {} },
    ],
    [
      5602,
      'above the size of the next server',
      {
        standing: activeStanding({ limits: { ...activeStanding().limits, maxMessageBytes: 100 } }),
        change: {},
      },
    ],
  ] as const)('%i: %s is refused', (code, _, { standing, change }) => {
    const { world, subject: middle, mallory } = friend();
    befriend(mallory, { level: 'verified' });
    if (standing) middle.standings.outbound.set('bravo.example', standing);
    const line = openLine(mallory);
    const relayed = composeRelay(line, {
      relay: { target_server: 'bravo.example', target_users: ['bob@bravo.example'], ...change },
    });
    expect(codeOf(request(line, relayed))).toBe(code);
    expect(crossingsOf(world, 'message_relay')).toEqual([]);
  });

  test('with the last hop used up is refused here', () => {
    const { line, onward, middle } = three();
    expect(codeOf(request(line, onward({ max_hops: 1 })))).toBe(5202);
    expect(refusals(middle)).toEqual(['F-RELAY-03']);
  });

  test('to a server that is down answers that there is no route', () => {
    const { bravo, line, onward } = three();
    bravo.isUp = false;
    expect(codeOf(request(line, onward()))).toBe(5201);
  });

  test('passes the refusal of the next server on in words of the protocol', () => {
    const { bravo, line, onward } = three();
    bravo.keys.delete('mallory.example');
    expect(codeOf(request(line, onward()))).toBe(5004);
  });
});

describe('rates', () => {
  test('a certificate of five a second lets five through, and says truly when the next may come', () => {
    const { world, subject, mallory } = friend();
    befriend(mallory, { limits: { ...activeStanding().limits, messagesPerSecond: 5 } });
    const line = openLine(mallory);
    pass(world, 10);
    const codes = Array.from({ length: 6 }, () => codeOf(request(line, composeRelay(line))));
    expect(codes).toEqual([undefined, undefined, undefined, undefined, undefined, 5401]);
    const refused = request(line, composeRelay(line));
    expect(refused).toMatchObject({
      status: 429,
      message: { limit_type: 'message_rate', limit: 5 },
    });
    const { retry_after = 0 } = (refused?.message ?? {}) as { retry_after?: number };
    pass(world, retry_after);
    expect(request(line, composeRelay(line))?.status).toBe(200);
    const events = subject.effects.filter(
      (effect) => effect.type === 'audit' && effect.event.event === 'rate_limit_exceeded',
    );
    expect(events).toHaveLength(1);
    expect(new Set(refusals(subject))).toEqual(new Set(['F-RATE-03']));
  });

  test('are one budget over all links of a server, and refused requests have paid', () => {
    const world = createWorld();
    const subject = addServer(world, 'acme.example', {
      policy: { federationMessagesPerMinute: 10 },
    });
    const mallory = stranger(world, subject);
    const lines = [openLine(mallory), openLine(mallory)];
    const codes = Array.from({ length: 8 }, (_, turn) => {
      const line = lines[turn % 2];
      return line && codeOf(request(line, composeRelay(line), { proof: null }));
    });
    expect(codes).toEqual([4000, 4000, 4000, 4000, 4000, 4000, 5401, 5401]);
  });

  test('count bytes too', () => {
    const world = createWorld();
    const subject = addServer(world, 'acme.example', {
      policy: { federationBytesPerFiveMinutes: 10_000 },
    });
    const mallory = stranger(world, subject);
    const line = openLine(mallory);
    const codes = Array.from({ length: 8 }, () => codeOf(request(line, composeRelay(line))));
    expect(codes).toContain(5402);
  });

  test('a seventeenth link of one server meets the quota', () => {
    const { mallory } = friend();
    const codes = Array.from({ length: 17 }, () => openLine(mallory)).map((line) => line.link);
    expect(codes).toHaveLength(17);
    const { subject } = mallory;
    const quota = subject.effects.filter(
      (effect) => effect.type === 'answer' && codeOf(effect) === 5403,
    );
    expect(quota).toHaveLength(1);
  });

  test('our own relays wait as long as they are told', () => {
    const { world, acme, bravo } = pair();
    bravo.standings.inbound.set(
      'acme.example',
      activeStanding({ limits: { ...activeStanding().limits, messagesPerSecond: 1 } }),
    );
    for (let count = 0; count < 4; count += 1) relay(world, acme, outgoing('bravo.example'));
    pass(world, 120);
    expect(acme.settled).toHaveLength(4);
    expect(bravo.delivered).toHaveLength(4);
  });
});
