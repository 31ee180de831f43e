/**
 * A trust run with a server of ours as responder (profile 2.3): challenge, decision by what the
 * suite's own DNS zone holds, and the acknowledgment that puts it into force.
 */
import type { JsonObject } from '../../../reference/wire/json.ts';
import { type Level, levelNames } from '../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { TrustAcknowledgment } from '../../../spec/messages/trust/trust-acknowledgment.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { TrustResponse } from '../../../spec/messages/trust/trust-response.ts';
import { refusal } from './federation-terms.ts';
import { type PeerState, subjectId, subjectKey } from './peer-state.ts';
import { type Asked, type Reply, replyWith, signedReply } from './reply.ts';
import { isSignedBy } from './signing.ts';
import { issueCertificate, readCertificate } from './trust-certificate.ts';
import { composeCapabilities } from './trust-requester.ts';
import { composeChallenge, composeDecision } from './trust-responder.ts';
import { transcriptOf } from './trust-run-state.ts';

export interface Responder {
  capabilities(asked: Asked, message: TrustCapabilities): Reply;
  request(asked: Asked, message: TrustRequest): Reply;
  response(asked: Asked, message: TrustResponse): Promise<Reply> | Reply;
  acknowledgment(asked: Asked, message: TrustAcknowledgment): Reply;
}

interface Run {
  readonly request: TrustRequest;
  readonly messages: JsonObject[];
  readonly challenge: TrustChallenge;
  readonly challengeReply: Reply;
  decision: { readonly given: TrustDecision; readonly reply: Reply } | null;
  isClosed: boolean;
}

/** How long the subject's record may take to reach the zone after its response. */
const PUBLICATION_MS = 2000;

interface ResponderState {
  readonly peer: PeerState;
  /** Exchanged capabilities that no request has continued so far. */
  readonly openings: JsonObject[][];
  /** By request id. */
  readonly runs: Map<string, Run>;
}

export function createResponder(peer: PeerState): Responder {
  const state: ResponderState = { peer, openings: [], runs: new Map() };
  return {
    capabilities: (asked, message) => openRun(state, asked, message),
    request: (asked, message) => challenge(state, asked, message),
    response: (asked, message) => decide(state, asked, message),
    acknowledgment: (asked, message) => close(state, asked, message),
  };
}

function openRun({ peer, openings }: ResponderState, asked: Asked, message: TrustCapabilities) {
  judgeSigned(peer, [], { asked, member: 'signature', id: 'T-CAP-01', message });
  peer.environment.judge.demand('T-CAP-02', message.server_id === subjectId(peer), {
    what: 'trust_capabilities of the subject name another server than TLS',
    expected: subjectId(peer),
    got: message.server_id,
  });
  const th = transcriptOf(peer, [asked.json]);
  const version = message.supported_versions.includes(peer.versions[0] ?? '')
    ? (peer.versions[0] ?? message.protocol_version)
    : message.protocol_version;
  const reply = signedReply<TrustCapabilities>(peer, composeCapabilities(peer, version, th), {
    member: 'signature',
    bend: peer.bends.capabilities,
  });
  openings.push([asked.json, reply.message ?? {}]);
  return reply;
}

function challenge(state: ResponderState, asked: Asked, message: TrustRequest): Reply {
  const { peer, runs } = state;
  const known = runs.get(message.request_id);
  if (known) return known.challengeReply; // T-REQ-05
  const opening = openingFor(state, message);
  if (!opening) return replyWith(refusal(peer.environment, 5812, message.request_id));
  judgeSigned(peer, opening, { asked, member: 'signature', id: 'T-REQ-02', message });
  judgeRequest(peer, message);
  const messages = [...opening, asked.json];
  const composed = composeChallenge(peer, message, transcriptOf(peer, messages));
  const reply = signedReply<TrustChallenge>(peer, composed, {
    member: 'signature',
    bend: peer.bends.challenge,
  });
  messages.push(reply.message ?? {});
  runs.set(message.request_id, {
    request: message,
    messages,
    challenge: reply.message as unknown as TrustChallenge,
    challengeReply: reply,
    decision: null,
    isClosed: false,
  });
  return reply;
}

/** The subject may have asked twice before it requests: its transcript says which pair it means. */
function openingFor({ peer, openings }: ResponderState, message: TrustRequest) {
  const named = openings.find((pair) => transcriptOf(peer, pair) === message.transcript_hash);
  return named ?? openings.at(-1);
}

function judgeRequest(peer: PeerState, message: TrustRequest): void {
  const { judge } = peer.environment;
  const names = [message.requesting_server, message.target_server, message.server_public_key];
  const expected = [subjectId(peer), peer.serverId, subjectKey(peer)];
  judge.demand('T-REQ-04', names.join(' ') === expected.join(' '), {
    what: 'trust_request of the subject does not name both servers and its key',
    expected,
    got: names,
  });
}

