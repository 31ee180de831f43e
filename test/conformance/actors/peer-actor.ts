/**
 * Servers of ours: identity, links, trust runs and relays, and the inbox of what the subject asks.
 */

import type { Micros } from '../../../reference/time.ts';
import { fixed } from '../../../spec/limits.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { SubjectMisbehaved } from '../case.ts';
import type { Received } from '../stage.ts';
import { start, zeroHash } from './chains.ts';
import { type ActorEnvironment, defaultWithinMs } from './environment.ts';
import { composeAcknowledgment } from './honest-standing.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { dial } from './link.ts';
import type {
  Established,
  HandshakeOptions,
  Link,
  LinkOptions,
  Peer,
  PeerOptions,
  TrustRunOptions,
} from './peer.ts';
import { type PeerState, subjectKey } from './peer-state.ts';
import { composeRelay, openRelay } from './relay.ts';
import { createRenewalRun } from './renewal.ts';
import { composeClearing, composeRevocation, composeServerRevocation } from './revocation.ts';
import { composeList, createListDesk, type ListDesk } from './revocation-list.ts';
import { freshIdentity } from './roster.ts';
import { asReceived, isSignedBy } from './signing.ts';
import { createTrustRun } from './trust-run.ts';

/** A server of ours, listening. */
export async function createPeer(
  environment: ActorEnvironment,
  options: PeerOptions = {},
): Promise<Peer> {
  const state = await stateOf(environment, options);
  environment.servers.set(state.serverId, state);
  environment.roster.add(state.user);
  const inbox = createInbox(state, options.answers ?? 'honest');
  const lists = createListDesk(state);
  const listening = listener(state, { inbox, lists });
  environment.opened({ close: listening.stop });
  const peer = peerOf(state, { inbox, lists }, listening);
  await listening.start();
  return peer;
}

async function stateOf(environment: ActorEnvironment, options: PeerOptions): Promise<PeerState> {
  const { authority, chance, crypto, at } = environment;
  const serverId = options.serverId ?? chance.domain('peer');
  const identity = await authority.issue({
    serverId,
    role: 'federation',
    pages: environment.subject.web.url,
    ...(options.certificate && { options: options.certificate }),
  });
  return {
    environment,
    serverId,
    identity,
    key: crypto.signingKey(identity.signingKeySeed ?? chance.entropy(32)),
    chain: chainOf(identity.chain, identity.rootDer),
    user: freshIdentity(environment, `${chance.localName('bob')}@${serverId}`),
    versions: options.versions ?? [at],
    suites: options.suites ?? ['0001'],
    bends: options.bends ?? {},
    leaves: options.leaves ?? [],
    relationship: { held: null, given: null },
    inbound: { version: options.versions?.[0] ?? at },
    counters: {
      relaySequence: start(chance),
      revocationSequence: 0,
      previousRevocation: zeroHash,
    },
  };
}

/** A self-signed leaf is its own root. */
const chainOf = (path: readonly string[], root: string | null): readonly string[] =>
  root === null ? path : [...path, root];

/** Who takes what the subject asks. */
interface Desks {
  readonly inbox: Inbox;
  readonly lists: ListDesk;
}

interface Listener {
  start(): Promise<void>;
  stop(): Promise<void>;
}

function listener(
  { environment, serverId, identity, versions }: PeerState,
  { inbox, lists }: Desks,
): Listener {
  let open: { close(): Promise<void> } | null = null;
  return {
    async start() {
      open ??= await environment.subject.listen({
        serverId,
        identity,
        alpn: versions.map((version) => `norc-f/${version}`),
        onRequest: (request) =>
          request.path === fixed.crlPath ? lists.take(request) : inbox.take(request),
      });
    },
    async stop() {
      const closing = open;
      open = null;
      await closing?.close();
    },
  };
}

