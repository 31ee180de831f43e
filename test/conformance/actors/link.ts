/** One HTTP/2 connection that a server of ours has dialled (profile 2.2, seen from the dialler). */
import type { JsonObject } from '../../../reference/wire/json.ts';
import { isObject } from '../../../reference/wire/json.ts';
import { fixed } from '../../../spec/limits.ts';
import { isMessageType, messages, type NorcMessage } from '../../../spec/messages.ts';
import { SubjectMisbehaved } from '../case.ts';
import { LinkBroken, type LinkChannel } from '../ground.ts';
import { defaultWithinMs } from './environment.ts';
import { parsedOurs, type Route } from './exchange.ts';
import { composeHandshake, handshake } from './handshake.ts';
import type {
  Answer,
  Link,
  LinkOptions,
  LinkRefused,
  LinkSession,
  Peer,
  RequestOptions,
} from './peer.ts';
import { type PeerState, subjectId } from './peer-state.ts';
import { createProofs, proofFor } from './request-proof.ts';

const FEDERATION_PATH = '/norc-f';

interface LinkState {
  readonly peer: PeerState;
  readonly channel: LinkChannel;
  readonly route: Route;
  readonly proofOf: ReturnType<typeof createProofs>;
  session: LinkSession | undefined;
}

/** `face` is the peer as cases see it. */
export async function dial(
  peer: PeerState,
  face: () => Peer,
  options: LinkOptions = {},
): Promise<Link | LinkRefused> {
  const { subject, exchange } = peer.environment;
  const label = peer.environment.label('link');
  const route = { from: peer.serverId, to: 'subject', channel: label };
  const alpn = options.alpn ?? peer.versions.map((version) => `norc-f/${version}`);
  const identity = await identityOf(peer, options);
  const channel = await subject.dial({ alpn, identity, maxTls: options.maxTls ?? '1.3' });
  if (channel.refused) {
    exchange.event(route, `dial refused: ${channel.reason}`);
    return channel;
  }
  exchange.event(route, `dial ${channel.alpn ?? 'without ALPN'}`);
  peer.environment.opened(channel);
  const proofOf = createProofs(peer);
  return linkOf({ peer, channel, route, proofOf, session: undefined }, face(), alpn);
}

async function identityOf(
  { environment, serverId, identity }: PeerState,
  { withoutCertificate, certificate }: LinkOptions,
) {
  if (withoutCertificate) return null;
  if (!certificate) return identity;
  return environment.authority.issue({ serverId, role: 'federation', options: certificate });
}

function linkOf(state: LinkState, face: Peer, alpnOffer: readonly string[]): Link {
  const { peer, channel } = state;
  const link: Link = {
    refused: false,
    peer: face,
    alpn: channel.alpn,
    alpnOffer,
    get session() {
      return state.session;
    },
    request: (message, options = {}) => request(state, message, options),
    requestRaw: (body, options = {}) => requestRaw(state, body, options),
    proofFor: (message, bend) => proofFor(peer, message, bend),
    composeHandshake: (options = {}) => composeHandshake(peer, alpnOffer, options).request,
    async handshake(options = {}) {
      state.session = await handshake(peer, link, options);
      return state.session;
    },
    fetchList: (options = {}) => fetchList(state, options),
    trustStatus: (level = 'basic') => trustStatus(state, level),
    closed: ({ withinMs = defaultWithinMs } = {}) => channel.closed(withinMs),
    close: () => channel.close(),
  };
  return link;
}

async function trustStatus(state: LinkState, level: string): Promise<Answer> {
  const message = {
    type: 'trust_status',
    target_server: subjectId(state.peer),
    requesting_server: state.peer.serverId,
    trust_level_required: level,
  };
  return requestRaw(state, message, {});
}

async function request(
  state: LinkState,
  message: NorcMessage,
  options: RequestOptions,
): Promise<Answer> {
  const body = message as unknown as JsonObject;
  const text = state.peer.environment.exchange.send(state.route, body, versionOf(state));
  return post(state, { body: text, value: body, type: message.type }, options);
}

async function requestRaw(
  state: LinkState,
  frame: string | Uint8Array | JsonObject,
  options: RequestOptions & { type?: string },
): Promise<Answer> {
  const text = state.peer.environment.exchange.sendRaw(state.route, frame, versionOf(state));
  const parsed = parsedOurs(text);
  const value = parsed !== undefined && isObject(parsed) ? parsed : {};
  const named = typeof value.type === 'string' ? value.type : '';
  const body = frame instanceof Uint8Array ? frame : text;
  return post(state, { body, value, type: options.type ?? named }, options);
}

/** A GET has no body, so its proof covers the type of what is fetched (choices.md). */
async function fetchList(state: LinkState, options: RequestOptions): Promise<Answer> {
  state.peer.environment.exchange.event(state.route, `GET ${fixed.crlPath}`);
  const value = { type: 'norc_crl' };
  const path = fixed.crlPath;
  return post(state, { body: null, value, type: value.type }, { ...options, path });
}

interface Outgoing {
  /** Null: a GET. */
  readonly body: string | Uint8Array | null;
  /** What the honest proof covers; of a text that is no JSON object, the empty object. */
  readonly value: JsonObject;
  readonly type: string;
}

async function post(
  state: LinkState,
  outgoing: Outgoing,
  options: RequestOptions,
): Promise<Answer> {
  const { environment } = state.peer;
  environment.surface();
  const { body, value, type } = outgoing;
  const { path = pathFor(type), withinMs = defaultWithinMs } = options;
  const proof = options.proof === undefined ? state.proofOf(value, type) : options.proof;
  const headers = {
    ...(body !== null && { 'content-type': 'application/json' }),
    ...(proof !== null && { [fixed.proofHeader]: proof }),
    ...options.headers,
  };
  try {
    const answer = await state.channel.request(path, body, headers, withinMs);
    environment.surface();
    return answerOf(state, answer);
  } catch (error) {
    if (!(error instanceof LinkBroken)) throw error;
    environment.exchange.event(inward(state), error.message);
    return { status: 0, message: null, text: '' };
  }
}

/** L-T32 */
const pathFor = (type: string): string =>
  isMessageType(type) && messages[type].layer === 'trust' ? fixed.trustPath : FEDERATION_PATH;

function answerOf(state: LinkState, { status, text }: { status: number; text: string }): Answer {
  const { exchange } = state.peer.environment;
  if (text === '') {
    exchange.event(inward(state), `HTTP ${status}`);
    return { status, message: null, text };
  }
  const received = exchange.receive(inward(state), text, versionOf(state));
  if (received) return { status, message: received.message, text };
  throw new SubjectMisbehaved('an answer of a type that nobody knows', 'a known type', text);
}

const versionOf = ({ session, peer }: LinkState): string => session?.version ?? peer.environment.at;

const inward = ({ route }: LinkState): Route => ({
  from: route.to,
  to: route.from,
  channel: route.channel,
});
