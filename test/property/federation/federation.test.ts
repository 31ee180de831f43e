import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { Json } from '../../../spec/schema.ts';
import {
  befriend,
  composeRelay,
  dial,
  handshake,
  type Line,
  openLine,
  proofFor,
  request,
  type Stranger,
  sign,
  statusQuestion,
  stranger,
} from '../../unit/federation/stranger.ts';
import {
  addServer,
  contextOf,
  createWorld,
  crossingsOf,
  outgoing,
  pass,
  relay,
  restart,
  type Server,
  settle,
  trustEachOther,
  type World,
} from '../../unit/federation/world.ts';

function friend(): { world: World; subject: Server; mallory: ReturnType<typeof stranger> } {
  const world = createWorld();
  const subject = addServer(world, 'acme.example');
  const mallory = stranger(world, subject);
  befriend(mallory);
  return { world, subject, mallory };
}

type Step =
  | { readonly do: 'send'; readonly relay: number; readonly how: 'same' | 'fresh' | 'new-link' }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'restart' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('send' as const),
        relay: fc.nat(2),
        how: fc.constantFrom('same' as const, 'fresh' as const, 'new-link' as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('pass' as const),
        seconds: fc.constantFrom(0, 1, 30, 61, 590, 700, 4000),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  ),
  { maxLength: 25 },
);

