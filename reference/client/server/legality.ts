/**
 * Which message a device may send in which state (Part 2.1, X-ERR-06, X-ERR-07, L-X05), read from the
 * declarations. Before the handshake is over anything but the expected ends the connection; later an
 * unknown type is ignored and a known one out of place is a violation.
 */
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { Declaration, Direction } from '../../../spec/message.ts';
import { declarations, isMessageType, messages } from '../../../spec/messages.ts';
import type { Phase } from './state.ts';

export type Legality =
  | { readonly kind: 'legal' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'violation'; readonly requirement: RequirementId };

/** Directions in which a device sends. */
const fromDevice: ReadonlySet<Direction> = new Set<Direction>([
  'client-to-server',
  'client-server-both',
  'client-to-client',
]);

/** Other names of messages, which count at 1.0 only (L-W03). */
const aliases: ReadonlyMap<string, Declaration> = new Map(
  declarations.flatMap((declaration) =>
    declaration.aliases.map((alias) => [alias, declaration] as const),
  ),
);

export function legality(phase: Phase, type: string, version: string | null): Legality {
  const declaration = declarationOf(type, version);
  if (phase === 'connecting') return opening(type, declaration);
  if (!declaration) return { kind: 'unknown' };
  if (isLegal(declaration, phase)) return { kind: 'legal' };
  // Row 10: nothing of an application is heard before authentication.
  const early = phase === 'authenticating' && isLegal(declaration, 'authenticated');
  return { kind: 'violation', requirement: early ? 'C-AUTH-01' : 'X-ERR-07' };
}

/** Row 4. Two requirements say it: versions come before applications, and this frame comes first. */
function opening(type: string, declaration: Declaration | null): Legality {
  if (type === 'connection_request') return { kind: 'legal' };
  const isApplication = declaration !== null && isLegal(declaration, 'authenticated');
  return { kind: 'violation', requirement: isApplication ? 'X-AMC-06' : 'C-CONN-05' };
}

function isLegal(declaration: Declaration, phase: Phase): boolean {
  return fromDevice.has(declaration.direction) && declaration.legalIn.includes(phase);
}

function declarationOf(type: string, version: string | null): Declaration | null {
  if (isMessageType(type)) return messages[type];
  return version === '1.0' ? (aliases.get(type) ?? null) : null;
}
