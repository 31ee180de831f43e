/** What no change on the way, no loss and no order can bring about. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { arbitraryOf } from '../../../spec/arbitrary.ts';
import { messages, type NorcMessage } from '../../../spec/messages.ts';
import { establish, request, statuses } from '../../unit/trust/deeds.ts';
import {
  ACME,
  asJson,
  BRAVO,
  createWorld,
  type Envelope,
  originOf,
  pass,
  serverOf,
} from '../../unit/trust/pair.ts';

const trustTypes = Object.values(messages)
  .filter(({ layer, direction }) => layer === 'trust' && direction !== 'record')
  .map(({ type }) => type);

describe('establishment', () => {
  test('in which any single bit of any message is flipped makes no trust', () => {
    fc.assert(
      fc.property(fc.nat(6), fc.nat(), fc.nat(7), (which, at, bit) => {
        const world = createWorld();
        const names: string[] = [];
        world.tap = (envelope) => {
          if (!envelope.message) return [envelope];
          // A message that is sent again is the same message: it meets the same flip.
          const name = `${envelope.from} ${envelope.message.type}`;
          if (!names.includes(name)) names.push(name);
          return names.indexOf(name) === which ? flipped(envelope, at, bit) : [envelope];
        };
        establish(world);
        pass(world, 1000);
        expect(statuses(world)).not.toContain('active');
      }),
      { numRuns: 300 },
    );
  });

  test('leaves both sides alike, whatever gets lost', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (losses) => {
        const world = createWorld();
        const left = [...losses];
        world.tap = (envelope) => (left.shift() ? [] : [envelope]);
        establish(world);
        pass(world, 2000);
        const [acmeIn, acmeOut, bravoIn, bravoOut] = statuses(world).map((s) => s === 'active');
        expect([acmeIn, acmeOut]).toEqual([bravoOut, bravoIn]);
      }),
      { numRuns: 200 },
    );
  });

  test('with every message of another run in place of its own makes no trust', () => {
    const other = createWorld({ [ACME]: { seed: 1 }, [BRAVO]: { seed: 1 } });
    // The same servers with the same keys, at another time and with other challenges.
    const recorded: NorcMessage[] = [];
    establishAs(other);
    for (const { message } of other.sent) if (message) recorded.push(message);
    for (const [at, foreign] of recorded.entries()) {
      // Capabilities say nothing of a run: that they are the same is no splice.
      if (at < 2) continue;
      const world = createWorld({ [ACME]: { seed: 2 }, [BRAVO]: { seed: 2 } });
      let seen = -1;
      world.tap = (envelope) => {
        if (envelope.message) seen += 1;
        return seen === at && envelope.message ? [{ ...envelope, message: foreign }] : [envelope];
      };
      establish(world);
      pass(world, 1000);
      expect(statuses(world), foreign.type).not.toContain('active');
    }
  });
});

function establishAs(world: ReturnType<typeof createWorld>): void {
  establish(world);
  expect(statuses(world)).toContain('active');
}

describe('a trust layer', () => {
  test('never throws, and trusts nobody, whatever well-formed messages come', () => {
    const anyMessage = fc
      .constantFrom(...trustTypes)
      .chain((type) => arbitraryOf(messages[type].json));
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 4 }), fc.boolean(), (received, asAnswer) => {
        const world = createWorld();
        const { layer, context } = serverOf(world, BRAVO);
        for (const value of received) {
          const message = value as unknown as NorcMessage;
          if (asAnswer)
            layer.receive(message, originOf(world, ACME, null, 'trust_request'), context);
          else request(world, ACME, BRAVO, message);
        }
        pass(world, 100);
        expect(statuses(world)).not.toContain('active');
      }),
      { numRuns: 300 },
    );
  });
});

/** The envelope with one bit of its canonical bytes flipped; lost when that is no JSON any more. */
function flipped(envelope: Envelope, at: number, bit: number): Envelope[] {
  if (!envelope.message) return [envelope];
  const bytes = canonicalBytes(asJson(envelope.message));
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return [{ ...envelope, message: JSON.parse(text) as NorcMessage }];
  } catch {
    return [];
  }
}