describe('whatever is repeated', () => {
  test('on whichever link, however late, with or without fresh proofs and over restarts, nothing is delivered twice', () => {
    fc.assert(
      fc.property(steps, (run) => {
        const { world, subject, mallory } = friend();
        const play = player(world, subject, mallory);
        for (const step of run) play(step);
        const ids = subject.delivered.map(({ message_id }) => message_id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 60 },
    );
  });

  function player(world: World, subject: Server, mallory: Stranger): (step: Step) => void {
    const line = { now: openLine(mallory) };
    const relays = [60, 600, 3600].map((ttl) => composeRelay(line.now, { metadata: { ttl } }));
    const proofs = relays.map((body) => proofFor(mallory, body));
    const send = ({ relay: at, how }: Step & { do: 'send' }) => {
      if (how === 'new-link' || !isUsable(line.now)) line.now = openLine(mallory);
      const body = relays[at] ?? {};
      if (how === 'same') request(line.now, body, { proof: proofs[at] ?? null });
      else request(line.now, refreshed(world, body, mallory.key));
    };
    return (step) => {
      if (step.do === 'send') send(step);
      else if (step.do === 'pass') pass(world, step.seconds);
      else restart(world, subject);
    };
  }

  function refreshed(world: World, body: JsonObject, key: Parameters<typeof sign>[0]): JsonObject {
    const metadata = { ...(body.metadata as JsonObject), federation_timestamp: world.now };
    const relay_sequence = 1_000_000 + Math.floor((world.now / 1_000_000) % 1_000_000);
    return sign(key, { ...body, metadata, relay_sequence }, 'route_signature');
  }

  function isUsable({ stranger: from, link }: Line): boolean {
    return !from.subject.effects.some(
      (effect) => effect.type === 'hang-up' && effect.link === link,
    );
  }
});

describe('garbage', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const json = fc.json({ maxDepth: 4 }).map((text) => new TextEncoder().encode(text));
  const junk = fc.oneof(bytes, json);

  test('in requests never throws and never delivers', () => {
    const { subject, mallory } = friend();
    fc.assert(
      fc.property(
        junk,
        fc.option(fc.string()),
        fc.constantFrom('/norc-f', '/norc-t', '/'),
        (body, proof, path) => {
          const line = openLine(mallory);
          request(line, {}, { bytes: body, proof, path });
          const early = dial(mallory);
          request(early, {}, { bytes: body, proof, path });
        },
      ),
      { numRuns: 150 },
    );
    expect(subject.delivered).toEqual([]);
  });

  /** One value somewhere in a message replaced by any other. */
  const mutation = fc.record({ place: fc.nat(), value: fc.jsonValue({ maxDepth: 2 }) });

  test('in any member of an honest message, with an honest proof, never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('handshake', 'status', 'relay'),
        mutation,
        (kind, { place, value }) => {
          const { mallory } = friend();
          const line = kind === 'handshake' ? dial(mallory) : openLine(mallory);
          const honest = {
            handshake: () => handshake(line),
            status: () => statusQuestion(line),
            relay: () => composeRelay(line),
          }[kind]();
          const body = mutated(honest, place, value as Json);
          if (body) request(line, body);
        },
      ),
      {
        numRuns: 300,
        // Values that no template string can hold, wherever they stand: a seed found the first.
        examples: (['handshake', 'status', 'relay'] as const).flatMap((kind) =>
          Array.from({ length: 20 }, (_, place): [typeof kind, { place: number; value: Json }] => [
            kind,
            { place, value: { toString: 0, valueOf: 0 } },
          ]),
        ),
      },
    );
  });

  test('in answers never throws and settles nothing', () => {
    fc.assert(
      fc.property(fc.nat(2), junk, (at, body) => {
        const world = createWorld();
        const acme = addServer(world, 'acme.example');
        const bravo = addServer(world, 'bravo.example');
        trustEachOther(acme, bravo);
        const types = ['federation_handshake_response', 'trust_status_response', 'relay_ack'];
        world.tap = ({ message }) => (message?.type === types[at] ? null : undefined);
        relay(world, acme, outgoing('bravo.example'));
        const asked = acme.effects.filter((effect) => effect.type === 'request').at(-1);
        if (asked?.type !== 'request') throw new Error('nothing was asked');
        const { link, exchange } = asked;
        const frame = { kind: 'text' as const, bytes: body };
        acme.layer.answerReceived(link, { exchange, status: 200, body: frame }, contextOf(acme));
        settle(world);
        expect(acme.settled).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('in any member of a handshake on its way, in either direction, opens no link', () => {
    const types = ['federation_handshake', 'federation_handshake_response'];
    fc.assert(
      fc.property(fc.constantFrom(...types), mutation, (type, { place, value }) => {
        const world = createWorld();
        const acme = addServer(world, 'acme.example');
        const bravo = addServer(world, 'bravo.example');
        trustEachOther(acme, bravo);
        let isChanged = false;
        world.tap = ({ message }) => {
          if (message?.type !== type || isChanged) return undefined;
          const changed = mutated(message as unknown as JsonObject, place, value as Json);
          isChanged = changed !== null && !sameBytes(changed, message);
          return isChanged ? (changed as unknown as NorcMessage) : undefined;
        };
        relay(world, acme, outgoing('bravo.example'));
        if (isChanged) expect(bravo.delivered).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  function mutated(message: JsonObject, place: number, value: Json): JsonObject | null {
    const copy = structuredClone(message);
    const slots: (() => void)[] = [];
    collect(copy, slots, value);
    slots[place % slots.length]?.();
    try {
      canonicalBytes(copy);
      return copy;
    } catch {
      return null; // not even JSON of ours
    }
  }

  function collect(value: Json, slots: (() => void)[], replacement: Json): void {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      const holder = value as JsonObject;
      slots.push(() => {
        holder[key] = replacement;
      });
      collect(holder[key] ?? null, slots, replacement);
    }
  }

  function sameBytes(a: object, b: object): boolean {
    const [left, right] = [a, b].map((value) => String(canonicalBytes(value as unknown as Json)));
    return left === right;
  }
});

describe('a relay among honest servers and one that lies about its path', () => {
  const names = Array.from({ length: 5 }, (_, at) => `s${at}.example`);
  const last = names.length - 1;
  const edges = fc.array(fc.tuple(fc.nat(last), fc.nat(last)), { maxLength: 12 });
  const lie = fc.record({
    via: fc.nat(last),
    target: fc.nat(last),
    path: fc.array(fc.nat(names.length), { maxLength: 9 }),
    hops: fc.option(fc.nat(11)),
  });

  test('is passed on no oftener than it was sent, delivered at most once, and comes to rest', () => {
    fc.assert(
      fc.property(edges, fc.array(lie, { minLength: 1, maxLength: 8 }), (trusts, lies) => {
        const { world, servers } = federationOf(trusts);
        const ids = lies.flatMap((each) => sendTwice(world, servers, each));
        pass(world, 120);
        for (const server of servers) expect(mostForwards(world, server)).toBeLessThanOrEqual(2);
        const delivered = servers.flatMap((server) =>
          server.delivered.map(({ message_id }) => message_id),
        );
        expect(new Set(delivered).size).toBe(delivered.length);
        expect(delivered.every((id) => ids.includes(id))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  function federationOf(trusts: readonly [number, number][]): { world: World; servers: Server[] } {
    const world = createWorld();
    const servers = names.map((name) => addServer(world, name));
    for (const [a, b] of trusts) {
      const [one, other] = [servers[a], servers[b]];
      if (one && other && one !== other) trustEachOther(one, other);
    }
    return { world, servers };
  }

  /** The second time with a new link number, so that only the message's own id tells. */
  function sendTwice(
    world: World,
    servers: readonly Server[],
    { via, target, path, hops }: typeof lie extends fc.Arbitrary<infer L> ? L : never,
  ): string[] {
    const subject = servers[via];
    const goal = names[target] ?? '';
    if (!subject) return [];
    const mallory = stranger(world, subject);
    befriend(mallory);
    for (const server of servers) server.keys.set(mallory.id, mallory.key.publicKey);
    const line = openLine(mallory);
    const middle = path.map((at) => names[at] ?? 'x.example');
    const route_path = path.length === 0 ? [mallory.id] : [mallory.id, ...middle, mallory.id];
    const body = composeRelay(line, {
      relay: { target_server: goal, target_users: [`bob@${goal}`], route_path },
      metadata: { hop_count: hops ?? route_path.length },
    });
    request(line, body);
    const relay_sequence = Number(body.relay_sequence) + 1;
    request(line, sign(mallory.key, { ...body, relay_sequence }, 'route_signature'));
    return [String(body.message_id)];
  }

  function mostForwards(world: World, { id }: Server): number {
    const counts = new Map<string, number>();
    for (const { kind, from, message } of crossingsOf(world, 'message_relay')) {
      if (kind !== 'request' || from !== id || message?.type !== 'message_relay') continue;
      counts.set(message.message_id, (counts.get(message.message_id) ?? 0) + 1);
    }
    return Math.max(0, ...counts.values());
  }
});
