/**
 * Servers that have taken in the same revocations stand alike, whatever the order, the repeats and
 * the restarts in between (T-REV-11, 2.7 invariants). Run on whole trust layers.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { establish, request, standing } from '../../unit/trust/deeds.ts';
import {
  ACME,
  asJson,
  BRAVO,
  createWorld,
  crypto,
  keyFor,
  pass,
  restart,
  serverOf,
  type World,
} from '../../unit/trust/pair.ts';

const names = ['message_relay', 'user_discovery', 'teleport'];
const ids = Array.from({ length: 5 }, (_, index) => `0000000${index}-0000-4000-8000-000000000000`);

interface Terms {
  readonly reason: string;
  readonly scope: TrustRevoke['revocation_scope'];
  readonly afterSeconds: number;
  readonly graceSeconds: number;
  readonly aheadSeconds: number;
  readonly permissions: readonly string[];
}

const terms: fc.Arbitrary<Terms> = fc.record({
  // What else a subject may not say of its own certificate (L-R03).
  reason: fc.constantFrom('voluntary', 'compromised_key'),
  scope: fc.constantFrom('full', 'partial', 'conditional'),
  afterSeconds: fc.nat(200),
  graceSeconds: fc.nat(200),
  aheadSeconds: fc.constantFrom(0, 0, 0, 400),
  permissions: fc.subarray(names, { minLength: 1 }),
});

/** Of the certificate that acme has issued to bravo, by bravo. */
function composed(world: World, given: Terms, index: number): TrustRevoke {
  const now = Math.floor(world.now / 1_000_000);
  const body: Omit<TrustRevoke, 'revocation_signature'> = {
    type: 'trust_revoke',
    revocation_id: ids[index] ?? '',
    revoking_server: BRAVO,
    target_server: BRAVO,
    trust_certificate_id: standing(world, BRAVO, ACME).outbound.certificateId ?? '',
    revocation_reason: given.reason,
    effective_date: now + given.afterSeconds,
    evidence: [],
    revocation_scope: given.scope,
    partial_revocation_permissions: [...given.permissions],
    grace_period: given.graceSeconds,
    notification_recipients: [],
    issued_at: now + given.aheadSeconds,
    revocation_sequence: index + 1,
    prev_revocation_hash: 'A'.repeat(43),
    transcript_hash: crypto.transcript('norc-t-handshake-v1', []),
  };
  const signature = crypto.sign(keyFor(BRAVO), asJson(body as unknown as NorcMessage));
  return { ...body, revocation_signature: signature };
}

interface Plan {
  readonly order: readonly number[];
  readonly restartAfter: number;
}

/** Acme, which has issued the certificate, hears of all of them from its subject. */
function play(all: readonly Terms[], { order, restartAfter }: Plan): World {
  const world = createWorld();
  establish(world);
  const messages = all.map((one, index) => composed(world, one, index));
  for (const [step, index] of order.entries()) {
    const message = messages[index];
    if (message) request(world, BRAVO, ACME, message);
    if (step === restartAfter) restart(world, ACME);
  }
  return world;
}

function stateOf(world: World): unknown {
  const { inbound, outbound } = standing(world, ACME, BRAVO);
  const isBanned = serverOf(world, ACME).layer.isBanned(keyFor(BRAVO).publicKey);
  return {
    statuses: [inbound.status, outbound.status],
    permissions: [[...inbound.permissions].sort(), [...outbound.permissions].sort()],
    isBanned,
  };
}

const several = fc.array(terms, { minLength: 1, maxLength: 4 });

describe('revocations on a whole server', () => {
  test('T-REV-11, T-REV-12: any order, repeats and a restart in between give the same state', () => {
    const plans = several.chain((all) => {
      const indices = all.map((_, index) => index);
      const repeated = fc
        .array(fc.constantFrom(...indices), { maxLength: 3 })
        .chain((more) =>
          fc.shuffledSubarray([...indices, ...more], { minLength: indices.length + more.length }),
        );
      return fc.tuple(fc.constant(all), repeated, fc.nat(6));
    });
    fc.assert(
      fc.property(plans, fc.nat(1000), ([all, order, restartAfter], laterSeconds) => {
        const straight = play(all, { order: all.map((_, index) => index), restartAfter: -1 });
        const tangled = play(all, { order, restartAfter });
        expect(stateOf(tangled)).toEqual(stateOf(straight));
        for (const world of [straight, tangled]) pass(world, laterSeconds);
        expect(stateOf(tangled)).toEqual(stateOf(straight));
      }),
      { numRuns: 30 },
    );
  });

  test('T-REV-05, T-REV-11: permissions that are enforced never grow by a revocation', () => {
    fc.assert(
      fc.property(several, (all) => {
        const world = createWorld();
        establish(world);
        let before = permitted(world);
        for (const [index, one] of all.entries()) {
          request(world, BRAVO, ACME, composed(world, one, index));
          const after = permitted(world);
          expect(after.filter((name) => !before.includes(name))).toEqual([]);
          before = after;
        }
      }),
      { numRuns: 30 },
    );
  });

  test('T-REV-04, T-REV-09: after a full revocation nothing is permitted, however long one waits', () => {
    fc.assert(
      fc.property(several, fc.nat(200_000), (all, laterSeconds) => {
        const full = all.map((one) => ({ ...one, scope: 'full' as const, aheadSeconds: 0 }));
        const world = play(full, { order: full.map((_, index) => index), restartAfter: -1 });
        pass(world, 400 + laterSeconds);
        expect(permitted(world)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

/** What may be done now, both ways: a suspended relation permits nothing. */
function permitted(world: World): string[] {
  const { inbound, outbound } = standing(world, ACME, BRAVO);
  return [inbound, outbound].flatMap(({ status, permissions }, index) => {
    return status === 'active' ? [...permissions].map((name) => `${index} ${name}`) : [];
  });
}
