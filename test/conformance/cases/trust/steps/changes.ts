/** Small changes that cases make to messages of ours. */
import type { JsonObject } from '../../../../../reference/crypto/crypto.ts';
import { bytesOf, encodeBase64url } from '../../../../../reference/wire/base64url.ts';
import type { TrustChallenge } from '../../../../../spec/messages/trust/trust-challenge.ts';
import type { TrustResponse } from '../../../../../spec/messages/trust/trust-response.ts';
import type { CertificateOptions, Peer } from '../../../actors/peer.ts';
import type { Bend, Stage } from '../../../stage.ts';

const asJson = (message: object): JsonObject => message as JsonObject;

/** A bend that sets members. */
export function set(change: JsonObject): Bend<object> {
  return (message) => ({ ...message, ...change });
}

/** A bend that leaves a member out. */
export function leaveOut(member: string): Bend<object> {
  return (message) =>
    Object.fromEntries(Object.entries(message).filter(([name]) => name !== member));
}

/** Another hash, key or value of the same length. */
export function otherBytes(text = ''): string {
  const [first = 0, ...rest] = bytesOf(text);
  return encodeBase64url(Uint8Array.of(first ^ 1, ...rest));
}

/** A bend that puts a message into another transcript. */
export function misplaced(message: { readonly transcript_hash?: string }): JsonObject {
  return asJson({ ...message, transcript_hash: otherBytes(message.transcript_hash) });
}

type TaskType = TrustChallenge['challenges'][number]['type'];

/** A bend that sets members of one task of a challenge. */
export function setTask(type: TaskType, change: object): Bend<TrustChallenge> {
  return (message) =>
    asJson({
      ...message,
      challenges: message.challenges.map((task) =>
        task.type === type ? { ...task, ...change } : task,
      ),
    });
}

/** A bend that sets members of one answer of a response. */
export function setAnswer(
  type: TaskType,
  change: (message: TrustResponse) => object,
): Bend<TrustResponse> {
  return (message) =>
    asJson({
      ...message,
      challenge_responses: message.challenge_responses.map((answer) =>
        answer.type === type ? { ...answer, ...change(message) } : answer,
      ),
    });
}

/**
 * A chain for this name, with another key and whatever else is asked for. The subject can no longer
 * reach a peer of that name: the two shared an address.
 */
export async function chainFor(
  stage: Stage,
  serverId: string,
  certificate: CertificateOptions = {},
): Promise<Peer['chain']> {
  const twin = await stage.peer({ serverId, certificate });
  await twin.goOffline();
  return twin.chain;
}
