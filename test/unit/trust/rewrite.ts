/** Changes inside certificates that travel as text, made as their issuer could make them. */

import type { SigningKey } from '../../../reference/crypto/crypto.ts';
import { bytesOf, encodeBase64url } from '../../../reference/wire/base64url.ts';
import { canonicalBytes, without } from '../../../reference/wire/canonical.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import { asJson, crypto } from './pair.ts';

type Change<T> = (value: T) => object;

export function readBlob(blob: string | undefined): NorcTrustCertificate {
  return JSON.parse(new TextDecoder().decode(bytesOf(blob ?? ''))) as NorcTrustCertificate;
}

/** Signed again unless `key` is null. */
export function rewriteBlob(
  blob: string | undefined,
  change: Change<NorcTrustCertificate>,
  key: SigningKey | null,
): string {
  const changed = asJson(change(readBlob(blob)) as NorcTrustCertificate);
  const bare = without(changed, 'signature');
  const whole = key ? { ...bare, signature: crypto.sign(key, bare) } : changed;
  return encodeBase64url(canonicalBytes(whole));
}

/** The decision with another certificate; its map and metadata stay. */
export function rewriteCertificate(
  decision: TrustDecision,
  change: Change<NorcTrustCertificate>,
  key: SigningKey | null,
): TrustDecision {
  const [blob, ...rest] = decision.certificate_bundle;
  return { ...decision, certificate_bundle: [rewriteBlob(blob, change, key), ...rest] };
}
