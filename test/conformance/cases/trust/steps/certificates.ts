/** The trust certificate that a decision hands over, read without judging what it says. */
import { bytesOf } from '../../../../../reference/wire/base64url.ts';
import type { NorcTrustCertificate } from '../../../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../../../spec/messages/trust/trust-decision.ts';
import { SubjectMisbehaved } from '../../../case.ts';

export function certificateIn({ certificate_bundle }: TrustDecision): NorcTrustCertificate {
  const [blob = ''] = certificate_bundle;
  const text = new TextDecoder().decode(bytesOf(blob));
  try {
    return JSON.parse(text);
  } catch {
    throw new SubjectMisbehaved('the certificate is not JSON (L-T14)', 'canonical JSON', text);
  }
}
