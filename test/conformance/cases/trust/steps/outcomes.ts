/**
 * What the subject makes of a step of a trust run, as a value that cases judge (profile 2.3): taken,
 * refused with a code, rejected by a decision, or the link broken off.
 */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { NorcMessage } from '../../../../../spec/messages.ts';
import type { Answer, HandshakeOptions, Link, Peer, TrustRun } from '../../../actors/peer.ts';
import { SubjectMisbehaved } from '../../../case.ts';
import type { Stage } from '../../../stage.ts';
import { codeOf, told } from '../../federation/steps/answers.ts';

export type Step = 'capabilities' | 'request' | 'respond' | 'acknowledge';

const steps: readonly Step[] = ['capabilities', 'request', 'respond', 'acknowledge'];

/** What the subject answers a step with when it takes it. */
const taken: { readonly [step in Step]: NorcMessage['type'] | null } = {
  capabilities: 'trust_capabilities',
  request: 'trust_challenge',
  respond: 'trust_decision',
  acknowledge: null,
};

export interface Refused {
  /** Codes that the profile names. Absent: it only says that this is refused. */
  readonly codes?: readonly number[];
  /** Where a decision that rejects is as good as an error (2.3, responder rows 3 and 7). */
  readonly orRejected?: true;
  readonly what: string;
}

export function checkRefused(
  stage: Stage,
  id: RequirementId,
  answer: Answer,
  { codes, orRejected, what }: Refused,
): void {
  const { message } = answer;
  const code = codeOf(answer);
  const isCoded = code !== null && (codes === undefined || codes.includes(code));
  const isRejected = message?.type === 'trust_decision' && message.decision === 'reject';
  stage.check(id, isCoded || (orRejected === true && isRejected), {
    what,
    expected: { code: codes ?? 'any', ...(orRejected && { or: 'a decision that rejects' }) },
    got: told(answer),
  });
}

export function isTaken(step: Step, { message, status }: Answer): boolean {
  const type = taken[step];
  if (type === null) return message === null && status >= 200 && status < 300;
  const isRejection = message?.type === 'trust_decision' && message.decision === 'reject';
  return message?.type === type && !isRejection;
}

/** Does the steps before `last`, which the subject must take, and returns its answer to `last`. */
export async function upTo(run: TrustRun, last: Step): Promise<Answer> {
  for (const step of steps.slice(0, steps.indexOf(last))) mustTake(step, await run[step]());
  return run[last]();
}

/** The steps after `first`, all of which the subject must take. */
export async function onFrom(run: TrustRun, first: Step): Promise<void> {
  for (const step of steps.slice(steps.indexOf(first))) mustTake(step, await run[step]());
}

export function mustTake(step: Step, answer: Answer): void {
  if (isTaken(step, answer)) return;
  const what = `the honest ${step} of a trust run was not taken`;
  throw new SubjectMisbehaved(what, taken[step] ?? 'HTTP 204', told(answer));
}

export function checkTaken(
  stage: Stage,
  id: RequirementId,
  answer: Answer,
  { step, what }: { step: Step; what: string },
): void {
  const expected = taken[step] ?? 'HTTP 204';
  stage.check(id, isTaken(step, answer), { what, expected, got: told(answer) });
}

/** Nothing has been granted: the subject says so itself. */
export async function checkUntrusted(
  stage: Stage,
  id: RequirementId,
  peer: Peer,
  what: string,
): Promise<void> {
  const answer = await (await freshLink(peer)).trustStatus();
  const { message } = answer;
  const isOpen = message?.type === 'trust_status_response' && message.trust_established;
  stage.check(id, answer.status !== 0 && !isOpen, {
    what: `trust_status after ${what}`,
    expected: 'trust_established: false, or a refusal',
    got: standing(answer),
  });
}

/** Trust is in force: the subject says so itself. */
export async function checkTrusted(
  stage: Stage,
  id: RequirementId,
  peer: Peer,
  what: string,
  link: HandshakeOptions = {},
): Promise<void> {
  const answer = await (await freshLink(peer, link)).trustStatus();
  const { message } = answer;
  stage.check(id, message?.type === 'trust_status_response' && message.trust_established, {
    what: `trust_status after ${what}`,
    expected: 'trust_established: true',
    got: standing(answer),
  });
}

function standing(answer: Answer): unknown {
  const { message } = answer;
  if (message?.type !== 'trust_status_response') return told(answer);
  return { trust_established: message.trust_established, trust_level: message.trust_level };
}

/** With the handshake done and nothing asked: whether there is trust is for the case to find out. */
export async function freshLink(peer: Peer, options: HandshakeOptions = {}): Promise<Link> {
  const link = await peer.dial();
  if (link.refused) throw new SubjectMisbehaved('a link was refused', 'a link', link.reason);
  await link.handshake(options);
  return link;
}
