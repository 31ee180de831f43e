/**
 * What a change of trust does to links (profile 2.2 rows 7, 8, 10 to 13). Trust is asked at the instant
 * it matters, so a link that is active by the table is never used beyond the certificate behind it.
 */
import { levelNames } from '../../spec/emitted/registries.ts';
import type { Context } from '../core.ts';
import type { Standing } from '../ports.ts';
import { seconds } from '../time.ts';
import { waits } from './bounds.ts';
import { endLink, timerOf } from './exchange.ts';
import { type Link, move } from './link.ts';
import { type Federation, governing } from './state.ts';

/** Position in the order of levels; an unknown one is below all (L-X02: unknown is denied). */
export function rankOf(level: string): number {
  return (levelNames as readonly string[]).indexOf(level);
}

export function reaches(level: string, floor: string): boolean {
  return rankOf(level) >= rankOf(floor);
}

/** Brings a link into the state that trust allows now. Opening it takes trust_status (row 8). */
export function settleLink(federation: Federation, link: Link, context: Context): void {
  if (!link.session) return;
  const standing = governing(federation, link, context.now);
  if (standing.status === 'active') admitOrSink(link, standing, context);
  else if (standing.status === 'suspended') suspend(link);
  else cut(link, context);
  if (link.state === 'trusted' && link.acknowledged) open(federation, link, context);
  federation.due.add(link.peer);
}

/** Row 8: both sides say established. */
export function open(federation: Federation, link: Link, context: Context): void {
  if (link.state !== 'trusted') return;
  move(link, 'trust_confirmed');
  federation.due.add(link.peer);
  const destination = federation.destinations.get(link.peer);
  if (destination?.link === link.id) destination.failures = 0;
  const { expiresAtSeconds } = governing(federation, link, context.now);
  const timer = `federation/expiry/${link.peer}`;
  context.emit({ type: 'set-timer', timer, at: seconds(expiresAtSeconds) });
}

/** A link that lingered after the end of trust. It stays while an answer is still owed either way. */
export function endLingering(federation: Federation, link: Link, context: Context): void {
  if (link.state !== 'error') return;
  if (link.held.size + link.pending.size === 0) endLink(federation, link, 'trust ended', context);
  else linger(link, context);
}

/** Before it is opened the minimum waits (L-F10); afterwards a new link must be asked for. */
function admitOrSink(link: Link, standing: Standing, context: Context): void {
  const isBelow = isBelowMinimum(link, standing);
  if (link.state === 'authenticating' && isBelow) return;
  if (!context.must('F-HS-04', !isBelow)) return cut(link, context);
  if (link.state === 'authenticating') move(link, 'trust_found');
  if (link.state === 'suspended') move(link, 'trust_cleared');
}

/** F-HS-04 holds as long as the link: a level may be taken back while it is open (T-COND-03). */
export function isBelowMinimum({ session }: Link, { level }: Standing): boolean {
  return session !== null && !reaches(level, session.minimumLevel);
}

/** Row 11. A link that is not open stays as it is; what it asks for is refused by the standing. */
function suspend(link: Link): void {
  link.acknowledged = false;
  if (link.state === 'active') move(link, 'trust_suspended');
}

/** Row 10. The peer may learn why from a refusal (5002, 5003) before the link goes. */
function cut(link: Link, context: Context): void {
  link.acknowledged = false;
  if (link.state === 'authenticating' || link.state === 'error') return;
  move(link, 'trust_ended');
  linger(link, context);
}

function linger(link: Link, { now, emit }: Context): void {
  const at = now + seconds(waits.lingerSeconds);
  emit({ type: 'set-timer', timer: timerOf(link, 'linger'), at });
}
