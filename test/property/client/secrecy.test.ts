/** What a server learns, keeps and tells, and what it does not, whatever devices say through it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../reference/core.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { alice, bob, enrolFour, say, talk } from '../../unit/client/company.ts';
import { createWorld, type World } from '../../unit/client/world.ts';

/** Long enough not to stand anywhere by chance. */
const secretText = fc.string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 60 });

/** A text as it would show in JSON: as it is, in base64url at any offset, in hexadecimal. */
function disguises(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const offsets = [0, 1, 2].map((at) => bytes.subarray(at).toString('base64url').slice(0, -2));
  return [JSON.stringify(text).slice(1, -1), ...offsets, bytes.toString('hex')];
}

/** All that the server keeps. */
const kept = ({ server }: World): string => JSON.stringify([...server.rows.values()]);

/** All that the server writes down for its operator. */
function written({ effects }: World): string {
  const isRecord = ({ type }: Effect): boolean => type === 'audit' || type === 'log';
  return JSON.stringify(effects.filter(isRecord));
}

function conversing(text: string) {
  const world = createWorld();
  const company = enrolFour(world);
  const { conversationId } = talk(world, company.alicePhone, text);
  say(world, company.alicePhone, conversationId, [bob], text);
  say(world, company.bobPhone, conversationId, [alice], text);
  return { world, company, conversationId };
}

type Sent = Extract<NorcMessage, { type: 'message_send' }>;

describe('a server through which devices talk', () => {
  test('X-META-01, X-META-03, X-AUD-02: neither keeps nor writes down what they say', () => {
    fc.assert(
      fc.property(secretText, (text) => {
        const { world, company } = conversing(text);
        expect(company.bobPhone.displayed().map(({ content }) => content)).toContain(text);
        const all = kept(world) + JSON.stringify(world.effects);
        for (const disguise of disguises(text)) expect(all).not.toContain(disguise);
      }),
      { numRuns: 25 },
    );
  });

  test('X-META-01, X-AUD-03: writes down neither users nor whom they talk with', () => {
    const { world, conversationId } = conversing('hello there, bob');
    for (const name of [alice, bob, conversationId]) expect(written(world)).not.toContain(name);
    expect(kept(world)).toContain(conversationId);
  });

  test('X-META-03, X-KEY-09: is never given a private key of a device', () => {
    const { world, company } = conversing('hello there, bob');
    const all = kept(world) + JSON.stringify(world.effects);
    for (const { config } of Object.values(company)) {
      for (const key of [config.signingKey, config.exchangeKey]) {
        expect(all).toContain(key.publicKey);
        for (const secret of secretsOf(key)) expect(all).not.toContain(secret);
      }
    }
  });

  test('C-E2E-01, C-E2E-02, C-E2E-03: sees no nonce, ephemeral key or ciphertext twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), (count) => {
        const world = createWorld();
        const { alicePhone } = enrolFour(world);
        const { conversationId } = talk(world, alicePhone, 'the same');
        for (let nth = 1; nth < count; nth += 1) {
          say(world, alicePhone, conversationId, [bob], 'the same');
        }
        const messages = alicePhone
          .of('send')
          .map(({ message }) => message)
          .filter((message): message is Sent => message.type === 'message_send');
        const blobs = messages.map(({ encrypted_content }) => Object.values(encrypted_content));
        expect(blobs).toHaveLength(count);
        for (const member of ['nonce', 'ciphertext'] as const) {
          const seen = blobs.map(([first]) => first?.[member]);
          expect(new Set(seen).size).toBe(count);
        }
        const ephemeral = blobs.flat().map(({ sender_ephemeral_key }) => sender_ephemeral_key);
        expect(new Set(ephemeral).size).toBeGreaterThanOrEqual(count);
      }),
      { numRuns: 10 },
    );
  });
});

/** Whatever a key handle holds beside its public half, as base64url and hexadecimal. */
function secretsOf(key: object): readonly string[] {
  const found: string[] = [];
  const walk = (value: unknown, name: string): void => {
    if (value instanceof Uint8Array && name !== 'publicKey') {
      found.push(Buffer.from(value).toString('base64url'), Buffer.from(value).toString('hex'));
    } else if (typeof value === 'object' && value !== null) {
      for (const [inner, member] of Object.entries(value)) walk(member, inner);
    }
  };
  walk(key, '');
  return found;
}

describe('the audit log', () => {
  const eventsOf = ({ effects }: World): readonly string[] =>
    effects.flatMap((effect) => (effect.type === 'audit' ? [effect.event.event] : []));
  const count = (world: World, event: string): number =>
    eventsOf(world).filter((each) => each === event).length;

  test('X-AUD-05, X-AMC-12: has one entry for each version agreed, device and session', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), (devices) => {
        const world = createWorld();
        const first = world.enrolled(alice);
        for (let nth = 1; nth < devices; nth += 1) world.enrolled(alice, {}, first);
        expect(count(world, 'device_registered')).toBe(devices);
        expect(count(world, 'authentication')).toBe(devices);
        expect(count(world, 'version_negotiated')).toBe(devices);
        world.cut(first);
        world.pass(10);
        expect(count(world, 'version_negotiated')).toBe(devices + 1);
        expect(count(world, 'authentication')).toBe(devices + 1);
      }),
      { numRuns: 6 },
    );
  });
});
