import { defineRecord } from '../../message.ts';
import { flag, list, oneOf, type TypeOf, text } from '../../schema.ts';
import { natoClassifications } from './enumerations.ts';
import { personnelClearance } from './personnel-clearance.ts';

/**
 * T15. Evidence kept at home for a NATO relationship. Never on the wire; hashes of it may be
 * (L-T26).
 */
export const natoTrustRequirements = defineRecord({
  type: 'nato_trust_requirements',
  row: 'T15',
  layer: 'trust',
  shape: 'T-GOV-05',
  source: ['T 7.2'],
  readings: ['L-T26'],
  summary: 'Holds the approvals and clearances behind a NATO relationship.',
  fields: {
    classification_level: oneOf(natoClassifications, 'X-CLS-02'),
    security_agreement: text(256),
    facility_clearance: text(256),
    personnel_clearance: list(personnelClearance.schema),
    cryptographic_approval: text(256),
    tempest_certification: flag(),
    comsec_approval: text(256),
  },
});
export type NatoTrustRequirements = TypeOf<typeof natoTrustRequirements.schema>;
