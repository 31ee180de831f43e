/** What speaks for the chains of the suite's authorities, and who answers when it is asked. */
import { bytesOf, encodeBase64url } from '../../../reference/wire/base64url.ts';
import { SuiteError } from '../case.ts';
import type { Web, WebAnswer } from '../web.ts';
import { contentOf, elementsOf, partsOf } from './der.ts';
import { createResponder, type Issuer, signerOf } from './issuer.ts';
import { type CertificateLog, certificateEntry, createLog, type LogEntry } from './log.ts';
import {
  type CrlOptions,
  type OcspOptions,
  ocspResponse,
  revocationList,
  type Signer,
} from './revocation.ts';

export interface Evidence {
  /** A log that subjects are told of, and one that they are not. */
  readonly log: CertificateLog;
  readonly unknownLog: CertificateLog;
  /** `der`: base64url. `itself`: when it is an authority. */
  knows(der: string, issuer: Issuer, itself: Issuer | null): void;
  /** Whoever signs for the certificates below this one. */
  signerFor(der: string): Signer;
  /** One who may (or, with another purpose, may not) answer in the name of that issuer. */
  responderFor(
    der: string,
    options: { readonly purpose: string; readonly notAfterMs: number },
  ): Promise<Signer>;
  /** base64url: an answer for each certificate of the chain below the root, in order. */
  ocsp(chain: readonly string[], options: OcspOptions): readonly string[];
  /** base64url: of the issuer of this certificate. */
  crl(der: string, options: CrlOptions): string;
  entryOf(der: string): LogEntry;
  /** Lets the pages answer what a conforming issuer answers. */
  servePages(web: Web, nowMs: () => number): void;
}

interface Known {
  readonly der: string;
  readonly issuer: Issuer;
}

export function createEvidence(roots: readonly Issuer[]): Evidence {
  const known = new Map<string, Known>();
  const bySerial = new Map<string, Known>();
  const issuerOf = (der: string): Issuer => {
    const found = known.get(der)?.issuer;
    if (found) return found;
    throw new SuiteError('a certificate that none of our authorities has issued');
  };
  const ocsp: Evidence['ocsp'] = (chain, options) =>
    chain
      .filter((der) => known.has(der))
      .map((der) => encodeBase64url(ocspResponse(bytesOf(der), signerOf(issuerOf(der)), options)));
  const rootDers = roots.map(({ certificate }) => new Uint8Array(certificate.rawData));
  return {
    log: createLog(),
    unknownLog: createLog(),
    knows(der, issuer) {
      if (rootDers.some((root) => encodeBase64url(root) === der)) return;
      known.set(der, { der, issuer });
      bySerial.set(hex(partsOf(bytesOf(der)).serial), { der, issuer });
    },
    signerFor: (der) => signerOf(issuerOf(der)),
    responderFor: (der, options) => createResponder(issuerOf(der), options),
    ocsp,
    crl: (der, options) => encodeBase64url(revocationList(signerOf(issuerOf(der)), options)),
    entryOf: (der) => certificateEntry(bytesOf(der)),
    servePages(web, nowMs) {
      web.serve('/ocsp', ({ body }) => {
        const asked = bySerial.get(hex(askedIn(body)));
        if (!asked) return { status: 404, contentType: 'text/plain', body: new Uint8Array() };
        const [answer = ''] = ocsp([asked.der], { nowMs: nowMs() });
        return page('application/ocsp-response', bytesOf(answer));
      });
    },
  };
}

export const page = (contentType: string, body: Uint8Array): WebAnswer => ({
  status: 200,
  contentType,
  body,
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** OCSPRequest → TBSRequest → requestList → Request → CertID → serialNumber (RFC 6960 4.1.1). */
function askedIn(request: Uint8Array): Uint8Array {
  const first = (bytes: Uint8Array) => elementsOf(bytes)[0] ?? new Uint8Array();
  const certificateId = first(first(first(first(request))));
  return contentOf(elementsOf(certificateId)[3] ?? new Uint8Array());
}
