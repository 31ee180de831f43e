/** NORC-F: a server dials, shakes hands and asks how it stands (F2–F5). */
import type { ActorEnvironment } from '../../conformance/actors/environment.ts';
import type { Link, Peer } from '../../conformance/actors/peer.ts';
import { createPeer } from '../../conformance/actors/peer-actor.ts';
import { SubjectMisbehaved } from '../../conformance/case.ts';
import type { Scene, Script } from '../script.ts';
import type { Tampering } from '../tampering.ts';

export const federationScript: Script = {
  name: 'federation',
  messages: ['federation_handshake', 'trust_status'],
  steps: ['federation_handshake', 'trust_status'],
  grants: [
    { name: 'linked', of: ['federation_handshake'] },
    { name: 'answered', of: ['federation_handshake', 'trust_status'] },
  ],
  deadlines: {},
  bent: ['federation_handshake'],
  hands: ['forger'],
  carried: [],
  async start(environment, tampering) {
    const peer = await createPeer(environment);
    return sceneOf({ environment, tampering, peer, link: null, found: new Set() });
  },
};

interface State {
  readonly environment: ActorEnvironment;
  readonly tampering: Tampering;
  readonly peer: Peer;
  link: Link | null;
  readonly found: Set<string>;
}

function sceneOf(state: State): Scene {
  const { tampering, peer, found } = state;
  return {
    steps: {
      async federation_handshake() {
        state.link ??= await dialled(peer);
        const { bend } = tampering.bend('federation_handshake');
        const resign = tampering.sender !== 'forger';
        await state.link.handshake({ resign, ...(bend && { handshake: bend }) });
        found.add('linked');
      },
      async trust_status() {
        state.link ??= await dialled(peer);
        await asked(state.link);
        found.add('answered');
      },
    },
    async granted() {
      const { link } = state;
      if (link && !found.has('linked')) await tried(() => asked(link), found);
      await link?.close();
      return found;
    },
    async again() {
      const link = await dialled(peer);
      await link.handshake();
      await asked(link);
      await link.close();
    },
  };
}

export async function dialled(peer: Peer): Promise<Link> {
  const link = await peer.dial();
  if (!link.refused) return link;
  throw new SubjectMisbehaved('the link was refused', 'a link', link.reason);
}

/** Whether the link carries requests: an answer, whatever it says. */
async function asked(link: Link): Promise<void> {
  const { message, status } = await link.trustStatus();
  if (message?.type === 'trust_status_response') return;
  throw new SubjectMisbehaved('no answer', 'trust_status_response', message ?? status);
}

/** A link that was never shown to be open may be open all the same. */
async function tried(ask: () => Promise<void>, found: Set<string>): Promise<void> {
  try {
    await ask();
    found.add('answered').add('linked');
  } catch (error) {
    if (!(error instanceof SubjectMisbehaved)) throw error;
  }
}
