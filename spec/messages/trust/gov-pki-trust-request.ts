import { defineMessage, type MessageOf } from '../../message.ts';
import {
  classification,
  flag,
  list,
  oneOf,
  record,
  seconds,
  serverId,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { securityClearances } from './enumerations.ts';
import { transcriptHash } from './shared-records.ts';

/**
 * T14. Extends a trust_request of the same `request_id` by what a government PKI asks (L-T25). Says
 * what the organisation holds; nothing about persons (T-GOV-05).
 */
export const govPkiTrustRequest = defineMessage({
  type: 'gov_pki_trust_request',
  row: 'T14',
  layer: 'trust',
  code: 0xac,
  codeProposed: true,
  direction: 'requester-to-responder',
  legalIn: controlStates,
  answeredBy: ['trust_challenge', 'trust_decision', 'federation_error'],
  signed: { member: 'signature', by: 'requesting_server', added: true },
  shape: 'T-GOV-01',
  source: ['T 7.1'],
  readings: ['L-T08', 'L-T25', 'L-T26', 'L-X01', 'L-W02'],
  summary: 'Adds clearance, policy and cross-domain needs to a trust request.',
  fields: {
    requesting_server: serverId(),
    target_server: serverId(),
    security_clearance: oneOf(securityClearances, 'T-LVL-07'),
    pki_hierarchy: text(64), // the documents leave the list open
    certificate_policy_oid: text(128),
    sponsor_agency: text(256),
    investigation_scope: text(256),
    clearance_adjudication_date: seconds(),
    facility_security_clearance: text(128),
    classified_network_authority: flag(),
    cross_domain_requirements: list(
      record({
        fields: {
          classification_from: classification(),
          classification_to: classification(),
          guard_system: text(256),
          accreditation: text(256),
        },
      }),
      { max: 32 },
    ),
  },
  added: {
    transcript_hash: transcriptHash(),
    request_id: uuid(),
    timestamp: seconds(),
    signature: signature(),
  },
});
export type GovPkiTrustRequest = MessageOf<typeof govPkiTrustRequest>;
