/**
 * Requests that come in on a link, judged in one order: is there a budget, can it be read, is it known,
 * is it said at the right time and place, has it its shape, is it the peer's, is it fresh. Only then
 * does anything look into what we know. X-RATE-08, X-ERR-05 to X-ERR-08, X-AMC-06, F-CONN-05, F-AUTH.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { fixed, limits } from '../../spec/limits.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import { type IncomingMessage, messages } from '../../spec/messages.ts';
import type { Context, ExchangeId, Frame } from '../core.ts';
import type { JsonObject } from '../crypto/crypto.ts';
import { readBody, sizeOf } from './body.ts';
import { chargeObjection, quotaObjection } from './charges.ts';
import { answer, answerNothing, FEDERATION_PATH, hold, listProofBody, refuse } from './exchange.ts';
import { gateObjection } from './gate.ts';
import { judgeHandshake } from './handshake-answer.ts';
import type { Link } from './link.ts';
import { translatedHello } from './master-hello.ts';
import { featureObjection, isIgnored, meant, versionFor } from './meaning.ts';
import {
  type Judged,
  logRefusal,
  objection,
  pass,
  type Refusal,
  refusalOf,
  stop,
} from './refusal.ts';
import { receiveRelay } from './relay-receive.ts';
import { judgeProof } from './request-proof.ts';
import { beginSession, recordRefusedHandshake } from './session.ts';
import { type Federation, governing, type Held, peerKey, validatorsOf } from './state.ts';
import { receiveTrust } from './trust-carrier.ts';
import { answerStatus } from './trust-status.ts';
import { isUuid } from './uuid.ts';

const { federation: code, trust: trustCode } = errorCode;

export interface PeerRequest {
  readonly exchange: ExchangeId;
  readonly path: string;
  readonly proof: string | null;
  readonly body: Frame;
}

/** A request that is the peer's own, whole and fresh. */
interface Arrival {
  readonly link: Link;
  readonly exchange: ExchangeId;
  readonly path: string;
  readonly message: IncomingMessage;
  readonly body: JsonObject;
  readonly sizeBytes: number;
}

/** Neither refused nor heeded. */
const IGNORED = { ignored: true } as const;

export function receiveRequest(
  federation: Federation,
  link: Link,
  request: PeerRequest,
  context: Context,
): void {
  const { exchange, path } = request;
  const held = hold(federation, link, exchange);
  if (path === fixed.crlPath) return receiveListRequest(federation, link, request, held, context);
  if (path !== fixed.trustPath && path !== FEDERATION_PATH) {
    return answer(federation, exchange, { status: 404, message: null }, context);
  }
  const judged = judge(federation, link, request, held, context);
  if (!judged.ok) return objectTo(federation, link, held, request, judged.refusal, context);
  if ('ignored' in judged.value) return answerNothing(federation, exchange, context);
  heed(federation, judged.value, context);
}

/** L-R08: whoever has shaken hands may fetch what we have revoked. */
function receiveListRequest(
  federation: Federation,
  link: Link,
  request: PeerRequest,
  held: Held,
  context: Context,
): void {
  held.type = listProofBody.type;
  const { exchange } = request;
  const refused =
    quotaObjection(link, context) ??
    chargeObjection(federation, link, 0, context) ??
    sessionObjection(link, held.type, context) ??
    proofObjection(federation, link, request, listProofBody, context);
  if (refused) return refuse(federation, exchange, endedBy(link, refused), context);
  const message = federation.ports.trust.revocationList(context);
  answer(federation, exchange, { status: 200, message }, context);
}

/** X-ERR-05: what is wrong with an error is nobody's business but ours. */
function objectTo(
  federation: Federation,
  link: Link,
  held: Held,
  { exchange }: PeerRequest,
  refusal: Refusal,
  context: Context,
): void {
  if (context.must('X-ERR-05', !errorTypes.has(held.type))) {
    return refuse(federation, exchange, refusal, context);
  }
  logRefusal(refusal, link.peer, context);
  answerNothing(federation, exchange, context);
}

