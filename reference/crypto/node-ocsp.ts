/** OCSP (RFC 6960) for the cores: asking, and reading answers. Belongs to node-x509. */
import {
  BasicOCSPResponse,
  CertID,
  type CertStatus,
  id_pkix_ocsp_basic,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  Request,
  type SingleResponse,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { encodeBase64url } from '../wire/base64url.ts';
import { certificateOf, hashOf, isSame, isSignedBy, keyOf, toSeconds } from './node-asn1.ts';
import type { CertificateDer, X509 } from './x509.ts';
import type { EvidenceSigner, OcspAnswer, OcspFacts } from './x509-evidence.ts';

/** SHA-1 names a certificate here, it signs nothing; most responders know no other (RFC 5019). */
const HASHES: { readonly [oid: string]: string } = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const SHA1 = '1.3.14.3.2.26';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
/** Of the certificates that an answer brings along, so many are looked at. */
const MOST_DELEGATES = 4;

/** Throws where either is no certificate. */
export function ocspRequest(der: CertificateDer, issuer: CertificateDer): Uint8Array {
  const { nameHash, keyHash, serial } = identify(der, issuer, 'sha1');
  const reqCert = new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA1, parameters: null }),
    issuerNameHash: new OctetString(nameHash),
    issuerKeyHash: new OctetString(keyHash),
    serialNumber: Uint8Array.from(serial).buffer,
  });
  const tbsRequest = new TBSRequest({ requestList: [new Request({ reqCert })] });
  return new Uint8Array(AsnConvert.serialize(new OCSPRequest({ tbsRequest })));
}

/** What names a certificate in OCSP (RFC 6960 4.1.1). */
function identify(der: CertificateDer, issuer: CertificateDer, hash: string) {
  const { issuer: name, serialNumber } = certificateOf(der).tbsCertificate;
  const { subjectPublicKeyInfo } = certificateOf(issuer).tbsCertificate;
  return {
    nameHash: hashOf(hash, new Uint8Array(AsnConvert.serialize(name))),
    keyHash: hashOf(hash, new Uint8Array(subjectPublicKeyInfo.subjectPublicKey)),
    serial: new Uint8Array(serialNumber),
  };
}

/** Throws where the bytes are not what they should be. */
export function readOcsp(
  response: ArrayBuffer,
  der: CertificateDer,
  issuer: CertificateDer,
  x509: Pick<X509, 'read' | 'isIssuedBy'>,
): OcspFacts | undefined {
  const { responseStatus, responseBytes } = AsnConvert.parse(response, OCSPResponse);
  if (responseStatus !== OCSPResponseStatus.successful) return undefined;
  if (responseBytes?.responseType !== id_pkix_ocsp_basic) return undefined;
  const basic = AsnConvert.parse(responseBytes.response, BasicOCSPResponse);
  const { responses, responseExtensions = [] } = basic.tbsResponseData;
  if (responseExtensions.some(({ critical }) => critical)) return undefined;
  return {
    signer: signerOf(basic, issuer, x509),
    answers: responses.filter((one) => isAbout(one, der, issuer)).flatMap(answerOf),
  };
}

function isAbout({ certID }: SingleResponse, der: CertificateDer, issuer: CertificateDer): boolean {
  const hash = HASHES[certID.hashAlgorithm.algorithm];
  if (hash === undefined) return false;
  const { nameHash, keyHash, serial } = identify(der, issuer, hash);
  return (
    isSame(new Uint8Array(certID.issuerNameHash.buffer), nameHash) &&
    isSame(new Uint8Array(certID.issuerKeyHash.buffer), keyHash) &&
    isSame(new Uint8Array(certID.serialNumber), serial)
  );
}

function answerOf({
  certStatus,
  thisUpdate,
  nextUpdate,
  singleExtensions = [],
}: SingleResponse): OcspAnswer[] {
  if (singleExtensions.some(({ critical }) => critical)) return [];
  return [
    {
      status: statusOf(certStatus),
      thisUpdateSeconds: toSeconds(thisUpdate),
      nextUpdateSeconds: nextUpdate ? toSeconds(nextUpdate) : null,
    },
  ];
}

function statusOf({ good, revoked }: CertStatus): OcspAnswer['status'] {
  if (revoked !== undefined) return 'revoked';
  return good === undefined ? 'unknown' : 'good';
}

/** RFC 6960 4.2.2.2: the issuer, or whom it has certified for this purpose; nobody else. */
function signerOf(
  basic: BasicOCSPResponse,
  issuer: CertificateDer,
  x509: Pick<X509, 'read' | 'isIssuedBy'>,
): EvidenceSigner {
  const signed = {
    oid: basic.signatureAlgorithm.algorithm,
    message: new Uint8Array(basic.tbsResponseDataRaw ?? new ArrayBuffer(0)),
    signature: new Uint8Array(basic.signature),
  };
  if (isSignedBy(keyIn(issuer), signed)) return { kind: 'issuer' };
  for (const certificate of (basic.certs ?? []).slice(0, MOST_DELEGATES)) {
    const delegate = encodeBase64url(new Uint8Array(AsnConvert.serialize(certificate)));
    const facts = x509.read(delegate);
    if (!facts?.extendedKeyUsage?.includes(OCSP_SIGNING)) continue;
    if (!x509.isIssuedBy(delegate, issuer) || !isSignedBy(keyIn(delegate), signed)) continue;
    return { kind: 'delegate', facts };
  }
  return { kind: 'stranger' };
}

function keyIn(der: CertificateDer) {
  const { subjectPublicKeyInfo } = certificateOf(der).tbsCertificate;
  return keyOf(new Uint8Array(AsnConvert.serialize(subjectPublicKeyInfo)));
}
