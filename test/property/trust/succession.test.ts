/**
 * What no order, loss, repetition or restart can bring about: trust on one side only, an instant
 * without trust during a renewal, or a successor that nobody has issued.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { ask, establish, renew, revoke, standing, statuses } from '../../unit/trust/deeds.ts';
import {
  ACME,
  asJson,
  BRAVO,
  createWorld,
  type Envelope,
  type Inner,
  pass,
  restart,
  settle,
  type World,
} from '../../unit/trust/pair.ts';

const ACTIVE = ['active', 'active', 'active', 'active'];
const DAY = 86_400;

/** What becomes of one envelope: its turn comes later, never, twice, or a server dies meanwhile. */
type Fate = 'delivered' | 'lost' | 'twice' | 'later' | 'acme dies' | 'bravo dies';

const fates = fc.array(
  fc.constantFrom<Fate>(
    ...(['delivered', 'delivered', 'delivered', 'lost', 'twice', 'later'] as const),
    ...(['acme dies', 'bravo dies'] as const),
  ),
  { maxLength: 24 },
);

function disturb(world: World, given: readonly Fate[]): void {
  const left = [...given];
  world.tap = (envelope) => {
    const fate = left.shift() ?? 'delivered';
    if (fate === 'lost') return [];
    if (fate === 'acme dies') return killed(world, ACME, envelope);
    if (fate === 'bravo dies') return killed(world, BRAVO, envelope);
    return envelope.kind === 'request' ? delayed(world, fate, envelope) : [envelope];
  };
}

/** What comes back to a process that is gone is lost; a request finds the new one. */
function killed(world: World, server: string, envelope: Envelope): readonly Envelope[] {
  restart(world, server);
  return envelope.kind === 'answer' && envelope.to === server ? [] : [envelope];
}

/** Only requests are put off or repeated: HTTP answers each of them once, in its own stream. */
function delayed(world: World, fate: Fate, envelope: Envelope): readonly Envelope[] {
  if (fate === 'twice') return [envelope, { ...envelope, exchange: again(world, envelope) }];
  if (fate !== 'later') return [envelope];
  (world as Inner).queue.push(envelope);
  // Nothing arrives now, and it is not lost either.
  return [{ ...envelope, message: null }];
}

/** A repeat is a request of its own, with an answer that nobody waits for. */
function again(world: World, { from, to, message }: Envelope): string {
  const inner = world as Inner;
  inner.counter += 1;
  const exchange = `x${inner.counter}`;
  if (message) inner.posted.set(exchange, { from, to, message });
  return exchange;
}

const isActive = (status: string | undefined): boolean => status === 'active';

/** What one side permits and the other side holds. */
function expectAlike(world: World): void {
  const [acmeIn, acmeOut, bravoIn, bravoOut] = statuses(world).map(isActive);
  expect([acmeIn, acmeOut]).toEqual([bravoOut, bravoIn]);
}

