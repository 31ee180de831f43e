/**
 * One algorithm signs NORC (X-SIG-06, L-T07). What says that another one has signed it is refused,
 * though the signature itself holds: a label that nobody minds is where confusion begins.
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { type Case, defineCase } from '../../case.ts';
import { checkDelivered, neighbours } from '../federation/steps/neighbours.ts';
import { set } from './steps/changes.ts';
import { type DecisionFault, notAccepted } from './steps/not-accepted.ts';
import { checkRefused, freshLink } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const { trust, common } = errorCode;
const readings = ['L-T07'] as const;
/** The profile names 4000; what is wrong in form, or a certificate, has a code of its own. */
const codes = [common.cryptoError, trust.malformed, trust.certificate];

const noCommon: RunFault = {
  id: 'of-a-server-that-has-none-of-ours-are-refused',
  title: 'Capabilities with no algorithm but rsa_pss are refused',
  verifies: 'X-SIG-06',
  step: 'capabilities',
  codes,
  readings,
  options: () => ({ capabilities: set({ key_algorithms: ['rsa_pss'] }) }),
};

const labels = (
  [
    ['signature_algorithm', 'rsa_pss'],
    ['signature_algorithm', 'ecdsa_p256'],
    ['key_algorithm', 'rsa_pss'],
    ['key_algorithm', 'ecdsa_p256'],
  ] as const
).map(
  ([member, algorithm]): DecisionFault => ({
    id: `a-certificate-whose-${member.replace('_', '-')}-is-${algorithm}-is-not-accepted`,
    title: `A certificate that names ${algorithm} as its ${member} is not accepted, signed as ever`,
    verifies: 'X-SIG-06',
    readings,
    bends: () => ({ certificate: set({ [member]: algorithm }) }),
  }),
);

const lists = (['rsa_pss', 'ecdsa_p256'] as const).map((algorithm) =>
  defineCase({
    id: `trust/algorithms/a-list-that-names-${algorithm}-is-refused`,
    title: `A revocation list that names ${algorithm} is refused, and has no effect`,
    verifies: ['X-SIG-06'],
    readings,
    async run(stage) {
      const people = await neighbours(stage);
      const { bravo, established } = people;
      const revoked = [established.reverse?.certificate_id ?? ''];
      const list = bravo.composeList({ revoked, bend: set({ signature_algorithm: algorithm }) });
      const answer = await (await freshLink(bravo)).requestRaw(list);
      checkRefused(stage, 'X-SIG-06', answer, { codes, what: `a list by ${algorithm}` });
      await checkDelivered(stage, 'X-SIG-06', people);
    },
  }),
);

export const cases: readonly Case[] = [
  ...refusedRuns('algorithms', [noCommon]),
  ...notAccepted('algorithms', labels),
  ...lists,
];
