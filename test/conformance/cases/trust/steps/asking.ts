/**
 * The subject as the side that asks: a device of its writes to a user of a server of ours that it does
 * not trust yet (2.3, requester). What our server answers is bent by the case.
 */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import { fixed } from '../../../../../spec/limits.ts';
import type { NorcMessage } from '../../../../../spec/messages.ts';
import type { Device } from '../../../actors/device.ts';
import type { Peer, PeerOptions } from '../../../actors/peer.ts';
import { type Case, defineCase, Untestable } from '../../../case.ts';
import type { Stage } from '../../../stage.ts';
import { checkUntrusted } from './outcomes.ts';

export interface Asking {
  readonly alice: Device;
  readonly bravo: Peer;
}

export const TEXT = 'the message that waits for trust';

/** How long something that must not happen is given to happen. */
const PATIENCE_MS = 1500;

/** Whether it asks by itself is the subject's own policy; one that never does cannot be judged. */
export async function asking(stage: Stage, options: PeerOptions = {}): Promise<Asking> {
  const alice = await stage.device();
  const bravo = await stage.peer(options);
  const { userId } = bravo.user;
  const conversationId = await alice.createConversation([userId]);
  await alice.sendMessage({ conversationId, to: [userId], text: TEXT });
  const [offer] = await bravo.heard('trust_capabilities');
  if (!offer) throw new Untestable('the subject does not ask for trust by itself');
  return { alice, bravo };
}

/** The record under which the subject is to publish. */
export const ownRecord = ({ subject }: Stage): string =>
  `${fixed.dnsChallengePrefix}${subject.serverId}`;

/** What the subject says when it breaks off, or null when it just stops. */
export async function breakOff(bravo: Peer): Promise<number | null> {
  const inbound = await bravo.inbound({ withinMs: PATIENCE_MS });
  const message = inbound?.received.message;
  return message?.type === 'federation_error' ? message.error_code : null;
}

/** Nothing of this type has come, and none comes. */
export async function checkNeverSent(
  stage: Stage,
  id: RequirementId,
  bravo: Peer,
  { type, what }: { type: NorcMessage['type']; what: string },
): Promise<void> {
  const heard = await bravo.heard(type, { withinMs: PATIENCE_MS });
  stage.check(id, heard.length === 0, {
    what: `${type} of the subject after ${what}`,
    expected: 'none',
    got: heard.map(({ message }) => message),
  });
}

export interface AskedFault {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly readings?: Case['readings'];
  readonly needs?: Case['needs'];
  readonly at?: NonNullable<Case['at']>;
  /** Codes with which the subject may break off, if it says anything. Absent: any. */
  readonly codes?: readonly number[];
  readonly answers: (stage: Stage) => PeerOptions;
}

/** What must not follow when an answer of ours is wrong. */
export interface Consequence {
  /** The message of the subject that would show that it has taken the answer. */
  readonly never: 'trust_request' | 'trust_response';
  readonly what: string;
}

/** Families of answers of ours with one fault each, on which the subject must not go on. */
export function brokenOff(
  topic: string,
  faults: readonly AskedFault[],
  { never, what }: Consequence,
): readonly Case[] {
  return faults.map(({ id, title, verifies, readings, needs, at, codes, answers }) =>
    defineCase({
      id: `trust/${topic}/${id}`,
      title,
      verifies: [verifies],
      ...(readings && { readings }),
      ...(needs && { needs }),
      ...(at && { at }),
      async run(stage) {
        const { bravo } = await asking(stage, answers(stage));
        const code = await breakOff(bravo);
        stage.check(verifies, code === null || codes === undefined || codes.includes(code), {
          what: `the code with which the subject breaks off after ${what}`,
          expected: { oneOf: codes, or: 'silence' },
          got: code,
        });
        await checkNeverSent(stage, verifies, bravo, { type: never, what });
        await checkUntrusted(stage, verifies, bravo, what);
      },
    }),
  );
}
