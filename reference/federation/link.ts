/**
 * One NORC-F connection and its state machine (profile 2.2). A link has a direction: requests run from
 * the side that dialled (choices.md). What may be done on it follows from the trust that governs it:
 * on an accepted link the certificate we issued, on a dialled link the one issued to us (L-T11).
 */
import type { LinkState } from '../../spec/messages/federation/enumerations.ts';
import type { FederationHandshake } from '../../spec/messages/federation/federation-handshake.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import { invariant } from '../assert.ts';
import type { ExchangeId, LinkId } from '../core.ts';
import type { ExchangeKey, Hash, KemKey, PublicKey, SessionKeys, SuiteId } from '../crypto/crypto.ts';
import type { Micros } from '../time.ts';
import type { WaitingRelay } from './destination.ts';
import { createSeenProofs, type SeenProofs } from './request-proof.ts';

export type LinkEvent =
  | 'connected' // row 2
  | 'tls_accepted' // row 3
  | 'trust_found' // row 7
  | 'trust_confirmed' // row 8
  | 'trust_suspended' // row 11
  | 'trust_cleared' // row 12
  | 'trust_ended' // rows 10 and 13
  | 'violated'; // rows 4 and 14

export interface Link {
  readonly id: LinkId;
  readonly direction: 'accepted' | 'dialled';
  /** The server at the other end: meant when we dialled, named by its handshake when accepted. */
  peer: string;
  state: LinkState;
  tls: TlsIdentity | null;
  /** Set when the handshake is complete. */
  session: Session | null;
  /** A trust_acknowledgment has been accepted on this link: it counts as trust_status (row 8). */
  acknowledged: boolean;
  /** Not before this instant is trust_status asked again. */
  statusAskedAgainAt: Micros;
  /** Bodies that could not be parsed (X-ERR-08). */
  malformedCount: number;
  /** Requests of the peer that wait for our answer. */
  heldCount: number;
  readonly proofs: SeenProofs;
  /** Our requests on this link that wait for an answer. */
  readonly pending: Map<ExchangeId, Pending>;
  nextExchange: number;
}

/** What TLS has proved of the other end. */
export interface TlsIdentity {
  /** DNS names of the leaf. */
  readonly names: readonly string[];
  /** The leaf's Ed25519 key, or null when it has another kind. */
  readonly key: PublicKey | null;
  readonly alpn: string;
  readonly alpnOffer: readonly string[];
  /** base64url SHA-256 of the leaf. */
  readonly fingerprint: string;
}

/** What the handshake has settled. */
export interface Session {
  readonly version: string;
  /** Null when the peer named no NORC-T version, which only 1.0 may. */
  readonly trustVersion: string | null;
  /** Null: a handshake without keys, under TLS alone (L-H01). */
  readonly suite: SuiteId | null;
  readonly compatibilityMode: boolean;
  readonly capabilities: readonly string[];
  readonly peerVersions: readonly string[];
  readonly connectionId: string;
  /** The level that both sides need at least (F-HS-04). */
  readonly minimumLevel: string;
  readonly transcript: Hash | null;
  /** For a record layer (L-H08); the JSON family needs none beside TLS. */
  readonly keys: SessionKeys | null;
}

/** Our half of a handshake that is under way. */
export interface Offer {
  readonly message: FederationHandshake;
  readonly exchange: ExchangeKey;
  readonly kem: KemKey | null;
}

/** Why we asked, to know what the answer is for. */
export type Pending = { readonly deadline: Micros } & (
  | { readonly kind: 'handshake'; readonly offer: Offer }
  | { readonly kind: 'status' }
  | { readonly kind: 'relay'; readonly waiting: WaitingRelay }
  | { readonly kind: 'trust'; readonly message: NorcMessage }
);

/** Profile 2.2; what is not in the table does not happen. */
const moves: { readonly [S in LinkState]: { readonly [E in LinkEvent]?: LinkState } } = {
  connecting: { connected: 'tls_handshake', violated: 'error' },
  tls_handshake: { tls_accepted: 'authenticating', violated: 'error' },
  authenticating: { trust_found: 'trusted', violated: 'error' },
  trusted: {
    trust_confirmed: 'active',
    trust_suspended: 'suspended',
    trust_ended: 'error',
    violated: 'error',
  },
  active: { trust_suspended: 'suspended', trust_ended: 'error', violated: 'error' },
  suspended: { trust_cleared: 'trusted', trust_ended: 'error', violated: 'error' },
  error: { violated: 'error' },
};

export function createLink(
  id: LinkId,
  start: { readonly direction: Link['direction']; readonly peer: string },
): Link {
  return {
    id,
    ...start,
    state: 'connecting',
    tls: null,
    session: null,
    acknowledged: false,
    statusAskedAgainAt: 0,
    malformedCount: 0,
    heldCount: 0,
    proofs: createSeenProofs(),
    pending: new Map(),
    nextExchange: 0,
  };
}

export function move(link: Link, event: LinkEvent): void {
  const next = moves[link.state][event];
  invariant(next, `a link that is ${link.state} is told ${event}`);
  link.state = next;
}
