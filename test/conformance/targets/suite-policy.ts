/** What every subject is told beside the policy of a case: whom of the suite it may believe. */
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { Authority } from '../authority.ts';
import type { PolicyChange } from '../case.ts';

export function suitePolicy(
  { kinds, evidence }: Authority,
  { evidence: changed, ...rest }: PolicyChange,
): PolicyChange {
  const own = {
    governmentAuthorities: [kinds.government],
    natoAuthorities: [kinds.nato],
    transparencyLogs: [encodeBase64url(evidence.log.publicKey)],
    // Our pages are on the loopback.
    fetchPrivateAddresses: true,
  };
  return { ...rest, evidence: { ...own, ...(changed as object | undefined) } };
}
