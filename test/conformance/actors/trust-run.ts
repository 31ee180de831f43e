/**
 * A trust run with a server of ours as requester (profile 2.3): each step sends one message and
 * gives back the subject's answer unjudged; `establish` takes all of them and judges what comes.
 */
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { Level } from '../../../spec/emitted/registries.ts';
import { fixed } from '../../../spec/limits.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import { type NorcMessage, messages as registry } from '../../../spec/messages.ts';
import { SuiteError } from '../case.ts';
import type { Bend } from '../stage.ts';
import { composeExtension } from './government.ts';
import type { Answer, Link, TrustRun, TrustRunOptions } from './peer.ts';
import type { PeerState } from './peer-state.ts';
import { asJson, asReceived, decodedText, signedAndBent } from './signing.ts';
import { certificateBlob, issueCertificate } from './trust-certificate.ts';
import { establish } from './trust-establishing.ts';
import {
  composeAcknowledgment,
  composeCapabilities,
  composeRequest,
  composeResponse,
} from './trust-requester.ts';
import { type RunState, type SignedStep, transcriptOf } from './trust-run-state.ts';

export function createTrustRun(
  peer: PeerState,
  link: Link,
  options: TrustRunOptions = {},
): TrustRun {
  const state: RunState = {
    peer,
    link,
    options,
    requestId: peer.environment.chance.uuid(),
    isMutualWished: options.mutual ?? true,
    keyOf: () => peer.key,
    messages: [],
    challenge: undefined,
    decision: undefined,
  };
  const steps = {
    capabilities: () => sendCapabilities(state),
    request: () => sendRequest(state),
    respond: () => respond(state),
    acknowledge: () => acknowledge(state),
  };
  return {
    requestId: state.requestId,
    ...steps,
    establish: () => establish(state, steps),
    take: (decision) => keep(state, decision),
    get challenge() {
      return state.challenge;
    },
    get decision() {
      return state.decision;
    },
    get messages() {
      return state.messages as unknown as readonly NorcMessage[];
    },
  };
}

const th = ({ peer, messages }: RunState): string => transcriptOf(peer, messages);

async function sendCapabilities(state: RunState): Promise<Answer> {
  const { peer, link, options } = state;
  const version = link.session?.trustVersion ?? peer.environment.at;
  const message = composeCapabilities(peer, version, th(state));
  return step(state, message as NorcMessage, options.capabilities);
}

async function sendRequest(state: RunState): Promise<Answer> {
  const { peer, options, requestId, isMutualWished } = state;
  const { level = 'basic', method = 'direct_exchange', publish = 'expected' } = options;
  const { standards = [] } = options;
  const wish = { requestId, level, method, mutual: isMutualWished, standards };
  const message = composeRequest(peer, wish, th(state));
  const { txt_record, challenge } = message.domain_proof;
  // The requester's own value is a pre-check at most (L-T03), but an honest one keeps it.
  if (publish === 'expected') peer.environment.subject.zone.addTxt(txt_record, challenge);
  const answer = await step(state, message as NorcMessage, options.request);
  const isTaken = answer.message === null && answer.status >= 200 && answer.status < 300;
  return method === 'government_pki' && isTaken ? sendExtension(state) : answer;
}

async function sendExtension(state: RunState): Promise<Answer> {
  const message = composeExtension(state.peer, state.requestId, th(state));
  return step(state, message as NorcMessage, state.options.extension);
}

export async function respond(state: RunState): Promise<Answer> {
  const { peer, options, challenge } = state;
  if (!challenge) throw new SuiteError('the case answers a challenge that has not come');
  publish(state, challenge);
  const prover = { ...peer, key: state.keyOf('respond') };
  const message = composeResponse(prover, challenge, th(state));
  return step(state, message as NorcMessage, options.response);
}

function publish({ peer, options }: RunState, { challenges }: TrustChallenge): void {
  const { zone } = peer.environment.subject;
  for (const task of challenges) {
    if (task.type !== 'domain_ownership' || options.publish === 'nothing') continue;
    const other = `${fixed.dnsValuePrefix}${encodeBase64url(peer.environment.chance.entropy(32))}`;
    zone.addTxt(task.txt_record_name, options.publish === 'other' ? other : task.expected_value);
  }
}

export async function acknowledge(state: RunState): Promise<Answer> {
  const { peer, options, decision, requestId } = state;
  if (!decision) throw new SuiteError('the case acknowledges a decision that has not come');
  const isMutual = state.isMutualWished || decision.mutual_trust_required;
  const level = decision.granted_trust_level as Level;
  const grant = { level, bend: options.certificate, signature: signatureOf(options) } as const;
  const reverse = isMutual ? issueCertificate(peer, grant).issued : null;
  const message = composeAcknowledgment(peer, {
    requestId,
    isMutual,
    reverse: reverse && certificateBlob(reverse),
    ...validityOf(decision),
    th: th(state),
  });
  peer.relationship.given = reverse ?? peer.relationship.given;
  return step(state, message as NorcMessage, options.acknowledgment);
}

/** Read without judging: `establish` does that. */
function validityOf({ certificate_bundle, trust_metadata }: TrustDecision) {
  try {
    const certificate = JSON.parse(decodedText(certificate_bundle[0] ?? ''));
    return { notBefore: certificate.not_before, notAfter: certificate.not_after };
  } catch {
    const { established_at, expires_at } = trust_metadata;
    return { notBefore: established_at, notAfter: expires_at };
  }
}

const signatureOf = ({ resign = true }: TrustRunOptions) => (resign ? 'renewed' : 'kept');

const stepOf: { readonly [T in NorcMessage['type']]?: SignedStep } = {
  trust_response: 'respond',
  trust_acknowledgment: 'acknowledge',
};

/** Signs, bends, sends, and keeps both messages for the transcript. */
export async function step<T extends object>(
  state: RunState,
  message: NorcMessage,
  bend: Bend<T> | undefined,
): Promise<Answer> {
  const { peer, link, options, messages } = state;
  const signer = {
    crypto: peer.environment.crypto,
    key: state.keyOf(stepOf[message.type] ?? 'ask'),
    member: registry[message.type].signed?.member ?? 'signature',
  };
  const sent = signedAndBent(message as unknown as T, signer, {
    bend,
    signature: signatureOf(options),
  });
  messages.push(asJson(sent));
  const answer = bend
    ? await link.requestRaw(sent)
    : await link.request(sent as unknown as NorcMessage);
  keep(state, answer);
  return answer;
}

function keep(state: RunState, answer: Pick<Answer, 'message' | 'text'>): void {
  const { message } = answer;
  if (message === null || registry[message.type].layer !== 'trust') return;
  state.messages.push(asReceived(answer));
  if (message.type === 'trust_challenge') state.challenge = message;
  if (message.type === 'trust_decision') state.decision = message;
}
