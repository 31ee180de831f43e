/** References with guards off that the fuzzer must find out, each from this seed within these runs. */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { ScriptName } from './script.ts';

export interface GuardMutant {
  readonly off: readonly RequirementId[];
  readonly script: ScriptName;
  readonly seed: number;
  readonly runs: number;
  /** Found so soon that every run of the tests looks for it. */
  readonly isQuick?: true;
}

export const mutants: readonly GuardMutant[] = [
  { off: ['C-REG-01'], script: 'client', seed: 1, runs: 250 },
  { off: ['C-REG-03'], script: 'client', seed: 1, runs: 60, isQuick: true },
  { off: ['C-REG-04'], script: 'client', seed: 1, runs: 100 },
  { off: ['C-REG-09'], script: 'client', seed: 1, runs: 60 },
  { off: ['C-AUTH-02'], script: 'client', seed: 1, runs: 30, isQuick: true },
  { off: ['C-AUTH-03'], script: 'client', seed: 1, runs: 120 },
  { off: ['C-AUTH-04'], script: 'client', seed: 1, runs: 80, isQuick: true },
  { off: ['X-FMT-01'], script: 'client', seed: 1, runs: 60, isQuick: true },
  { off: ['F-HS-01'], script: 'federation', seed: 1, runs: 40, isQuick: true },
  { off: ['F-HS-03'], script: 'federation', seed: 1, runs: 120 },
  { off: ['F-HS-07'], script: 'federation', seed: 1, runs: 120 },
  { off: ['F-AUTH-01'], script: 'federation', seed: 1, runs: 20, isQuick: true },
  { off: ['F-AUTH-03'], script: 'federation', seed: 1, runs: 40, isQuick: true },
  { off: ['X-SIG-01'], script: 'federation', seed: 1, runs: 40, isQuick: true },
  { off: ['F-RELAY-02'], script: 'relay', seed: 1, runs: 40 },
  { off: ['F-RELAY-07'], script: 'relay', seed: 1, runs: 200 },
  { off: ['F-RELAY-08'], script: 'relay', seed: 1, runs: 40 },
  { off: ['F-RELAY-10'], script: 'relay', seed: 1, runs: 40 },
  { off: ['F-RELAY-18'], script: 'relay', seed: 1, runs: 300 },
  { off: ['T-REN-01'], script: 'renewal', seed: 1, runs: 20, isQuick: true },
  { off: ['T-ACK-01'], script: 'renewal', seed: 1, runs: 40 },
  { off: ['F-AUTH-03'], script: 'renewal', seed: 1, runs: 250 },
  { off: ['T-REV-01'], script: 'revocation', seed: 1, runs: 30, isQuick: true },
  { off: ['X-SIG-01'], script: 'revocation', seed: 1, runs: 40 },
  { off: ['F-AUTH-03'], script: 'revocation', seed: 1, runs: 30, isQuick: true },
  { off: ['T-RESP-09'], script: 'trust', seed: 1, runs: 120 },
  { off: ['T-ACK-01'], script: 'trust', seed: 1, runs: 120 },
  { off: ['T-CHAL-07'], script: 'trust', seed: 1, runs: 250 },
  { off: ['T-CAP-01'], script: 'trust', seed: 1, runs: 500 },
  { off: ['T-CHAL-06'], script: 'trust', seed: 1, runs: 500 },
];
