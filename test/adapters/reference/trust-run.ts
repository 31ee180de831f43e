/**
 * A whole establishment of trust, judged from both ends: each message by the checks that the server
 * makes which receives it (machines trust-requester and trust-responder). What depends on DNS,
 * certificate chains and policy is judged elsewhere.
 */
import { seconds } from '../../../reference/time.ts';
import { type Check, firstBroken } from '../../../reference/trust/check.ts';
import {
  acceptanceChecks,
  acknowledgmentReceiptChecks,
} from '../../../reference/trust/establishment/acknowledgment.ts';
import { challengeChecks } from '../../../reference/trust/establishment/challenge.ts';
import {
  decisionSignatureCheck,
  isAwaited,
  isEmptyRejection,
  judgeGrant,
} from '../../../reference/trust/establishment/decision.ts';
import { identityChecks } from '../../../reference/trust/establishment/request.ts';
import { answerChecks, receiptChecks } from '../../../reference/trust/establishment/response.ts';
import { reaches } from '../../../reference/trust/policy.ts';
import type { Scope } from '../../../reference/trust/scope.ts';
import type { RequesterRun, ResponderRun } from '../../../reference/trust/state.ts';
import { addedSignatureChecks, placeChecks } from '../../../reference/trust/transcript.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import { chooseTrustVersion } from '../../../reference/wire/version.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Input } from './input.ts';
import { output, rejected } from './results.ts';
import { contextAt, crypto, hexOfWire, must, wireOf } from './tools.ts';

type MessageOf<T extends NorcMessage['type']> = Extract<NorcMessage, { type: T }>;
type Origin = Parameters<typeof challengeChecks>[2];

const validate = createValidator({ must });
const hardened = '2.0';
/** T-DEC-09 is about X.509, which is not judged here. */
const AUTHORITY = 'an authority';

/** The seven messages by what they are, or null where one is missing or malformed. */
function messagesIn(values: readonly JsonObject[]) {
  const read = values.map((value) => validate(value, hardened));
  const at = <T extends NorcMessage['type']>(index: number, type: T): MessageOf<T> | null => {
    const result = read[index];
    return result?.ok && result.value.type === type ? (result.value as MessageOf<T>) : null;
  };
  const offer = at(0, 'trust_capabilities');
  const answer = at(1, 'trust_capabilities');
  const request = at(2, 'trust_request');
  const challenge = at(3, 'trust_challenge');
  const response = at(4, 'trust_response');
  const decision = at(5, 'trust_decision');
  const acknowledgment = at(6, 'trust_acknowledgment');
  const isWhole = offer && answer && request && challenge && response && decision && acknowledgment;
  if (!isWhole || read.length !== 7) return null;
  return { offer, answer, request, challenge, response, decision, acknowledgment };
}

type Messages = NonNullable<ReturnType<typeof messagesIn>>;

interface Ends {
  readonly requester: string;
  readonly responder: string;
  readonly requesterKey: string;
  readonly responderKey: string;
  /** All of it, as received. */
  readonly values: readonly JsonObject[];
}

/** A server as far as these checks ask it. */
function scopeOf(serverId: string, publicKey: string, atSeconds: number): Scope {
  const state = { clocks: { offset: 0 }, relations: new Map(), revocations: new Map() };
  const authorities = [{ certificate: AUTHORITY }];
  const config = { serverId, identity: { publicKey }, authorities };
  return { config, state, context: contextAt(seconds(atSeconds)) } as unknown as Scope;
}

const originOf = (peer: string): Origin =>
  ({ peer, suite: '0101', exchange: null }) as unknown as Origin;

/** Of each step, what must hold; evaluated in this order. */
function checksOf(ends: Ends, messages: Messages): readonly (() => readonly Check[])[] {
  const { requester, responder, requesterKey, responderKey, values } = ends;
  const { offer, answer, request, challenge, response, decision, acknowledgment } = messages;
  const now = request.timestamp;
  const asking = scopeOf(requester, requesterKey, now);
  const asked = scopeOf(responder, responderKey, now);
  const answered = scopeOf(responder, responderKey, response.timestamp);
  const upTo = (count: number): readonly JsonObject[] => values.slice(0, count);
  const awaiting = {
    peer: requester,
    requestId: request.request_id,
    isOpen: true,
    key: requesterKey,
  };
  return [
    () => addedSignatureChecks(asked, offer, requesterKey, hardened),
    () => placeChecks(asked, offer, [], hardened),
    () => addedSignatureChecks(asking, answer, responderKey, hardened),
    () => placeChecks(asking, answer, upTo(1), hardened),
    () => identityChecks(asked, request, originOf(requester)),
    () => placeChecks(asked, request, upTo(2), hardened),
    () => addedSignatureChecks(asking, challenge, responderKey, hardened),
    () => placeChecks(asking, challenge, upTo(3), hardened),
    () => challengeChecks(asking, challenge, originOf(responder), { wish: wishOf(messages) }),
    () => placeChecks(answered, response, upTo(4), hardened),
    () => receiptChecks(answered, response, responderRun(ends, messages)),
    () => answerChecks(answered, response, responderRun(ends, messages)),
    () => decisionSignatureCheck(asking, decision, originOf(responder), responderKey),
    () => placeChecks(asking, decision, upTo(5), hardened),
    () => placeChecks(asked, acknowledgment, upTo(6), hardened),
    () => acknowledgmentReceiptChecks(asked, acknowledgment, awaiting),
  ];
}

