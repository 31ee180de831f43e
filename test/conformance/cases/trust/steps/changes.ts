/** Small changes that cases make to messages of ours. */
import { decodeBase64url, encodeBase64url } from '../../../../../reference/wire/base64url.ts';
import type { TrustChallenge } from '../../../../../spec/messages/trust/trust-challenge.ts';
import type { TrustResponse } from '../../../../../spec/messages/trust/trust-response.ts';
import type { Peer } from '../../../actors/peer.ts';
import { SuiteError } from '../../../case.ts';
import type { Bend, Stage } from '../../../stage.ts';

/** A bend that sets members. */
export function set<T extends object>(change: { readonly [member: string]: unknown }): Bend<T> {
  return (message) => ({ ...message, ...change }) as ReturnType<Bend<T>>;
}

/** A bend that leaves a member out. */
export function leaveOut<T extends object>(member: string): Bend<T> {
  return (message) => {
    const left = Object.entries(message).filter(([name]) => name !== member);
    return Object.fromEntries(left) as ReturnType<Bend<T>>;
  };
}

/** Another hash, key or value of the same length. */
export function otherBytes(text: string | undefined): string {
  const bytes = decodeBase64url(text ?? '', (_, holds) => holds);
  if (!bytes.ok) throw new SuiteError(`${text} is no base64url`);
  const [first = 0, ...rest] = bytes.value;
  return encodeBase64url(Uint8Array.of(first ^ 1, ...rest));
}

/** A bend that puts a message elsewhere in its transcript, or into that of another run. */
export function misplaced<T extends { readonly transcript_hash?: string }>(message: T) {
  const { transcript_hash } = message;
  return { ...message, transcript_hash: otherBytes(transcript_hash) } as ReturnType<Bend<T>>;
}

type TaskType = TrustChallenge['challenges'][number]['type'];

/** A bend that sets members of one task of a challenge. */
export function task(type: TaskType, change: object): Bend<TrustChallenge> {
  return (message) =>
    ({
      ...message,
      challenges: message.challenges.map((one) =>
        one.type === type ? { ...one, ...change } : one,
      ),
    }) as ReturnType<Bend<TrustChallenge>>;
}

/** A bend that sets members of one answer of a response. */
export function answer(
  type: TaskType,
  change: (message: TrustResponse) => object,
): Bend<TrustResponse> {
  return (message) =>
    ({
      ...message,
      challenge_responses: message.challenge_responses.map((one) =>
        one.type === type ? { ...one, ...change(message) } : one,
      ),
    }) as ReturnType<Bend<TrustResponse>>;
}

/**
 * A chain for the name of a peer, with another key and whatever else is asked for. To be called before
 * the peer itself is there: the two share an address.
 */
export async function chainFor(
  stage: Stage,
  serverId: string,
  certificate: NonNullable<Parameters<Stage['peer']>[0]>['certificate'] = {},
): Promise<Peer['chain']> {
  const twin = await stage.peer({ serverId, certificate });
  await twin.goOffline();
  return twin.chain;
}
