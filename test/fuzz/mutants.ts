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
  { off: ['C-REG-03'], script: 'client', seed: 1, runs: 60, isQuick: true },
  { off: ['C-AUTH-02'], script: 'client', seed: 1, runs: 30, isQuick: true },
];
