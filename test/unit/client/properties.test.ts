/** What holds whatever comes, in whatever order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { arbitraryDeclared } from '../../../spec/arbitrary.ts';
import { declarations } from '../../../spec/messages.ts';
import { alice, bob, enrolFour, say, statuses, talk } from './company.ts';
import { identityOf, inSession, negotiate, register } from './honest.ts';
import { createWorld, type Parcel, TOKEN, type World } from './world.ts';

const travelling = declarations.filter(({ direction }) => direction !== 'record');

const anyMessage: fc.Arbitrary<JsonObject> = fc.oneof(
  ...travelling.map((declaration) => arbitraryDeclared(declaration)),
);

describe('a server', () => {
  test('opens no session for any order, loss or repetition of the frames of a run', () => {
    const frames = recorded();
    fc.assert(
      fc.property(fc.array(fc.nat(frames.length - 1), { maxLength: 12 }), (order) => {
        const world = createWorld();
        register(world, negotiate(world), identityOf(world, alice));
        const raw = world.connectRaw();
        for (const at of order) raw.send(frames[at] ?? new Uint8Array());
        expect(raw.received.some(({ type }) => type === 'auth_success')).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test('survives any bytes in any state', () => {
    const states: ((world: World) => { send(bytes: Uint8Array): void })[] = [
      (world) => world.connectRaw(),
      (world) => negotiate(world).raw,
      (world) => inSession(world, identityOf(world, alice)).raw,
    ];
    fc.assert(
      fc.property(fc.nat(2), fc.array(noise(), { maxLength: 12 }), (state, frames) => {
        const raw = states[state]?.(createWorld());
        for (const bytes of frames) raw?.send(bytes);
      }),
      { numRuns: 150 },
    );
  });

  test('survives every declared message in a session, valid as it may be', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 8 }), (frames) => {
        const world = createWorld();
        const session = inSession(world, identityOf(world, alice));
        for (const frame of frames) session.raw.send(frame);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a device', () => {
  test('survives any bytes of its server, and never shows any of it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(noise(), anyMessage.map(canonicalBytes)), { maxLength: 10 }),
        fc.boolean(),
        (frames, isEnrolled) => {
          const world = createWorld();
          const device = isEnrolled ? world.enrolled(alice) : world.actor(alice);
          if (!isEnrolled) {
            device.command({ command: 'register', enrolmentToken: TOKEN });
            device.command({ command: 'connect' });
          }
          for (const bytes of frames) {
            const connection = device.of('connect').at(-1)?.connection ?? '';
            world.deliver(device, { to: 'device', connection, bytes });
          }
          expect(device.displayed()).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('X-SEQ-03, X-SEQ-05, X-SEQ-06, X-SEQ-13: shows each message once and in order, whatever is lost, repeated or cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 8, maxLength: 40 }), (fates) => {
        const { bobPhone, bobDesk } = troubled(fates);
        for (const actor of [bobPhone, bobDesk]) {
          const contents = actor.displayed().map(({ content }) => content);
          expect(contents).toEqual(['0', '1', '2', '3', '4']);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('is told of every message forward only', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('sent', 'delivered', 'read', 'failed')), (acks) => {
        const world = createWorld();
        const { alicePhone } = enrolFour(world);
        const { messageId } = talk(world, alicePhone);
        const connection = alicePhone.of('connect').at(-1)?.connection ?? '';
        for (const status of acks) {
          const ack = { type: 'message_ack', message_id: messageId, status, timestamp: 1 };
          world.deliver(alicePhone, { to: 'device', connection, bytes: canonicalBytes(ack) });
        }
        const ranks = statuses(alicePhone).map((status) => order.indexOf(status));
        expect([...ranks].sort((a, b) => a - b)).toEqual(ranks);
        expect(new Set(ranks).size).toBe(ranks.length);
        expect(ranks.filter((rank) => rank >= 2).length).toBeLessThan(2);
      }),
      { numRuns: 30 },
    );
  });
});

/** A talk of five messages over a network that does what the draws say, and then heals. */
function troubled(fates: readonly number[]): ReturnType<typeof enrolFour> {
  const world = createWorld();
  const actors = enrolFour(world);
  const { alicePhone, bobPhone, bobDesk } = actors;
  const { conversationId } = talk(world, alicePhone, '0');
  let frame = 0;
  world.wire.tamper = (parcel) => {
    frame += 1;
    return fate(parcel, fates[frame % fates.length] ?? 9);
  };
  for (let text = 1; text <= 4; text += 1) {
    say(world, alicePhone, conversationId, [bob], String(text));
    if (fates[text] === 0) world.cut(alicePhone);
    if (fates[text + 1] === 0) world.cut(bobPhone);
  }
  world.wire.tamper = (parcel) => [parcel];
  for (const actor of [alicePhone, bobPhone, bobDesk]) world.cut(actor);
  world.pass(400);
  return actors;
}

const order = ['sent', 'delivered', 'read', 'failed'];

/** 0 loses a frame, 1 repeats it, everything else leaves it. */
function fate(parcel: Parcel, draw: number): Parcel[] {
  // The handshake has no repetition on a stream; it is lost with its connection, or not at all.
  const text = new TextDecoder().decode(parcel.bytes);
  const isRepeatable = /"type":"(message_|read_receipt)/.test(text);
  if (!isRepeatable || draw > 1) return [parcel];
  return draw === 0 ? [] : [parcel, parcel];
}

/** The frames that a device sends from the handshake into its session. */
function recorded(): Uint8Array[] {
  const world = createWorld();
  const frames: Uint8Array[] = [];
  world.wire.tamper = (parcel) => {
    if (parcel.to === 'server') frames.push(parcel.bytes);
    return [parcel];
  };
  world.enrolled(alice);
  return frames;
}

/** Bytes, JSON of no meaning, and messages with a byte changed. */
function noise(): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.tuple(anyMessage, fc.nat(), fc.nat(255)).map(([message, at, byte]) => {
      const bytes = canonicalBytes(message);
      bytes[at % bytes.length] = byte;
      return bytes;
    }),
  );
}
