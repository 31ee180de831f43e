/**
 * C-CONN-04, L-V08: headers, URI and subprotocol are hints that must agree with the lists in band.
 * Whoever edits one of the two on the way is found out here, or by the transcript.
 */
import { limits } from '../../../spec/limits.ts';
import type { ConnectionRequest } from '../../../spec/messages/client/connection-request.ts';
import type { UpgradeOffer } from '../../core.ts';

/** The versions of the header, in order; null when it is absent. */
export function listedVersions({ headers }: UpgradeOffer): readonly string[] | null {
  const header = headers['norc-client-versions'];
  if (header === undefined) return null;
  return header
    .split(',')
    .slice(0, limits.listedVersions)
    .map((text) => text.trim());
}

/** Whether header and URI say what the first frame says. */
export function hintsAgree(offer: UpgradeOffer, request: ConnectionRequest): boolean {
  const listed = listedVersions(offer);
  const preferred = offer.headers['norc-preferred-version']?.trim();
  return (
    (listed === null || sameList(listed, request.client_versions)) &&
    (preferred === undefined || preferred === request.preferred_version) &&
    (offer.queryVersion === undefined || request.client_versions.includes(offer.queryVersion))
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, at) => entry === b[at]);
}