function judge(
  federation: Federation,
  link: Link,
  request: PeerRequest,
  held: Held,
  context: Context,
): Judged<Arrival | typeof IGNORED> {
  const sizeBytes = sizeOf(request.body);
  const overdrawn =
    quotaObjection(link, context) ?? chargeObjection(federation, link, sizeBytes, context);
  if (overdrawn) return stop(overdrawn);
  const read = readBody(request.body, limits.federationBodyBytes, context);
  if (!read.ok) return stop(unreadable(federation, link, request, read.error, context));
  const body = read.value;
  held.requestId = isUuid(body.request_id) ? body.request_id : undefined;
  held.type = typeof body.type === 'string' ? body.type : '';
  // L-X05: while hands are shaken nothing but the handshake is passed over.
  if (link.session && isIgnored(link.session, held.type, context)) return pass(IGNORED);

  const misplaced =
    placeObjection(link, held.type, request.path, context) ??
    featureObjection(link, held.type, context);
  if (misplaced) return stop(misplaced);
  const understood = translatedHello(federation.config.serverId, body, context);
  const shaped = validatorsOf(federation, context).request(understood, versionFor(link, held.type));
  if (!shaped.ok) {
    const refusal = refusalOf(shaped.error, malformedOn(request.path), 'malformed');
    return stop(endedBy(link, refusal));
  }
  const message = shaped.value;
  const foreign =
    identityObjection(federation, link, message, sizeBytes, context) ??
    proofObjection(federation, link, request, body, context);
  if (foreign) return stop(endedBy(link, foreign));
  const { exchange, path } = request;
  return pass({ link, exchange, path, message, body, sizeBytes });
}

/** Before the handshake the first fault ends the link (2.2 row 14). */
function endedBy({ session }: Link, refusal: Refusal): Refusal {
  return session === null ? { ...refusal, endsLink: true } : refusal;
}

// --- before it is read --------------------------------------------------------------------------------

function unreadable(
  federation: Federation,
  link: Link,
  { path }: PeerRequest,
  fault: Parameters<typeof refusalOf>[0],
  context: Context,
): Refusal {
  const isSize =
    fault.requirement === 'X-FMT-03' && fault.path === undefined && fault.offset === undefined;
  link.malformedCount += 1;
  // X-ERR-08: a stranger has one, a peer ten.
  const allowed = link.session ? limits.malformedFramesBeforeClose - 1 : 0;
  const ends = !context.must('X-ERR-08', link.malformedCount <= allowed);
  const refusal = refusalOf(fault, isSize ? code.messageTooLarge : malformedOn(path), 'malformed');
  return { ...refusal, ...(ends && federation.links.has(link.id) && { endsLink: true as const }) };
}

// --- what it is -----------------------------------------------------------------------------------------

const errorTypes: ReadonlySet<string> = new Set([
  'error',
  'federation_error',
  'rate_limit_exceeded',
]);

/** Types that only ever answer. */
const answersOnly: ReadonlySet<string> = new Set(
  Object.values(messages)
    .filter(({ layer }) => layer === 'federation')
    .flatMap(({ answeredBy }) => answeredBy),
);

/** X-AMC-06, X-ERR-07: the handshake once and first, everything on the path of its layer. */
function placeObjection(link: Link, type: string, path: string, context: Context): Refusal | null {
  const isHandshake = type === 'federation_handshake' || type === 'federation_hello';
  const known = meant(type);
  const layer = known ? messages[known].layer : 'federation';
  const isOnPath = (layer === 'trust') === (path === fixed.trustPath);
  // An error may close an exchange of either layer.
  const isError = type === 'federation_error' || type === 'rate_limit_exceeded';
  const isLegal = isError || (isOnPath && layer !== 'client' && !answersOnly.has(known ?? type));
  return (
    (isHandshake ? null : sessionObjection(link, type, context)) ??
    objection(context, 'X-ERR-07', isLegal && !(link.session && isHandshake), () => ({
      code: path === fixed.trustPath ? trustCode.unexpected : code.malformed,
      detail: `${type} on ${path} while ${link.state}`,
      reason: 'unexpected_message',
      endsLink: true,
    }))
  );
}

function sessionObjection({ session }: Link, type: string, context: Context): Refusal | null {
  return objection(context, 'X-AMC-06', session !== null, () => ({
    code: code.malformed,
    detail: `${type} before the handshake`,
    reason: 'unexpected_message',
    endsLink: true,
  }));
}

function malformedOn(path: string): typeof code.malformed | typeof trustCode.malformed {
  return path === fixed.trustPath ? trustCode.malformed : code.malformed;
}

// --- whose it is --------------------------------------------------------------------------------------

