/** Members of the policy file whose default does not show what they may hold, by path. */
import type { Json } from '../../spec/schema.ts';
import type { JsonObject } from '../wire/json.ts';

/** Null, or an object that has every member. */
export const wholeShapes: { readonly [path: string]: Json } = {
  'trust.establishOnDemand': { level: '', method: '' },
  'trust.credentials.government': {
    securityClearance: '',
    pkiHierarchy: '',
    certificatePolicyOid: '',
    sponsorAgency: '',
    investigationScope: '',
    clearanceAdjudicatedAtSeconds: 0,
    classifiedNetworkAuthority: false,
    crossDomain: [],
    personnel: [],
  },
};

/** Objects with any names, and a value of each. */
export const mapShapes: { readonly [path: string]: Json } = {
  'trust.thresholdTenths': 0,
  'trust.approvedServers': '',
  'trust.organization.requiredDocuments': [],
  'trust.organization.issuingAuthorities': '',
  'trust.organization.attestors': '',
  'trust.government.hierarchies': [],
  'trust.complianceAuthorities': '',
  'trust.complianceDocuments': '',
};

/** Lists of records. */
export const listShapes: { readonly [path: string]: JsonObject } = {
  'trust.conditions': {
    level: '',
    condition: '',
    withinSeconds: 0,
    action: '',
    quarterly: false,
    when: '',
  },
  'trust.government.guards': { server: '', from: '', to: '', system: '' },
  'trust.credentials.attestations': {
    standard: '',
    certificateId: '',
    issuedBy: '',
    expiresAtSeconds: 0,
  },
  'trust.credentials.registrations': {
    documentHash: '',
    issuingAuthority: '',
    verificationCode: '',
  },
  'trust.credentials.contacts': { verificationMethod: '', verifiedBy: '', verificationId: '' },
  'trust.credentials.government.crossDomain': {
    from: '',
    to: '',
    system: '',
    accreditation: '',
  },
  'trust.credentials.government.personnel': {
    personId: '',
    clearanceLevel: '',
    issuingNation: '',
    clearanceDateSeconds: 0,
    expiryDateSeconds: 0,
    specialAccess: [],
  },
};