function decide(state: ResponderState, asked: Asked, message: TrustResponse) {
  const { peer } = state;
  const run = state.runs.get(message.request_id);
  if (!run || run.challenge.challenge_id !== message.challenge_id) {
    return replyWith(refusal(peer.environment, 5803, message.request_id));
  }
  if (run.decision) return run.decision.reply;
  judgeSigned(peer, run.messages, { asked, member: 'signature', id: 'T-RESP-09', message });
  judgeProof(peer, run, message);
  run.messages.push(asked.json);
  // At once where it can be, so that nothing is late on a virtual clock.
  if (isPublished(peer, run)) return accept(peer, run);
  const { subject } = peer.environment;
  const found = subject.until(() => isPublished(peer, run) || undefined, PUBLICATION_MS);
  return found.then((published) =>
    published ? accept(peer, run) : replyWith(refusal(peer.environment, 5805, message.request_id)),
  );
}

/** T-RESP-02, T-RESP-03 */
function judgeProof(peer: PeerState, run: Run, message: TrustResponse): void {
  const { judge, crypto } = peer.environment;
  const task = run.challenge.challenges.find(({ type }) => type === 'cryptographic_proof');
  if (task?.type !== 'cryptographic_proof') return;
  const answer = message.challenge_responses.find(({ type }) => type === 'cryptographic_proof');
  const proof: JsonObject = {
    type: 'trust_proof',
    challenge_data: task.challenge_data,
    request_id: message.request_id,
    challenge_id: message.challenge_id,
    requesting_server: subjectId(peer),
    challenging_server: peer.serverId,
    ...(message.transcript_hash !== undefined && { transcript_hash: message.transcript_hash }),
  };
  const signature = answer?.type === 'cryptographic_proof' ? answer.signature : '';
  judge.demand('T-RESP-02', crypto.verify(subjectKey(peer), proof, signature), {
    what: 'the cryptographic proof of the subject does not cover this challenge',
    expected: `a signature of ${subjectKey(peer)} over trust_proof`,
    got: signature,
  });
}

/** Our own look-up; what the response says of the DNS is no proof (T-RESP-04). */
function isPublished(peer: PeerState, { challenge: { challenges } }: Run): boolean {
  const { zone } = peer.environment.subject;
  return challenges.every(
    (task) =>
      task.type !== 'domain_ownership' ||
      zone.txtOf(task.txt_record_name).includes(task.expected_value),
  );
}

function accept(peer: PeerState, run: Run): Reply {
  const { bends } = peer;
  const signature = bends.resign === false ? 'kept' : 'renewed';
  const issuance = issueCertificate(peer, {
    level: grantable(run.request.requested_trust_level),
    bend: bends.certificate,
    signature,
  });
  const th = transcriptOf(peer, run.messages);
  const decision = composeDecision(peer, { request: run.request, issuance, th });
  const answer = signedReply<TrustDecision>(peer, decision, {
    member: 'decision_signature',
    bend: bends.decision,
  });
  const reply = { ...answer, isBent: answer.isBent || bends.certificate !== undefined };
  run.messages.push(reply.message ?? {});
  run.decision = { given: reply.message as unknown as TrustDecision, reply };
  peer.relationship.given = issuance.issued;
  return reply;
}

/** A case that wants more than our authorities can prove asks for it in a bend. */
const grantable = (level: string): Level =>
  levelNames.find((name) => name === level && name !== 'untrusted') ?? 'basic';

function close(state: ResponderState, asked: Asked, message: TrustAcknowledgment): Reply {
  const { peer } = state;
  const run = state.runs.get(message.request_id);
  if (!run?.decision) return replyWith(refusal(peer.environment, 5803, message.request_id));
  const done: Reply = { status: 204, message: null, isBent: false };
  if (run.isClosed) return done;
  const member = 'acknowledgment_signature';
  judgeSigned(peer, run.messages, { asked, member, id: 'T-ACK-01', message });
  run.isClosed = true;
  const isMutual = run.decision.given.mutual_trust_required;
  if (!message.decision_accepted) Object.assign(peer.relationship, { given: null, held: null });
  else if (isMutual || message.trust_certificate !== undefined) {
    peer.relationship.held = readCertificate(peer, message.trust_certificate);
  }
  return done;
}

interface Signed {
  readonly asked: Asked;
  readonly member: string;
  readonly id: RequirementId;
  readonly message: { readonly type: string; readonly transcript_hash?: string };
}

/** Running transcript and signature; at 1.0 what the published text lacks may be absent. */
export function judgeSigned(peer: PeerState, before: readonly JsonObject[], signed: Signed): void {
  const { judge, crypto } = peer.environment;
  const { asked, member, id, message } = signed;
  if (message.transcript_hash !== undefined) {
    const expected = transcriptOf(peer, before);
    judge.demand('X-TRN-08', message.transcript_hash === expected, {
      what: `${message.type} of the subject does not carry the running transcript`,
      expected,
      got: message.transcript_hash,
    });
  }
  if (asked.json[member] === undefined) return;
  judge.demand(id, isSignedBy(crypto, subjectKey(peer), asked.json, member), {
    what: `${message.type} of the subject is not signed by its server key`,
    expected: `a signature of ${subjectKey(peer)}`,
    got: asked.json[member],
  });
}
