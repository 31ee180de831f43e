/**
 * What the subject does about something it was sent, as a value that cases judge: what it answered,
 * and whether it closed. Part 2.1: an error that ends a connection is followed by the close at
 * once.
 */
import { toSeconds } from '../../../../../reference/time.ts';
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { ErrorMessage } from '../../../../../spec/messages/common/error.ts';
import type { Closed, DeviceConnection } from '../../../actors/device.ts';
import type { Received, Stage } from '../../../stage.ts';

export interface Reaction {
  /** The first error. */
  readonly error: ErrorMessage | null;
  /** How many errors there were. */
  readonly errors: number;
  /** Close code; null: the connection lives. */
  readonly closed: number | null;
  /** Everything else that came. */
  readonly others: readonly Received[];
}

type Heard = readonly (Received | Closed)[];

/** How long a connection that must answer or close is given before it counts as silent. */
const PATIENCE_MS = 1500;

/** Types that may come at any time and answer nothing. */
const unasked: readonly string[] = ['time_sync', 'ping', 'key_response', 'presence_notification'];

/** After the handshake: all that came before the pong that proves the connection alive. */
export async function reactionOf(connection: DeviceConnection): Promise<Reaction> {
  return summed(await connection.silence());
}

/**
 * Where no ping may be sent yet: all that comes until a close, a handshake answer, or nothing more.
 */
export async function openingReaction(
  connection: DeviceConnection,
  withinMs: number = PATIENCE_MS,
): Promise<Reaction> {
  const heard: (Received | Closed)[] = [];
  for (;;) {
    const got = await connection.next({ withinMs });
    if (got === null) return summed(heard);
    heard.push(got);
    if ('closed' in got || got.message.type === 'version_confirmation') return summed(heard);
  }
}

function summed(heard: Heard): Reaction {
  const messages = heard.filter((one) => !('closed' in one)) as readonly Received[];
  const end = heard.find((one) => 'closed' in one) as Closed | undefined;
  const errors = messages.filter(({ message }) => message.type === 'error');
  const [first] = errors as readonly Received<ErrorMessage>[];
  return {
    error: first?.message ?? null,
    errors: errors.length,
    closed: end?.code ?? null,
    others: messages.filter(
      (one) => !unasked.includes(one.message.type) && one.message.type !== 'error',
    ),
  };
}

/** For reports. */
export function told({ error, closed, others }: Reaction): unknown {
  return {
    error: error ? [error.error_code, error.details?.reason ?? null] : null,
    closed,
    answered: others.map(({ message }) => message.type),
  };
}

export interface Expected {
  /** Codes that the profile allows here. */
  readonly codes: readonly number[];
  /** How the connection must be afterwards. Absent: either. */
  readonly after?: 'closed' | 'open';
  readonly what: string;
}

/** An error of one of the codes, and nothing that shows that the message was taken. */
export function checkRefused(
  stage: Stage,
  id: RequirementId,
  reaction: Reaction,
  { codes, after, what }: Expected,
): void {
  const isRefused = reaction.error !== null && codes.includes(reaction.error.error_code);
  const isEnd = reaction.closed !== null;
  const endsRightly = after === undefined || isEnd === (after === 'closed');
  stage.check(id, isRefused && endsRightly && reaction.others.length === 0, {
    what,
    expected: { error: codes, ...(after && { connection: after }) },
    got: told(reaction),
  });
}

/** No answer at all, and the connection lives. */
export function checkSilent(
  stage: Stage,
  id: RequirementId,
  reaction: Reaction,
  what: string,
): void {
  const isSilent =
    reaction.errors === 0 && reaction.closed === null && reaction.others.length === 0;
  stage.check(id, isSilent, { what, expected: 'silence', got: told(reaction) });
}

/** The present second, as messages tell it. */
export const secondsOf = (stage: Stage): number => toSeconds(stage.now());
