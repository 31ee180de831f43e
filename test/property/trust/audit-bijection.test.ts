/** T-AUD-03: whatever two servers do to each other, each thing done has exactly one event. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../../reference/core.ts';
import { auditsOf, establish, logsOf, revoke } from '../../unit/trust/deeds.ts';
import {
  ACME,
  BRAVO,
  createWorld,
  type Envelope,
  pass,
  settle,
  type World,
} from '../../unit/trust/pair.ts';

const side = fc.constantFrom(ACME, BRAVO);
const other = (id: string) => (id === ACME ? BRAVO : ACME);
const reason = fc.constantFrom('voluntary', 'policy_violation', 'superseded');

type Deed = (world: World) => void;
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(side, fc.boolean()).map(([from, mutual]): Deed => {
    return (world) => establish(world, { from, to: other(from), mutual });
  }),
  fc.tuple(side, reason).map(([by, why]): Deed => {
    return (world) => revoke(world, by, other(by), { reason: why });
  }),
  side.map((by): Deed => {
    const order = { scope: 'partial', permissions: ['user_discovery'] };
    return (world) => revoke(world, by, other(by), { reason: 'policy_violation', ...order });
  }),
  fc.constantFrom(60, 4000).map(
    (duration): Deed =>
      (world) =>
        pass(world, duration),
  ),
);

/** Found by chance once: after two revocations for cause the score is too low for another grant. */
const twoRevocationsForCause: Deed[] = [
  (world) => establish(world, { from: ACME, to: BRAVO, mutual: false }),
  ...[1, 2].map((): Deed => {
    const order = { scope: 'partial', permissions: ['user_discovery'] };
    return (world) => revoke(world, ACME, BRAVO, { reason: 'policy_violation', ...order });
  }),
  (world) => establish(world, { from: BRAVO, to: ACME, mutual: true }),
];

const idsOf = (events: readonly AuditEvent[], type: string): string[] =>
  events
    .filter(({ event }) => event === type)
    .map(({ parameters }) => String(parameters.certificate_id));

/** Certificates that the world has seen come into force: both sides hold them. */
function granted(world: World): Map<string, Set<string>> {
  const held = new Map([ACME, BRAVO].map((id) => [id, new Set<string>()]));
  for (const server of world.servers.values()) {
    for (const effect of server.effects) {
      if (effect.type !== 'persist' || effect.table !== 'trust-certificate') continue;
      const relation = effect.value as { [direction: string]: { certificate?: unknown } | null };
      for (const direction of ['inbound', 'outbound']) {
        const certificate = relation[direction]?.certificate as { certificate_id: string };
        if (certificate) held.get(server.id)?.add(certificate.certificate_id);
      }
    }
  }
  return held;
}

const revocationsBy = ({ sent }: World, by: string): readonly Envelope[] => {
  const messages = sent.filter(
    ({ from, message }) => from === by && message?.type === 'trust_revoke',
  );
  const seen = new Map(
    messages.map((one) => [one.message?.type === 'trust_revoke' && one.message.revocation_id, one]),
  );
  return [...seen.values()];
};

/** Requests of a server that the other has rejected: a denial for the one who asked as well. */
const rejectionsOf = ({ sent }: World, asker: string): Set<string> =>
  new Set(
    sent.flatMap(({ to, message }) => {
      const isRejection = message?.type === 'trust_decision' && message.decision === 'reject';
      return to === asker && isRejection ? [message.request_id] : [];
    }),
  );

test('T-AUD-03: every grant, revocation and denial has exactly one event', () =>
  fc.assert(
    fc.property(fc.array(deed, { minLength: 1, maxLength: 6 }), (deeds) => {
      const world = createWorld();
      for (const act of deeds) {
        act(world);
        settle(world);
      }
      const held = granted(world);
      for (const id of [ACME, BRAVO]) {
        const events = auditsOf(world, id);
        const grants = idsOf(events, 'trust_granted');
        expect(grants.sort()).toEqual([...(held.get(id) ?? [])].sort());
        const ours = events.filter(({ action }) => action === 'revoked trust');
        expect(ours).toHaveLength(revocationsBy(world, id).length);
        const denials = events.filter(({ event }) => event === 'access_denied');
        const refusals = logsOf(world, id).filter(({ event }) => event === 'refused');
        expect(denials).toHaveLength(refusals.length + rejectionsOf(world, id).size);
      }
    }),
    { numRuns: 40, examples: [[twoRevocationsForCause]] },
  ));
