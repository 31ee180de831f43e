/**
 * C1, Part 2.1 row 1: the HTTP upgrade of a device (C-CONN-01 to C-CONN-03, C-CONN-12). What is
 * agreed here is a hint; the handshake in band decides (L-V08). The answer never accepts an
 * extension, so permessage-deflate is declined (L-W04).
 */

import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { fixed, limits } from '../../../spec/limits.ts';
import type { ConnectionId, Context, UpgradeOffer } from '../../core.ts';
import { seconds } from '../../time.ts';
import type { Result } from '../../wire/result.ts';
import { chooseVersion, type VersionChoice } from '../../wire/version.ts';
import { pickSubprotocol, readSubprotocol, type Subprotocol, versionsOf } from '../subprotocol.ts';
import { bounds } from './bounds.ts';
import { listedVersions } from './hints.ts';
import type { Server } from './state.ts';
import { timerName } from './timers.ts';

export function upgradeRequested(
  server: Server,
  id: ConnectionId,
  offer: UpgradeOffer,
  context: Context,
): void {
  const { must } = context;
  const own = server.config.versions.client;
  const refuse = (status: number, requirement: RequirementId, detail: string): void =>
    refuseUpgrade(id, { status, requirement, detail }, context);

  if (server.connections.size >= bounds.connections) return refuse(503, 'X-FMT-03', 'full');
  if (!must('C-CONN-01', offer.tlsProtocol === fixed.tlsVersion)) {
    return refuse(403, 'C-CONN-01', offer.tlsProtocol);
  }
  if (!must('C-CONN-02', offer.path === fixed.clientPath)) return refuse(404, 'C-CONN-02', 'path');
  const picked = pickSubprotocol(own, offer.subprotocols);
  if (!must('C-CONN-03', picked)) return refuse(426, 'C-CONN-03', 'no subprotocol is spoken');
  const choice = negotiated(own, offer, picked, context);
  if (!choice.ok) return refuse(426, choice.error.requirement, choice.error.detail);
  accept(server, { id, offer, subprotocol: picked ?? anySubprotocol(own) }, choice.value, context);
}

interface Accepted {
  readonly id: ConnectionId;
  readonly offer: UpgradeOffer;
  readonly subprotocol: Subprotocol;
}

function accept(
  server: Server,
  { id, offer, subprotocol }: Accepted,
  { version, compatibilityMode }: VersionChoice,
  context: Context,
): void {
  server.connections.set(id, {
    id,
    offer,
    subprotocol,
    phase: 'connecting',
    agreed: null,
    registration: null,
    authentication: null,
    session: null,
    failures: 0,
    malformed: 0,
    unansweredPings: 0,
  });
  context.emit({
    type: 'accept-upgrade',
    connection: id,
    subprotocol: subprotocol.name,
    headers: {
      'NORC-Negotiated-Version': version,
      'NORC-Compatibility-Mode': String(compatibilityMode),
    },
  });
  // C-CONN-10
  const at = context.now + seconds(limits.handshakeSeconds);
  context.emit({ type: 'set-timer', timer: timerName('handshake', id), at });
}

/** From the header list if there is one, else from the subprotocols (spec/choices.md). */
function negotiated(
  own: readonly string[],
  offer: UpgradeOffer,
  picked: Subprotocol | null,
  { must }: Context,
): Result<VersionChoice> {
  // Without a subprotocol, which only a careless build accepts, there is nothing to go by.
  const listed = listedVersions(offer) ?? (picked ? offeredVersions(own, offer) : own);
  return chooseVersion(own, listed, { must });
}

function offeredVersions(own: readonly string[], offer: UpgradeOffer): readonly string[] {
  return offer.subprotocols.slice(0, limits.listedVersions).flatMap((name) => {
    const subprotocol = readSubprotocol(name);
    if (!subprotocol) return [];
    if (subprotocol.minor !== null) return [`${subprotocol.major}.${subprotocol.minor}`];
    return versionsOf(own, subprotocol);
  });
}

/** What a build that does not insist would answer to a name it does not know. */
function anySubprotocol(own: readonly string[]): Subprotocol {
  const [major = 1] = (own[0] ?? '').split('.').map(Number);
  return { name: `norc-c-json-v${major}`, major, minor: null };
}

function refuseUpgrade(
  connection: ConnectionId,
  refusal: { status: number; requirement: RequirementId; detail: string },
  context: Context,
): void {
  const { status, requirement, detail } = refusal;
  context.emit({ type: 'refuse-upgrade', connection, status, reason: 'upgrade refused' });
  context.emit({
    type: 'log',
    entry: { event: 'refused', requirement, code: null, detail, peer: connection },
  });
}
