/**
 * What the cores ask of X.509: facts of a certificate, and whether one signed another. Judging the
 * facts is the cores' business. Certificates have their wire form, base64url of DER.
 */
import type { JsonObject, PublicKey, Signature } from './crypto.ts';
import type { X509Evidence } from './x509-evidence.ts';

/** base64url of a DER certificate. */
export type CertificateDer = string;

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Lowercase hexadecimal; unique for each issuer. */
  readonly serialNumber: string;
  /** DNS names of the subject alternative name, lowercase. */
  readonly dnsNames: readonly string[];
  readonly notBeforeSeconds: number;
  readonly notAfterSeconds: number;
  readonly key: {
    readonly algorithm: 'ed25519' | 'ecdsa_p256' | 'rsa' | 'other';
    readonly sizeBits: number;
    /** Raw key of Ed25519, else null. */
    readonly raw: PublicKey | null;
  };
  /** `digitalSignature`, `keyAgreement`, `keyCertSign`, …; null when the extension is absent. */
  readonly keyUsage: readonly string[] | null;
  /** OIDs; null when the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | null;
  readonly isAuthority: boolean;
  /** Certificates that may follow below this authority; null when unbounded. */
  readonly pathLength: number | null;
  readonly policyOids: readonly string[];
  /** Names that may (else all) and may not stand below this authority; null when not restricted. */
  readonly nameConstraints: NameConstraints | null;
  /** Where its issuer answers for it: OCSP, and revocation lists. */
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  /** OIDs of critical extensions that we do not understand. */
  readonly unknownCritical: readonly string[];
  /** base64url SHA-256 of the DER. */
  readonly fingerprint: string;
}

/** DNS names, lowercase: each covers itself and all below it (RFC 5280 4.2.1.10). */
export interface NameConstraints {
  readonly permitted: readonly string[] | null;
  readonly excluded: readonly string[];
}

export interface X509 extends X509Evidence {
  /** Undefined when the bytes are no certificate. Never throws. */
  read(der: CertificateDer): CertificateFacts | undefined;
  /** Names chain, issuer is an authority and its key made the signature. Validity is not judged. */
  isIssuedBy(der: CertificateDer, issuer: CertificateDer): boolean;
  /**
   * `signature` over canon(value) by the certificate's key (Ed25519, or ECDSA P-256 as raw r‖s):
   * L-T06 key_binding.
   */
  verifyByLeaf(der: CertificateDer, value: JsonObject, signature: Signature): boolean;
}
