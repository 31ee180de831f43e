/** Capabilities that a server of ours answers the subject with, and on which it must not ask (T-CAP). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { Case } from '../../case.ts';
import { type AskedFault, brokenOff } from './steps/asking.ts';
import { misplaced, set } from './steps/changes.ts';

const { trust: code, federation } = errorCode;

const faults: readonly AskedFault[] = [
  {
    id: 'in-a-foreign-name-are-not-gone-on-with',
    title: 'The subject asks nothing of a server whose capabilities name another one',
    verifies: 'T-CAP-02',
    answers: (stage) => ({
      bends: { capabilities: set({ server_id: stage.domain('other') }) },
    }),
  },
  {
    id: 'two-majors-away-are-not-gone-on-with',
    title: 'The subject asks nothing of a server with no version within one major',
    verifies: 'T-CAP-04',
    codes: [federation.versionMismatch],
    readings: ['L-V11'],
    answers: () => ({
      bends: { capabilities: set({ protocol_version: '4.0', supported_versions: ['4.0'] }) },
    }),
  },
  {
    id: 'without-its-method-are-not-gone-on-with',
    title: 'The subject does not ask by a method that the other side has not offered',
    verifies: 'T-CAP-03',
    codes: [code.method],
    answers: () => ({ bends: { capabilities: set({ supported_methods: ['web_of_trust'] }) } }),
  },
  {
    id: 'without-its-level-are-not-gone-on-with',
    title: 'The subject does not ask for a level that the other side has not offered',
    verifies: 'T-CAP-03',
    codes: [code.level],
    answers: () => ({ bends: { capabilities: set({ supported_trust_levels: ['nato'] }) } }),
  },
  {
    id: 'without-its-algorithm-are-not-gone-on-with',
    title: 'The subject does not ask a server that cannot verify its signatures',
    verifies: 'T-CAP-03',
    readings: ['L-T07'],
    answers: () => ({ bends: { capabilities: set({ key_algorithms: ['rsa_pss'] }) } }),
  },
  {
    id: 'changed-after-signing-are-not-gone-on-with',
    title: 'The subject asks nothing on capabilities that were changed after signing',
    verifies: 'X-SIG-02',
    codes: [code.badSignature],
    readings: ['L-T08'],
    answers: () => ({
      bends: { capabilities: set({ certificate_authorities: [] }), resign: false },
    }),
  },
  {
    id: 'of-another-transcript-are-not-gone-on-with',
    title: 'The subject asks nothing on capabilities that answer others than its own',
    verifies: 'T-TRN-01',
    codes: [code.transcript],
    readings: ['L-H03'],
    answers: () => ({ bends: { capabilities: misplaced } }),
  },
];

export const cases: readonly Case[] = brokenOff('bad-offers', faults, {
  never: 'trust_request',
  what: 'capabilities that it cannot go on with',
});
