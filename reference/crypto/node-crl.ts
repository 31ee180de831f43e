/** Revocation lists of X.509 (RFC 5280 5) for the cores. Belongs to node-x509. */
import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificateList, type Time } from '@peculiar/asn1-x509';
import { certificateOf, isSame, isSignedBy, keyOf, serialOf, toSeconds } from './node-asn1.ts';
import type { CertificateDer } from './x509.ts';
import type { CrlFacts } from './x509-evidence.ts';

/**
 * Number and authority key do not restrict what a list says. A delta or a partitioned list, which
 * says less than everything, marks itself by a critical extension (RFC 5280 5.2.4, 5.2.5).
 */
const UNDERSTOOD = new Set(['2.5.29.20', '2.5.29.35']);

/** Throws where the bytes are not what they should be. */
export function readCrl(list: ArrayBuffer, issuer: CertificateDer): CrlFacts | undefined {
  const { tbsCertList, tbsCertListRaw, signatureAlgorithm, signature } = AsnConvert.parse(
    list,
    CertificateList,
  );
  const { subject, subjectPublicKeyInfo } = certificateOf(issuer).tbsCertificate;
  if (!isSame(der(tbsCertList.issuer), der(subject))) return undefined;
  const isSound = isSignedBy(keyOf(der(subjectPublicKeyInfo)), {
    oid: signatureAlgorithm.algorithm,
    message: new Uint8Array(tbsCertListRaw ?? new ArrayBuffer(0)),
    signature: new Uint8Array(signature),
  });
  const { crlExtensions = [], revokedCertificates = [] } = tbsCertList;
  const entries = revokedCertificates.flatMap(({ crlEntryExtensions = [] }) => crlEntryExtensions);
  return {
    signer: { kind: isSound ? 'issuer' : 'stranger' },
    thisUpdateSeconds: secondsOf(tbsCertList.thisUpdate) ?? Number.MAX_SAFE_INTEGER,
    nextUpdateSeconds: tbsCertList.nextUpdate ? secondsOf(tbsCertList.nextUpdate) : null,
    unknownCritical: [...crlExtensions, ...entries]
      .filter(({ critical, extnID }) => critical && !UNDERSTOOD.has(extnID))
      .map(({ extnID }) => extnID),
    revoked: new Set(revokedCertificates.map(({ userCertificate }) => serialOf(userCertificate))),
  };
}

const der = (value: object): Uint8Array => new Uint8Array(AsnConvert.serialize(value));

function secondsOf(time: Time): number | null {
  const date = time.utcTime ?? time.generalTime;
  return date ? toSeconds(date) : null;
}
