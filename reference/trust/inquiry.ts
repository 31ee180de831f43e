/**
 * Questions of ours that a peer has not answered: what was asked, so that an answer can be held
 * against it. One of a kind for each peer and subject; they do not outlive the process.
 */
import type { FederationError } from '../../spec/messages/federation/federation-error.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type { Micros } from '../time.ts';
import { isSpokenAt } from '../wire/validate.ts';
import type { Scope } from './scope.ts';
import type { TrustState } from './state.ts';
import { versionWith } from './versions.ts';

export interface Inquiry {
  readonly peer: string;
  readonly message: Question;
  readonly at: Micros;
}

export type Question = Extract<
  NorcMessage,
  { type: 'trust_recommendation' | 'trust_health_check' | 'audit_root_query' }
>;

const questions: ReadonlySet<string> = new Set<Question['type']>([
  'trust_recommendation',
  'trust_health_check',
  'audit_root_query',
]);

export function isQuestion(message: NorcMessage): message is Question {
  return questions.has(message.type);
}

/** Open at one time. [P] */
const MOST_OPEN = 256;

export function ask(scope: Scope, peer: string, message: Question): void {
  const { state, context, link } = scope;
  const { inquiries } = state;
  const version = versionWith(state, peer);
  if (!context.must('X-AMC-11', isSpokenAt(message.type, version))) {
    return inquiryFailed(scope, peer, message, `there is none at ${version}`);
  }
  inquiries.delete(keyOf(peer, message));
  if (inquiries.size >= MOST_OPEN) dropOldest(state);
  inquiries.set(keyOf(peer, message), { peer, message, at: context.now });
  link.post(peer, message, context);
}

/** The question of this kind that `peer` has still to answer. */
export function openInquiry<T extends Question['type']>(
  state: TrustState,
  peer: string,
  type: T,
  isMeant: (message: Extract<Question, { type: T }>) => boolean = () => true,
): (Inquiry & { readonly message: Extract<Question, { type: T }> }) | undefined {
  for (const inquiry of state.inquiries.values()) {
    const { message } = inquiry;
    if (inquiry.peer !== peer || message.type !== type) continue;
    const asked = message as Extract<Question, { type: T }>;
    if (isMeant(asked)) return { ...inquiry, message: asked };
  }
  return undefined;
}

export function closeInquiry({ state }: Scope, peer: string, message: Question): void {
  state.inquiries.delete(keyOf(peer, message));
}

/** Refused, failed, or nobody there: the question is dropped, and may be put again. */
export function inquiryFailed(scope: Scope, peer: string, message: Question, why: string): void {
  closeInquiry(scope, peer, message);
  const detail = `${message.type} was not answered: ${why}`;
  scope.context.emit({ type: 'log', entry: { event: 'noted', detail, peer } });
}

/**
 * Whether an error answers one of them: by the id where the question has one, else when nothing
 * else of ours waits for this peer.
 */
export function inquiryRefused(
  scope: Scope,
  peer: string,
  { request_id: id, error_code: code }: FederationError,
): boolean {
  const { inquiries, asked } = scope.state;
  const meant = [...inquiries.values()].find(({ peer: other, message }) => {
    if (other !== peer) return false;
    return 'request_id' in message
      ? message.request_id === id
      : id === undefined && !asked.has(peer);
  });
  if (meant) inquiryFailed(scope, peer, meant.message, `error ${code}`);
  return meant !== undefined;
}

function keyOf(peer: string, message: Question): string {
  const about = message.type === 'trust_recommendation' ? message.target_server : '';
  return `${peer}/${message.type}/${about}`;
}

function dropOldest({ inquiries }: TrustState): void {
  const [oldest] = inquiries.keys();
  if (oldest !== undefined) inquiries.delete(oldest);
}