/** F-CONN-05: the name in the message is the name of the certificate. The handshake picks it (L-F19). */
function identityObjection(
  federation: Federation,
  link: Link,
  message: IncomingMessage,
  sizeBytes: number,
  context: Context,
): Refusal | null {
  const isHandshake = message.type === 'federation_handshake';
  const named = isHandshake || !('requesting_server' in message) ? null : message.requesting_server;
  const isPeers = isHandshake
    ? (link.tls?.names.includes(message.requesting_server) ?? false)
    : named === null || messages[message.type].layer === 'trust' || named === link.peer;
  const refused = objection(context, 'F-CONN-05', isPeers, () => ({
    code: code.malformed,
    detail: `${named ?? 'a name'} on a link of ${link.tls?.names.join(' ') ?? 'nobody'}`,
    reason: 'identity_mismatch',
  }));
  if (refused || !isHandshake) return refused;
  link.peer = message.requesting_server;
  return chargeObjection(federation, link, sizeBytes, context);
}

function proofObjection(
  federation: Federation,
  link: Link,
  { proof: header }: PeerRequest,
  body: JsonObject,
  context: Context,
): Refusal | null {
  const key = peerKey(federation, link);
  const target = federation.config.serverId;
  return judgeProof(link.proofs, { header, requester: link.peer, target, body, key }, context);
}

// --- what is done about it ----------------------------------------------------------------------------

function heed(federation: Federation, arrival: Arrival, context: Context): void {
  const { link, exchange, message } = arrival;
  switch (message.type) {
    case 'federation_handshake':
      return shakeHands(federation, arrival, context);
    case 'trust_status': {
      const reply = answerStatus(federation, link, message, context);
      return answer(federation, exchange, { status: 200, message: reply }, context);
    }
    case 'message_relay':
      return relay(federation, arrival, message, context);
    case 'federation_error':
    case 'rate_limit_exceeded':
      // On the trust path it breaks off an exchange of that layer; elsewhere it is for the log.
      if (arrival.path === fixed.trustPath) {
        return receiveTrust(federation, link, { message, exchange }, context);
      }
      return noteError(federation, arrival, context);
    case 'time_sync': // Whose time counts, and for what, is a matter of trust.
      return receiveTrust(federation, link, { message, exchange }, context);
    default:
      return messages[message.type].layer === 'trust'
        ? receiveTrust(federation, link, { message, exchange }, context)
        : refuseUnbuilt(federation, arrival, context);
  }
}

function noteError(
  federation: Federation,
  { link, exchange, message }: Arrival,
  context: Context,
): void {
  const number = 'error_code' in message ? String(message.error_code) : '';
  const detail = `${message.type} ${number}`;
  context.emit({ type: 'log', entry: { event: 'noted', detail, peer: link.peer } });
  answerNothing(federation, exchange, context);
}

function shakeHands(federation: Federation, arrival: Arrival, context: Context): void {
  const { link, exchange, message: handshake, body } = arrival;
  if (handshake.type !== 'federation_handshake') return;
  const judged = judgeHandshake({ federation, link, handshake, body }, context);
  if (!judged.ok) {
    recordRefusedHandshake(federation, link, judged.refusal, context);
    // A handshake that fails ends the link (row 14).
    return refuse(federation, exchange, { ...judged.refusal, endsLink: true }, context);
  }
  const { session, response } = judged.value;
  answer(federation, exchange, { status: 200, message: response }, context);
  beginSession(federation, link, session, context);
}

function relay(
  federation: Federation,
  { link, exchange, body, sizeBytes }: Arrival,
  message: MessageRelay,
  context: Context,
): void {
  const barred = gateObjection({ federation, link, type: message.type }, context);
  if (barred) return refuse(federation, exchange, barred, context);
  const standing = governing(federation, link, context.now);
  receiveRelay({ federation, link, relay: message, body, sizeBytes, standing }, exchange, context);
}

/** F-TRUST-03 first, so that who may not ask does not learn what is built; then X-AMC-11. */
function refuseUnbuilt(federation: Federation, arrival: Arrival, context: Context): void {
  const { link, exchange, message } = arrival;
  const { type } = message;
  const needsActive = !messages[type].legalIn.includes('authenticating');
  const barred = needsActive ? gateObjection({ federation, link, type }, context) : null;
  const unbuilt: Refusal = {
    requirement: 'X-AMC-11',
    code: code.capabilityMissing,
    detail: `${type} is not built`,
    reason: 'capability',
  };
  refuse(federation, exchange, barred ?? unbuilt, context);
}
