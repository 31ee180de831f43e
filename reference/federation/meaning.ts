/**
 * What is meant by a type at the version of a session (X-AMC-11): the master's names count at 1.0 only
 * (L-W03), and what a version does not have is off, though we have it for others. Unknown types are
 * ignored (X-ERR-06).
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { isMessageType, type MessageType, messages } from '../../spec/messages.ts';
import type { Context } from '../core.ts';
import { isSpokenAt } from '../wire/validate.ts';
import { isAtLeast } from '../wire/version.ts';
import type { Link, Session } from './link.ts';
import { objection, type Refusal } from './refusal.ts';

const aliases: ReadonlyMap<string, MessageType> = new Map(
  Object.values(messages).flatMap((known) =>
    known.aliases.map((alias): [string, MessageType] => [alias, known.type]),
  ),
);

/** Under whatever name; null where this build does not know it. */
export function meant(type: string): MessageType | null {
  return isMessageType(type) ? type : (aliases.get(type) ?? null);
}

export function isIgnored(session: Session, type: string, { must }: Context): boolean {
  const alias = aliases.get(type);
  const isAlias = alias !== undefined && !isAtLeast(versionIn(session, alias), '1.1');
  const isUnknown = type !== '' && !isMessageType(type) && !isAlias;
  return !must('X-ERR-06', !isUnknown);
}

/** Before the handshake, what 1.0 tolerates. */
export function versionFor({ session }: Link, type: string): string {
  return session ? versionIn(session, meant(type)) : '1.0';
}

export function featureObjection(link: Link, type: string, context: Context): Refusal | null {
  const version = versionFor(link, type);
  return objection(context, 'X-AMC-11', !isMessageType(type) || isSpokenAt(type, version), () => ({
    code: errorCode.federation.capabilityMissing,
    detail: `${type} at ${version}`,
    reason: 'capability',
  }));
}

/** NORC-T has a version of its own (L-V11). */
function versionIn(session: Session, type: MessageType | null): string {
  const isTrust = type !== null && messages[type].layer === 'trust';
  return isTrust ? (session.trustVersion ?? '1.0') : session.version;
}
