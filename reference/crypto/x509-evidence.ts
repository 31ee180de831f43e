/**
 * What the cores ask of the evidence that stands beside a certificate: OCSP answers (RFC 6960),
 * revocation lists (RFC 5280 5) and certificate transparency (RFC 6962). Signatures are judged
 * here; whether what is signed is enough, and still true now, is the cores' business.
 */
import type { CertificateDer, CertificateFacts } from './x509.ts';

/** Whose signature stands under evidence about a certificate. */
export type EvidenceSigner =
  | { readonly kind: 'issuer' }
  /** One whom the issuer has certified to answer for it (RFC 6960 4.2.2.2). */
  | { readonly kind: 'delegate'; readonly facts: CertificateFacts }
  /** Anybody else, or a signature that does not hold. */
  | { readonly kind: 'stranger' };

export interface OcspFacts {
  readonly signer: EvidenceSigner;
  /** Only those about the certificate that was asked about, by issuer name, issuer key and number. */
  readonly answers: readonly OcspAnswer[];
}

export interface OcspAnswer {
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly thisUpdateSeconds: number;
  /** Null: the responder does not say (RFC 6960 4.2.2.1). */
  readonly nextUpdateSeconds: number | null;
}

export interface CrlFacts {
  /** The issuer of the certificates itself: no indirect lists. */
  readonly signer: EvidenceSigner;
  readonly thisUpdateSeconds: number;
  readonly nextUpdateSeconds: number | null;
  readonly unknownCritical: readonly string[];
  /** Serial numbers, lowercase hexadecimal. */
  readonly revoked: ReadonlySet<string>;
}

/** What a log has signed: the certificate itself, or its precertificate (RFC 6962 3.2). */
export type LogEntryKind = 'certificate' | 'precertificate';

export interface LogSignature {
  /** Code points of TLS 1.2: hash (1 byte) and signature (1 byte). */
  readonly algorithm: number;
  readonly bytes: Uint8Array;
}

export interface X509Evidence {
  /** An OCSPRequest for one certificate, without nonce: answers are told apart by their times. */
  ocspRequest(der: CertificateDer, issuer: CertificateDer): Uint8Array | undefined;
  /** Undefined when the bytes are no successful OCSP response. Never throws. */
  readOcsp(
    response: Uint8Array,
    der: CertificateDer,
    issuer: CertificateDer,
  ): OcspFacts | undefined;
  /** Undefined when the bytes are no revocation list of this issuer's name. Never throws. */
  readCrl(list: Uint8Array, issuer: CertificateDer): CrlFacts | undefined;
  /** Signed certificate timestamps inside the certificate, each as RFC 6962 3.2 has it. */
  embeddedTimestamps(der: CertificateDer): readonly Uint8Array[];
  /** The `signed_entry` of RFC 6962 3.2: what a log has signed of the certificate. */
  logEntry(der: CertificateDer, issuer: CertificateDer, kind: LogEntryKind): Uint8Array | undefined;
  /** Under a log key (base64url of its SubjectPublicKeyInfo): Ed25519, or ECDSA P-256 in DER. */
  verifyLog(logKey: string, message: Uint8Array, signature: LogSignature): boolean;
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
}
