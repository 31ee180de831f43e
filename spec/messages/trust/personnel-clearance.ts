import { defineRecord } from '../../message.ts';
import { list, oneOf, seconds, type TypeOf, text } from '../../schema.ts';
import { natoClassifications } from './enumerations.ts';

/** T15. Personal data: local evidence only, in no message and no log (T-GOV-05, L-T26). */
export const personnelClearance = defineRecord({
  type: 'personnel_clearance',
  row: 'T15',
  layer: 'trust',
  shape: 'T-GOV-05',
  source: ['T 7.2'],
  readings: ['L-T26'],
  summary: 'Holds the clearance of one person.',
  fields: {
    person_id: text(128),
    clearance_level: oneOf(natoClassifications, 'X-CLS-02'),
    issuing_nation: text(64),
    clearance_date: seconds(),
    expiry_date: seconds(),
    special_access: list(text(128), { max: 64 }),
  },
});
export type PersonnelClearance = TypeOf<typeof personnelClearance.schema>;
