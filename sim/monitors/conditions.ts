/**
 * How things may stand, by name: what `always` demands, and what must hold at the end of `within`
 * and `converges`. Judged on the model; the answer is what is missing, or null.
 */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import { type Model, type Ordered, standingOf } from './model.ts';

export interface Condition {
  readonly summary: string;
  readonly ids: readonly RequirementId[];
  /** Null: it holds. */
  missing(model: Model): string | null;
}

export const conditions: { readonly [name: string]: Condition } = {
  'trust-along-links': {
    summary: 'every trust that was ordered, and not revoked since, stands at both ends',
    ids: ['T-ACK-02'],
    missing(model) {
      const wanting = model.establishing.find(
        (order) => !isRevoked(model, order) && !isMutual(model, order),
      );
      return wanting ? `no trust between ${wanting.server} and ${wanting.peer}` : null;
    },
  },
  'revocations-enforced': {
    summary: 'every revocation that was ordered is known at both ends',
    ids: ['T-REV-14', 'T-REV-15'],
    missing(model) {
      for (const { server, peer } of model.revoking) {
        if (standingOf(model, server, peer).outbound !== 'revoked') return `${server} holds on`;
        if (standingOf(model, peer, server).outbound !== 'revoked') {
          return `${peer} has not learnt that ${server} revoked its trust`;
        }
      }
      return null;
    },
  },
  'messages-delivered': {
    summary: 'the sender of every message knows it delivered',
    ids: ['F-RELAY-17', 'F-ACK-01'],
    missing: (model) => unsettled(model, ['delivered', 'read']),
  },
  'messages-settled': {
    summary: 'the sender of every message knows what became of it',
    ids: ['F-RELAY-17'],
    missing: (model) => unsettled(model, ['delivered', 'read', 'failed']),
  },
  'everybody-up': {
    summary: 'every server runs',
    ids: [],
    missing({ up, starts }) {
      const down = [...starts.keys()].find((server) => !up.has(server));
      return down === undefined ? null : `${down} is down`;
    },
  },
};

function isRevoked({ revoking }: Model, order: Ordered): boolean {
  return revoking.some(({ server, peer, at }) => {
    const ends = [server, peer];
    return at >= order.at && ends.includes(order.server) && ends.includes(order.peer);
  });
}

function isMutual(model: Model, { server, peer }: Ordered): boolean {
  return [standingOf(model, server, peer), standingOf(model, peer, server)].every(
    ({ inbound, outbound }) => inbound === 'granted' && outbound === 'granted',
  );
}

function unsettled({ said }: Model, settled: readonly string[]): string | null {
  for (const [id, { from, to, status }] of said) {
    if (!settled.includes(status)) return `message ${id} of ${from} to ${to} is ${status}`;
  }
  return null;
}
