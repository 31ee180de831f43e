/** A revocation as it is kept: what it does, apart from how it came (T 5.1, L-R12). */
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
  /** H(canon(trust_revoke)): what a repeat is compared with (T-REV-11). */
  readonly hash: Hash;
}

/**
 * A revocation of ours that one recipient has not acknowledged yet (T-REV-09, profile 2.7 row 9).
 */
export interface Pushed {
  readonly peer: string;
  readonly message: TrustRevoke;
  readonly since: Micros;
  attempts: number;
  /** The audit log says that no acknowledgment came. */
  missed: boolean;
}
