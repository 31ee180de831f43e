/** T14 of a server of ours: what it says to a government PKI beside its request (T 7.1, L-T25). */
import { toSeconds } from '../../../reference/time.ts';
import type { GovPkiTrustRequest } from '../../../spec/messages/trust/gov-pki-trust-request.ts';
import { type PeerState, subjectId } from './peer-state.ts';

/** What the suite calls itself in a certificate policy and a hierarchy: arcs that nobody has. */
export const governmentTerms = {
  policyOid: '2.999.1.1',
  hierarchy: 'conformance',
  guard: 'conformance diode',
} as const;

export function composeExtension(
  peer: PeerState,
  requestId: string,
  th: string,
): Omit<GovPkiTrustRequest, 'signature'> {
  const { environment, serverId } = peer;
  const now = toSeconds(environment.subject.now());
  return {
    type: 'gov_pki_trust_request',
    request_id: requestId,
    requesting_server: serverId,
    target_server: subjectId(peer),
    security_clearance: 'secret',
    pki_hierarchy: governmentTerms.hierarchy,
    certificate_policy_oid: governmentTerms.policyOid,
    sponsor_agency: 'Conformance agency',
    investigation_scope: 'full',
    clearance_adjudication_date: now - 86_400,
    facility_security_clearance: environment.crypto.hash({ records: serverId }),
    classified_network_authority: true,
    cross_domain_requirements: [
      {
        classification_from: 'official_use_only',
        classification_to: 'unclassified',
        guard_system: governmentTerms.guard,
        accreditation: 'none',
      },
    ],
    timestamp: now,
    transcript_hash: th,
  };
}
