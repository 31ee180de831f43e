/** NORC-T: a server asks for trust and is granted it (T1–T6). */

import { limits } from '../../../spec/limits.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { ActorEnvironment } from '../../conformance/actors/environment.ts';
import type {
  Answer,
  Link,
  Peer,
  TrustRun,
  TrustRunOptions,
} from '../../conformance/actors/peer.ts';
import { createPeer } from '../../conformance/actors/peer-actor.ts';
import { SubjectMisbehaved } from '../../conformance/case.ts';
import type { Scene, Script } from '../script.ts';
import type { Tampering } from '../tampering.ts';
import { dialled } from './federation.ts';

const messages = ['trust_capabilities', 'trust_request', 'trust_response', 'trust_acknowledgment'];
const certificate = 'norc_trust_certificate';

export const trustScript: Script = {
  name: 'trust',
  messages,
  steps: messages,
  grants: [{ name: 'trusted', of: [...messages, certificate] }],
  deadlines: {
    trust_response: (limits.trustDeadlineSeconds + 1) * 1000,
    trust_acknowledgment: (limits.trustAcknowledgmentSeconds + 1) * 1000,
  },
  bent: [...messages, certificate],
  hands: ['forger'],
  carried: [certificate],
  async start(environment, tampering) {
    const peer = await createPeer(environment);
    const link = await dialled(peer);
    await link.handshake();
    const run = peer.trustRun(link, optionsOf(tampering));
    return sceneOf({ environment, tampering, peer, link, run });
  },
};

interface State {
  readonly environment: ActorEnvironment;
  readonly tampering: Tampering;
  readonly peer: Peer;
  readonly link: Link;
  readonly run: TrustRun;
}

function optionsOf({ bend, told, sender }: Tampering): TrustRunOptions {
  const bends = {
    capabilities: bend('trust_capabilities').bend,
    request: bend('trust_request').bend,
    response: bend('trust_response').bend,
    acknowledgment: bend('trust_acknowledgment').bend,
    certificate: bend(certificate).bend,
  };
  const given = Object.fromEntries(Object.entries(bends).filter(([, each]) => each));
  const publish = told('publish', 'trust_response')?.what ?? 'expected';
  return { publish, resign: sender !== 'forger', ...given };
}

function sceneOf({ environment, tampering, peer, link, run }: State): Scene {
  return {
    steps: {
      trust_capabilities: async () => expect(await run.capabilities(), 'trust_capabilities'),
      trust_request: async () => expect(await run.request(), 'trust_challenge'),
      async trust_response() {
        await tampering.waitBefore('trust_response');
        needs(run.challenge);
        expect(await run.respond(), 'trust_decision');
      },
      async trust_acknowledgment() {
        await tampering.waitBefore('trust_acknowledgment');
        needs(run.decision);
        expect(await run.acknowledge(), null);
      },
    },
    async granted() {
      await link.close();
      return new Set((await isTrusted(peer)) ? ['trusted'] : []);
    },
    async again() {
      const fresh = await dialled(peer);
      await fresh.handshake();
      await peer.trustRun(fresh, noLower({ environment, run })).establish();
      if (!(await isTrusted(peer))) throw new SubjectMisbehaved('not trusted', 'trust', 'none');
    },
  };
}

/** Who has used a version does not step below it (T-CAP-05): what was taken is offered again. */
function noLower({ environment, run }: Pick<State, 'environment' | 'run'>): TrustRunOptions {
  const sent = run.messages.filter(({ type }) => type === 'trust_capabilities');
  const offers = sent as readonly TrustCapabilities[];
  const isTaken = offers.some(({ server_id }) => server_id === environment.subject.facts.serverId);
  const [ours] = offers;
  if (!isTaken || !ours) return {};
  const { supported_versions } = ours;
  return { capabilities: (honest) => ({ ...honest, supported_versions }) };
}

export function expect({ message, status }: Answer, type: string | null): void {
  const isOk = status >= 200 && status <= 299 && (message?.type ?? null) === type;
  if (!isOk) throw new SubjectMisbehaved('refused', type ?? 'HTTP 204', message ?? status);
}

/** Nothing to go on from: the subject has not let the run come here. */
export function needs(earlier: object | undefined): void {
  if (!earlier) throw new SubjectMisbehaved('the run is not there yet', 'an answer', 'none');
}

/** On a link of its own, whatever has become of others. */
export async function isTrusted(peer: Peer): Promise<boolean> {
  const link = await dialled(peer);
  await link.handshake();
  const { message } = await link.trustStatus();
  await link.close();
  return message?.type === 'trust_status_response' && message.trust_established;
}