describe('two servers that ask each other (S-23)', () => {
  test.each([true, false])('T-DEC-08: stand alike after all timers, mutual: %s', (mutual) => {
    fc.assert(
      fc.property(fates, fc.boolean(), (given, isCrossed) => {
        const policy = { mutual, autoRenew: false };
        const world = createWorld({ [ACME]: { policy }, [BRAVO]: { policy } });
        disturb(world, given);
        ask(world, { from: ACME, to: BRAVO, mutual });
        if (isCrossed) ask(world, { from: BRAVO, to: ACME, mutual });
        settle(world);
        pass(world, 2000);
        world.tap = (envelope) => [envelope];
        pass(world, 2 * DAY);
        expectAlike(world);
      }),
      { numRuns: 80 },
    );
  });

  test('T-ACK-03: and nothing stands in the way of another attempt', () => {
    fc.assert(
      fc.property(fates, (given) => {
        const policy = { autoRenew: false };
        const world = createWorld({ [ACME]: { policy }, [BRAVO]: { policy } });
        disturb(world, given);
        ask(world, { from: ACME, to: BRAVO });
        ask(world, { from: BRAVO, to: ACME });
        settle(world);
        world.tap = (envelope) => [envelope];
        pass(world, 2 * DAY);
        establish(world);
        pass(world, 1000);
        expect(statuses(world)).toEqual(ACTIVE);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a renewal', () => {
  const held = (world: World) => standing(world, ACME, BRAVO).outbound;
  const given = (world: World) => standing(world, BRAVO, ACME).inbound;

  /** Acme holds a certificate of three days and renews it by itself. */
  function renewing(): World {
    const world = createWorld({
      [ACME]: { policy: { mutual: false } },
      [BRAVO]: { policy: { mutual: false, certificateSeconds: 3 * DAY } },
    });
    establish(world, { mutual: false });
    return world;
  }

  test('T-REN-03: has no instant without trust, whatever gets lost on its way', () => {
    fc.assert(
      fc.property(fates, (fate) => {
        const world = renewing();
        pass(world, 2 * DAY - 100);
        disturb(world, fate);
        // Losses end within the day that is left; a message every minute finds trust in force.
        for (let minute = 0; minute < 120; minute += 1) {
          pass(world, 60);
          expect([held(world).status, given(world).status]).toEqual(['active', 'active']);
        }
        world.tap = (envelope) => [envelope];
        for (let hour = 0; hour < 24; hour += 1) {
          pass(world, 7200);
          expect([held(world).status, given(world).status]).toEqual(['active', 'active']);
        }
        expect(held(world).certificateId).toBe(given(world).certificateId);
      }),
      { numRuns: 30 },
    );
  });

  test('T-REV-04: beside a full revocation ends revoked, whichever is first and whatever is lost', () => {
    fc.assert(
      fc.property(fates, fc.nat(12), (fate, when) => {
        const world = renewing();
        disturb(world, fate);
        let seen = 0;
        const disturbed = world.tap;
        world.tap = (envelope) => {
          seen += 1;
          if (seen === when) revokeAt(world);
          return disturbed(envelope);
        };
        renew(world, ACME, BRAVO);
        if (seen < when) revoke(world, BRAVO, ACME, { reason: 'policy_violation' });
        world.tap = (envelope) => [envelope];
        pass(world, 2000);
        if (when === 0) return;
        expect([held(world).status, given(world).status]).toEqual(['revoked', 'revoked']);
      }),
      { numRuns: 60 },
    );
  });

  test('of which any single bit of any message is flipped leaves one certificate on both sides', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(), fc.nat(7), (which, at, bit) => {
        const world = renewing();
        const names: string[] = [];
        world.tap = (envelope) => {
          if (!envelope.message) return [envelope];
          const name = `${envelope.from} ${envelope.message.type}`;
          if (!names.includes(name)) names.push(name);
          return names.indexOf(name) === which ? flipped(envelope, at, bit) : [envelope];
        };
        renew(world, ACME, BRAVO);
        pass(world, 1000);
        world.tap = (envelope) => [envelope];
        pass(world, 1000);
        expect([held(world).status, given(world).status]).toEqual(['active', 'active']);
        expect(held(world).certificateId).toBe(given(world).certificateId);
      }),
      // Once: an error about an id that nobody knows told the subject nothing.
      { numRuns: 60, examples: [[2, 1_388_660_240, 0]] },
    );
  });
});

/** In the midst of a delivery: what it sends is delivered after it. */
function revokeAt(world: World): void {
  const { layer, context } = (world as Inner).servers.get(BRAVO) ?? never();
  const order = { reason: 'policy_violation', scope: 'full', permissions: [] };
  layer.revoke({ server: ACME, gracePeriodSeconds: 0, ...order }, { ...context, now: world.now });
}

function never(): never {
  throw new Error('no such server');
}

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
