/**
 * One NORC-F connection and its state machine (profile 2.2). A link has a direction: requests run from
 * the side that dialled (choices.md). What may be done on it follows from the trust that governs it:
 * on an accepted link the certificate we issued, on a dialled link the one issued to us (L-T11).
 */
import { machines } from '../../spec/emitted/machines.ts';
import type { LinkState } from '../../spec/messages/federation/enumerations.ts';
import type { FederationHandshake } from '../../spec/messages/federation/federation-handshake.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import { invariant } from '../assert.ts';
import type { ExchangeId, LinkId } from '../core.ts';
import type {
  ExchangeKey,
  Hash,
  KemKey,
  PublicKey,
  SessionKeys,
  SuiteId,
} from '../crypto/crypto.ts';
import type { Micros } from '../time.ts';
import type { WaitingRelay } from './destination.ts';
import { createSeenProofs, type SeenProofs } from './request-proof.ts';

const { transitions } = machines['federation-link'];

/** What moves a link; the rows of the machine in spec/machines that each stands for. */
export type LinkEvent =
  | 'connected'
  | 'tls_accepted'
  | 'trust_found'
  | 'trust_confirmed'
  | 'trust_suspended'
  | 'trust_cleared'
  | 'trust_ended'
  | 'violated';

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
  readonly held: Set<ExchangeId>;
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
  /** The same of the authority of ours that the chain ends below. */
  readonly anchor: string;
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
  /** ML-KEM key of a hybrid suite, by whoever dialled: T-certificates name it (L-H14). */
  readonly encapsulationKey: string | null;
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
  | { readonly kind: 'list' }
  | { readonly kind: 'relay'; readonly waiting: WaitingRelay }
  | { readonly kind: 'trust'; readonly message: NorcMessage }
);

/** Rows of the machine that each event stands for; the machine says where they lead. */
const rowsOf: { readonly [E in LinkEvent]: readonly string[] } = {
  connected: ['2'],
  tls_accepted: ['3'],
  trust_found: ['7'],
  trust_confirmed: ['8'],
  trust_suspended: ['11'],
  trust_cleared: ['12'],
  trust_ended: ['10', '13'],
  violated: ['4', '14'],
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
    held: new Set(),
    proofs: createSeenProofs(),
    pending: new Map(),
    nextExchange: 0,
  };
}

export function move(link: Link, event: LinkEvent): void {
  const rows: readonly { n: string; from: readonly string[]; to: LinkState }[] = transitions;
  const row = rows.find(({ n, from }) => rowsOf[event].includes(n) && from.includes(link.state));
  invariant(row, `a link that is ${link.state} is told ${event}`);
  link.state = row.to;
}