const wishOf = ({ request }: Messages): RequesterRun['wish'] =>
  ({ level: request.requested_trust_level, method: request.trust_method }) as RequesterRun['wish'];

/** L-T30. */
const maxAge = ({ offer, answer }: Messages): number =>
  Math.min(offer.trust_policies.max_trust_age, answer.trust_policies.max_trust_age);

function responderRun({ requester }: Ends, messages: Messages): ResponderRun {
  const { request, challenge, decision } = messages;
  const mutual = request.trust_requirements.mutual || decision.mutual_trust_required;
  const run = { peer: requester, phase: 'challenge_sent', request, challenge, mutual };
  return {
    ...run,
    maxAgeSeconds: maxAge(messages),
    pqFingerprint: null,
  } as unknown as ResponderRun;
}

/** What both sides say of themselves, and that the request keeps to it. */
function wishFault(ends: Ends, { offer, answer, request }: Messages): string | null {
  const isNamed = offer.server_id === ends.requester && answer.server_id === ends.responder;
  if (!isNamed) return 'T-CAP-02';
  const lists = [answer.supported_versions, offer.supported_versions] as const;
  if (!chooseTrustVersion(...lists, hardened, { must }).ok) return 'T-CAP-04';
  if (request.server_public_key !== ends.requesterKey) return 'T-REQ-03';
  const { requested_trust_level: level, trust_method: method } = request;
  const methods: readonly string[] = answer.supported_methods;
  const levels: readonly string[] = answer.supported_trust_levels;
  if (level === 'untrusted') return 'T-LVL-02';
  if (!methods.includes(method) || !levels.includes(level)) return 'T-CAP-03';
  return reaches(method, level, null) ? null : 'T-LVL-05';
}

export function trustRun(input: Input): Answer {
  const values = input.inputs('messages').map(({ whole }) => whole);
  const messages = messagesIn(values);
  if (!messages) return rejected('malformed');
  const ends: Ends = {
    ...{ requester: input.text('requester'), responder: input.text('responder'), values },
    requesterKey: wireOf(input.text('requester_public_key')),
    responderKey: wireOf(input.text('responder_public_key')),
  };
  const wrong = wishFault(ends, messages);
  if (wrong) return rejected(wrong);
  for (const checks of checksOf(ends, messages)) {
    const refusal = firstBroken(must, checks());
    if (refusal) return rejected(`${refusal.requirement}: ${refusal.detail}`);
  }
  return judgeEnd(ends, messages);
}

/** Decision and acknowledgment, both authentic and in their place. */
function judgeEnd(ends: Ends, messages: Messages): Answer {
  const { request, decision, acknowledgment } = messages;
  const asking = scopeOf(ends.requester, ends.requesterKey, request.timestamp);
  const run = { phase: 'responded', requestId: request.request_id, deadline: Number.MAX_VALUE };
  if (!isAwaited(asking, decision, run as unknown as RequesterRun)) return rejected('T-DEC-10');
  if (decision.decision === 'reject') {
    const isPlain = isEmptyRejection(decision) && !acknowledgment.decision_accepted;
    return isPlain ? ended(ends, false, 'untrusted') : rejected('T-DEC-01');
  }
  const asked = {
    ...{ peer: ends.responder, level: request.requested_trust_level },
    ...{ maxAgeSeconds: maxAge(messages), follows: null, pqFingerprint: null },
  };
  const grant = judgeGrant(asking, withAuthority(decision), asked, ends.responderKey);
  if (!grant.ok) return rejected(`${grant.refusal.requirement}: ${grant.refusal.detail}`);
  if (!acknowledgment.decision_accepted) return ended(ends, false, 'untrusted');
  const responder = scopeOf(ends.responder, ends.responderKey, request.timestamp);
  const answered = responderRun(ends, messages);
  const checks = acceptanceChecks(responder, acknowledgment, answered, grant.certificate);
  const refusal = firstBroken(must, checks);
  if (refusal) return rejected(`${refusal.requirement}: ${refusal.detail}`);
  return ended(ends, true, decision.granted_trust_level);
}

/** Behind its certificate, whose signature has been verified as it came, an authority of ours. */
function withAuthority(decision: Messages['decision']): Messages['decision'] {
  const [certificate = ''] = decision.certificate_bundle;
  return { ...decision, certificate_bundle: [certificate, AUTHORITY] };
}

function ended({ values }: Ends, established: boolean, level: string): Answer {
  const hash = crypto.transcript('norc-t-handshake-v1', values);
  return output({ established, level, transcript_hash: hexOfWire(hash) });
}
