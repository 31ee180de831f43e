import { defineRecord } from '../../message.ts';
import { oneOf, openObject, seconds, type TypeOf } from '../../schema.ts';
import { autoActions, conditionTypes } from './enumerations.ts';

/** T8. A condition inside a certificate. The decision uses another form (L-T13). */
export const trustCondition = defineRecord({
  type: 'trust_condition',
  row: 'T8',
  layer: 'trust',
  shape: 'T-CERT-06',
  source: ['T 4.1'],
  readings: ['L-T13'],
  summary: 'States what must be met by a deadline and what happens otherwise.',
  fields: {
    condition_type: oneOf(conditionTypes, 'T-CERT-06'),
    parameters: openObject(),
    deadline: seconds(),
    auto_action: oneOf(autoActions, 'T-CERT-06'),
  },
});
export type TrustCondition = TypeOf<typeof trustCondition.schema>;
