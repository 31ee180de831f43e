/** A request of the subject as our honest side sees it, and what it answers. */
import type { JsonObject } from '../../../reference/wire/json.ts';
import type { ChannelRequest } from '../ground.ts';
import type { Bend, Received } from '../stage.ts';
import type { Refusal } from './federation-terms.ts';
import type { PeerState } from './peer-state.ts';
import { asReceived, signedAndBent } from './signing.ts';

/** A request of the subject, read. */
export interface Asked {
  readonly request: ChannelRequest;
  readonly received: Received;
  /** As the subject wrote it: what its signatures cover. */
  readonly json: JsonObject;
}

export interface Reply {
  readonly status: number;
  readonly message: JsonObject | null;
  /** Bent by the case: our own schema does not judge it. */
  readonly isBent: boolean;
}

export const replyWith = ({ status, message }: Refusal): Reply => ({
  status,
  message: message as unknown as JsonObject,
  isBent: false,
});

/** Our answer, signed under `member`, bent and signed again as the case has it. */
export function signedReply<T extends object>(
  { environment, key, bends }: PeerState,
  message: object,
  { member, bend }: { member: string; bend: Bend<T> | undefined },
): Reply {
  const signer = { crypto: environment.crypto, key, member };
  const signature = bends.resign === false ? 'kept' : 'renewed';
  const finished = signedAndBent(message as T, signer, { bend, signature });
  return { status: 200, message: finished, isBent: bend !== undefined };
}

export const read = (request: ChannelRequest, received: Received): Asked => ({
  request,
  received,
  json: asReceived(received),
});
