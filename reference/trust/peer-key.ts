/** Whose key verifies what a peer signs (X-SIG-02; choices.md, NORC-F: key of a peer). */
import type { PublicKey } from '../crypto/crypto.ts';
import type { TrustOrigin } from '../ports.ts';
import type { TrustState } from './state.ts';

/** The certified server key while a relationship lives, else null. */
export function certifiedKeyOf(state: TrustState, peer: string): PublicKey | null {
  const relation = state.relations.get(peer);
  return relation?.live ? relation.peerKey : null;
}

/** Before there is a relationship, the key of the TLS leaf, which the chain binds to the name. */
export function peerKeyOf(
  state: TrustState,
  origin: Pick<TrustOrigin, 'peer' | 'tlsKey'>,
): PublicKey | null {
  return certifiedKeyOf(state, origin.peer) ?? origin.tlsKey;
}
