/** NORC-T: trust that was granted is renewed by a successor (T18, T5, T6). */

import type { TrustAcknowledgment } from '../../../spec/messages/trust/trust-acknowledgment.ts';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import type {
  Established,
  Peer,
  RenewalOptions,
  RenewalRun,
} from '../../conformance/actors/peer.ts';
import { createPeer } from '../../conformance/actors/peer-actor.ts';
import { certificateIn } from '../../conformance/cases/trust/steps/certificates.ts';
import type { Scene, Script } from '../script.ts';
import type { Tampering } from '../tampering.ts';
import { dialled } from './federation.ts';
import { expect, needs } from './trust.ts';

const messages = ['trust_renewal', 'trust_acknowledgment'];

export const renewalScript: Script = {
  name: 'renewal',
  messages,
  steps: messages,
  grants: [
    { name: 'renewed', of: ['trust_renewal'] },
    { name: 'closed', of: messages },
  ],
  deadlines: {},
  bent: messages,
  hands: ['forger'],
  carried: [],
  async start(environment, tampering) {
    const peer = await createPeer(environment);
    const { link, ...established } = await peer.establish({ mutual: false });
    const run = peer.renewal(link, established, optionsOf(tampering));
    return sceneOf({ peer, run, present: established });
  },
};

interface State {
  readonly peer: Peer;
  readonly run: RenewalRun;
  /** The certificate that is in force, as far as is known. */
  present: Established;
}

function optionsOf({ bend, sender }: Tampering): RenewalOptions {
  const { bend: renewal } = bend<TrustRenewal>('trust_renewal');
  const { bend: acknowledgment } = bend<TrustAcknowledgment>('trust_acknowledgment');
  return {
    resign: sender !== 'forger',
    ...(renewal && { renewal }),
    ...(acknowledgment && { acknowledgment }),
  };
}

function sceneOf(state: State): Scene {
  const { peer, run } = state;
  return {
    steps: {
      trust_renewal: async () => expect(await run.renew(), 'trust_decision'),
      async trust_acknowledgment() {
        needs(run.decision);
        expect(await run.acknowledge(), null);
      },
    },
    async granted() {
      if (!isRenewed(run)) return new Set();
      return new Set(['renewed', ...((await isPresent(state)) ? ['closed'] : [])]);
    },
    async again() {
      const link = await dialled(peer);
      await link.handshake();
      const next = peer.renewal(link, state.present);
      expect(await next.renew(), 'trust_decision');
      expect(await next.acknowledge(), null);
      state.present = succeeding(state.present, next);
    },
  };
}

/** Only the present certificate is renewed (T-REN-01), which a successor is when it is acknowledged. */
async function isPresent(state: State): Promise<boolean> {
  const { peer, run, present } = state;
  const link = await dialled(peer);
  await link.handshake();
  const next = peer.renewal(link, succeeding(present, run));
  await next.renew();
  if (!isRenewed(next)) return false;
  await next.acknowledge();
  state.present = succeeding(present, next);
  return true;
}

/** The decision is the subject's word, with a certificate that it has signed. */
const isRenewed = ({ decision, renewalId }: RenewalRun): boolean =>
  decision?.decision === 'accept' && decision.request_id === renewalId;

function succeeding(established: Established, { decision }: RenewalRun): Established {
  return decision
    ? { ...established, decision, certificate: certificateIn(decision) }
    : established;
}
