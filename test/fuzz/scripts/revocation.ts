/** NORC-T: trust that was granted is given up (T9). */

import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import { zeroHash } from '../../conformance/actors/chains.ts';
import type { Established, Link, Peer } from '../../conformance/actors/peer.ts';
import { createPeer } from '../../conformance/actors/peer-actor.ts';
import { SubjectMisbehaved } from '../../conformance/case.ts';
import type { Scene, Script } from '../script.ts';
import type { Tampering } from '../tampering.ts';
import { dialled } from './federation.ts';
import { isTrusted } from './trust.ts';

export const revocationScript: Script = {
  name: 'revocation',
  messages: ['trust_revoke'],
  steps: ['trust_revoke'],
  grants: [{ name: 'revoked', of: ['trust_revoke'] }],
  deadlines: {},
  bent: ['trust_revoke'],
  hands: ['forger'],
  carried: [],
  async start(environment, tampering) {
    const peer = await createPeer(environment);
    const { link, ...established } = await peer.establish({ mutual: false });
    return sceneOf({ tampering, peer, link, established });
  },
};

interface State {
  readonly tampering: Tampering;
  readonly peer: Peer;
  readonly link: Link;
  readonly established: Established;
}

function sceneOf({ tampering, peer, link, established }: State): Scene {
  return {
    steps: {
      async trust_revoke() {
        const { bend } = tampering.bend<TrustRevoke>('trust_revoke');
        if (!bend) return accepted(await link.request(peer.composeRevocation(established)));
        const isForged = tampering.sender === 'forger';
        const message = isForged
          ? bend(peer.composeRevocation(established))
          : peer.composeRevocation(established, bend);
        accepted(await link.requestRaw({ ...message }));
      },
    },
    async granted() {
      await link.close();
      return new Set((await isTrusted(peer)) ? [] : ['revoked']);
    },
    async again() {
      if (!(await isTrusted(peer))) return;
      const fresh = await dialled(peer);
      await fresh.handshake();
      accepted(await fresh.request(peer.composeRevocation(established, asFirst)));
      if (await isTrusted(peer)) throw new SubjectMisbehaved('still trusted', 'none', 'trust');
    },
  };
}

/** What was refused has no place among our revocations (L-R09). */
const asFirst = (message: TrustRevoke) => ({
  ...message,
  revocation_sequence: 1,
  prev_revocation_hash: zeroHash,
});

function accepted({ status, message }: { status: number; message: object | null }): void {
  if (status >= 200 && status <= 299) return;
  throw new SubjectMisbehaved('the revocation was refused', 'HTTP 2xx', message ?? status);
}
