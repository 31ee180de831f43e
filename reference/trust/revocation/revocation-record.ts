/** A revocation as it is kept: what it does, apart from how it came (T 5.1, L-R12). */
import type { AcknowledgmentStatus } from '../../../spec/messages/trust/enumerations.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { Hash } from '../../crypto/crypto.ts';
import type { Micros } from '../../time.ts';

export interface RevocationRecord {
  readonly revocationId: string;
  /** Whose certificate is meant. */
  readonly issuer: string;
  readonly certificateId: string;
  /** Null when we do not hold the certificate. */
  readonly subject: string | null;
  /** Until then it stays on the issuer's list (T-CRL-03). Null when we do not hold it. */
  readonly notAfterSeconds: number | null;
  readonly revokedBy: string;
  readonly reason: string;
  readonly scope: TrustRevoke['revocation_scope'];
  readonly effectiveSeconds: number;
  /** Already zero where the reason forbids grace (T-REV-07). */
  readonly graceSeconds: number;
  /** Names to subtract, when the scope is partial. */
  readonly permissions: readonly string[];
  /**
   * Issued in the future: until then the relation is suspended and nothing else happens (T-REV-16).
   */
  readonly quarantinedUntilSeconds: number | null;
  /**
   * H(canon(trust_revoke)): what a repeat is compared with (T-REV-11). Null when only a list says so.
   */
  readonly hash: Hash | null;
  /** H(label ‖ trust_revoke): where its acknowledgments and its clearing stand (L-H03). */
  readonly transcript: Hash | null;
  /** Conditional, and the issuer has said that the conditions are met (T-REV-06). */
  readonly isCleared: boolean;
  /** What we have acknowledged it with; said again to every repeat. */
  readonly answered: AcknowledgmentStatus;
  /** Who objects to it, and how: `peer status`. Written down, and nothing else (T-REV-10). */
  readonly objections: readonly string[];
}

/**
 * Something of ours about a revocation that one recipient has not acknowledged yet (T-REV-09,
 * profile 2.7 row 9): the revocation itself, or the decision that clears it.
 */
export interface Pushed {
  readonly peer: string;
  readonly message: TrustRevoke | TrustDecision;
  readonly since: Micros;
  /** H(label ‖ message): the acknowledgment stands after it. */
  readonly transcript: Hash;
  attempts: number;
  /** The audit log says that no acknowledgment came. */
  missed: boolean;
}

/** The last link of an issuer's chain of revocations, and what of it we have not seen (L-R09). */
export interface RevocationChain {
  readonly sequence: number;
  /** H(canon(the last trust_revoke)). */
  readonly hash: Hash;
  /** Where we began to listen: what comes before it is nobody's gap. */
  readonly fromSequence: number;
  /** The latest links, oldest first: two of one predecessor or number are a fork. */
  readonly links: readonly ChainLink[];
  readonly missing: readonly MissingLink[];
}

export interface ChainLink {
  readonly sequence: number;
  readonly previous: Hash;
  readonly hash: Hash;
}

/** A revocation that another one is linked to, or the issuer's list names, and that never came. */
export interface MissingLink {
  readonly hash: Hash;
  readonly sinceSeconds: number;
  readonly isReported: boolean;
}

/** Our own list as far as it must survive: with the records, the same bytes come of it again. */
export interface OwnList {
  readonly number: number;
  readonly thisUpdateSeconds: number;
  /** Of entries and chain: another content is another number (T-CRL-02). */
  readonly contentHash: Hash;
}

/** What we know of the list of an issuer whose certificate we hold (L-R08, L-T15). */
export interface WatchedList {
  readonly issuer: string;
  readonly certificateId: string;
  readonly level: string;
  /** Of the last list accepted; −1 before the first. */
  readonly number: number;
  readonly hash: Hash | null;
  /** The status is known until then. */
  readonly knownUntilSeconds: number;
  /** Last time that a list of the issuer's, or its own grant, said that all is well. */
  readonly goodAtSeconds: number;
  /** A build of the published 1.0 has no list (L-V12). */
  readonly isAbsent: boolean;
  /** Nobody can say whether the certificate is revoked, and that is too long ago (T-CERT-08). */
  readonly isUnknown: boolean;
  readonly isWarned: boolean;
  /** The certificate stood on a list: it must stand there until it has expired (T-CRL-03). */
  readonly isListed: boolean;
  /** Hashes of lists that contradict another one of the same number: each is one alarm. */
  readonly contradictions: readonly Hash[];
}