function peerOf(state: PeerState, { inbox, lists }: Desks, listening: Listener): Peer {
  const { serverId, chain, user, environment } = state;
  const peer: Peer = {
    serverId,
    get key() {
      return state.key;
    },
    signWith: (key) => {
      state.key = key;
    },
    chain,
    user,
    dial: (options) => dial(state, () => peer, options),
    link: (options) => link(state, peer, options),
    trustRun: (on, options) => createTrustRun(state, on, options),
    establish: (options) => establish(state, peer, options),
    renewal: (on, established, options) => createRenewalRun(state, on, established, options),
    composeRelay: (options) => composeRelay(state, options),
    composeRevocation: (established, bend) => composeRevocation(state, established, bend),
    composeServerRevocation: (server, bend) => composeServerRevocation(state, server, bend),
    composeClearing: (...parts) => composeClearing(state, ...parts),
    composeAcknowledgment: (...parts) => composeAcknowledgment(state, ...parts),
    composeList: (options) => composeList(state, options),
    serveList: lists.serve,
    fetches: (options) => fetches(environment, lists, options),
    inbound: ({ withinMs = defaultWithinMs } = {}) => inbox.next(withinMs),
    relayed: (options) => relayed(environment, inbox, options),
    heard: (type, options) => heard(environment, inbox, type, options),
    open: (relay) => openRelay(state, relay),
    goOffline: () => listening.stop(),
    goOnline: () => listening.start(),
  };
  return peer;
}

async function link(
  state: PeerState,
  peer: Peer,
  options: LinkOptions & HandshakeOptions = {},
): Promise<Link> {
  const dialled = await peer.dial(options);
  if (dialled.refused) {
    throw new SubjectMisbehaved(`a link was refused: ${dialled.reason}`, 'a link', dialled);
  }
  await dialled.handshake(options);
  if (state.relationship.held) await open(state, dialled);
  return dialled;
}

/** Part 2.2 row 8: the link carries relays once the subject says that it sees the relationship. */
async function open(state: PeerState, dialled: Link): Promise<void> {
  const answer = await dialled.trustStatus();
  const { message, status } = answer;
  if (message?.type !== 'trust_status_response' || !message.trust_established) {
    const got = message ?? `HTTP ${status}`;
    throw new SubjectMisbehaved('the subject does not see the trust it has given', 'trust', got);
  }
  if (message.signature === undefined) return; // L-T08: at 1.0 only
  const { judge, crypto } = state.environment;
  const isSigned = isSignedBy(crypto, subjectKey(state), asReceived(answer), 'signature');
  judge.demand('X-SIG-01', isSigned, {
    what: 'trust_status_response is not signed by the server key of the subject',
    expected: `a signature of ${subjectKey(state)}`,
    got: message.signature,
  });
}

async function establish(
  state: PeerState,
  peer: Peer,
  options: TrustRunOptions = {},
): Promise<Established & { readonly link: Link }> {
  const fresh = await peer.link();
  const established = await createTrustRun(state, fresh, options).establish();
  await open(state, fresh);
  return { ...established, link: fresh };
}

async function relayed(
  environment: ActorEnvironment,
  { relays }: Inbox,
  { withinMs = defaultWithinMs, count = 1 }: { withinMs?: number; count?: number } = {},
): Promise<readonly Received<MessageRelay>[]> {
  environment.surface();
  const found = () => (relays.length >= count ? relays : undefined);
  await environment.subject.until(found, withinMs);
  environment.surface();
  return [...relays];
}

async function fetches(
  environment: ActorEnvironment,
  lists: ListDesk,
  { withinMs = defaultWithinMs, count = 1 }: { withinMs?: number; count?: number } = {},
): Promise<readonly Micros[]> {
  const found = () => (lists.fetches.length >= count ? true : undefined);
  await environment.subject.until(found, withinMs);
  environment.surface();
  return [...lists.fetches];
}

async function heard<T extends NorcMessage['type']>(
  environment: ActorEnvironment,
  inbox: Inbox,
  type: T,
  { withinMs = defaultWithinMs, count = 1 }: { withinMs?: number; count?: number } = {},
): Promise<readonly Received<Extract<NorcMessage, { type: T }>>[]> {
  const ofType = () => inbox.heard.filter(({ message }) => message.type === type);
  environment.surface();
  await environment.subject.until(() => (ofType().length >= count ? true : undefined), withinMs);
  environment.surface();
  return ofType() as Received<Extract<NorcMessage, { type: T }>>[];
}
