/**
 * Claims that no mutant bears out, for a reason: `<case id> <requirement>` and why. An entry that is no
 * longer needed fails `npm run mutants`.
 */
export const explainedSurvivors: { readonly [claim: string]: string } = {
  'federation/request-proof/neighbouring-fields-do-not-run-together F-AUTH-02':
    'the guard is about names of 64 KiB and more, which no schema lets through',
  'federation/relay-shape/metadata-federation-timestamp X-CAN-06':
    'the schema refuses the same number with the same code',
  'federation/relay-shape/metadata-hop-count X-CAN-06':
    'the schema refuses the same number with the same code',
  'federation/format/compression-is-not-taken X-FMT-04':
    'HTTP refuses the encoding before any guard of the node sees the body',
  'federation/format/compression-is-not-taken F-CONN-07':
    'HTTP refuses the encoding before any guard of the node sees the body',
  'wire/frames/compressed-and-native-forms-are-refused X-FMT-04':
    'what is neither JSON nor text has no meaning that a server could give it',
  'trust/once/a-failed-challenge-is-used-up T-CHAL-07':
    'the run of a failed challenge is gone, so that nothing is left that could be answered',
  'trust/bad-challenges/from-a-server-that-was-not-asked T-CHAL-09':
    'without a run of its own the reference has nothing to answer with',
  'trust/bad-decisions/without-certificate T-DEC-01':
    'without a certificate there is nothing that could be put in force',
  'trust/bad-decisions/after-a-rejection T-DEC-10':
    'the run ends with the rejection, so that nothing is left that could be decided',
  'trust/bad-certificates/without-not-after-in-the-certificate T-CERT-01':
    'a certificate without this member agrees with no decision',
  'trust/bad-certificates/without-extensions-in-the-certificate T-CERT-01':
    'a certificate without this member agrees with no decision',
  'trust/bad-decisions/after-the-deadline T-DEC-10':
    'the run ends at its deadline, so that nothing is left that could be decided',
  'trust/conditions/the-subject-goes-on-after-a-notice T-COND-01':
    'it is the honest side of its sister: no mutant makes more of a foreign certificate than it says',
  'trust/government/an-extension-without-a-request-is-refused T-GOV-01':
    'without a request there is nothing to go on with, whichever guard is off',
  'trust/attacks/S-1-a-recorded-run-is-worth-nothing X-ERR-07':
    'of a run that is over nothing is left that could be used again',
  'trust/attacks/S-1-a-recorded-run-is-worth-nothing T-CHAL-07':
    'of a run that is over nothing is left that could be used again',
};
