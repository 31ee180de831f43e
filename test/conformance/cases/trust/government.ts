/** Requests by a government PKI and their extension T14 (T-GOV-01, T-GOV-02, L-T25; T 7.1). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { governmentTerms } from '../../actors/government.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import { misplaced, set } from './steps/changes.ts';
import { checkGranted, decided, governed, openPolicy, openTrust } from './steps/levels.ts';
import {
  checkRefused,
  checkTaken,
  checkUntrusted,
  freshLink,
  mustTake,
  upTo,
} from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const { trust: code } = errorCode;
const method = 'government_pki';

const common = {
  step: 'request',
  readings: ['L-T25'],
  needs: { policy: openPolicy },
  peer: { certificate: governed },
} as const;

const faults: readonly RunFault[] = [
  {
    ...common,
    id: 'an-extension-changed-after-signing-is-refused',
    title: 'An extension that was changed after signing is refused with 5802',
    verifies: 'T-GOV-01',
    codes: [code.badSignature],
    options: () => ({
      method,
      extension: set({ security_clearance: 'top_secret' }),
      resign: false,
    }),
  },
  {
    ...common,
    id: 'an-extension-of-another-request-is-refused',
    title: 'An extension that names another request than waits for it is refused with 5803',
    verifies: 'T-GOV-01',
    codes: [code.unknownExchange],
    options: (stage) => ({ method, extension: set({ request_id: stage.uuid() }) }),
  },
  {
    ...common,
    id: 'an-extension-in-another-transcript-is-refused',
    title: 'An extension that stands elsewhere in a transcript is refused with 5810',
    verifies: 'T-TRN-01',
    codes: [code.transcript],
    options: () => ({ method, extension: misplaced }),
  },
  {
    ...common,
    id: 'a-method-that-the-peer-has-not-shown-is-refused',
    title:
      'By government_pki, a peer that has not shown it in its capabilities is refused with 5809',
    verifies: 'T-GOV-01',
    codes: [code.method],
    options: () => ({ method, capabilities: set({ supported_methods: ['direct_exchange'] }) }),
  },
  {
    ...common,
    id: 'another-policy-than-the-chain-has-is-refused',
    title: 'A certificate policy that the chain does not assert is refused with 5806',
    verifies: 'T-GOV-02',
    codes: [code.chain],
    options: () => ({ method, extension: set({ certificate_policy_oid: '2.999.1.2' }) }),
  },
  {
    ...common,
    id: 'a-chain-without-the-policy-is-refused',
    title: 'A chain that asserts no policy is refused with 5806',
    verifies: 'T-GOV-02',
    codes: [code.chain],
    peer: {},
    options: () => ({ method }),
  },
  {
    ...common,
    id: 'a-hierarchy-that-the-root-is-not-of-is-refused',
    title: 'A hierarchy that the root of the chain is not of is refused with 5806',
    verifies: 'T-GOV-02',
    codes: [code.chain],
    options: () => ({ method, extension: set({ pki_hierarchy: 'us_federal' }) }),
  },
];

const challenged = defineCase({
  id: 'trust/government/an-extension-is-answered-by-a-challenge',
  title: 'A request and its extension are answered by a challenge, and lead to trust',
  verifies: ['T-GOV-01'],
  behaviour: ['T-GOV-01'],
  readings: ['L-T25'],
  needs: { policy: openPolicy, commands: true },
  async run(stage) {
    const peer = await stage.peer({ certificate: governed });
    const run = peer.trustRun(await freshLink(peer), { method });
    const what = 'the extension of a request by government_pki';
    checkTaken(stage, 'T-GOV-01', await upTo(run, 'request'), { step: 'request', what });
    const answer = await run.respond();
    const decision = await decided(stage, { peer, run, answer });
    checkGranted(stage, 'T-GOV-01', decision, 'basic');
  },
});

const unasked = defineCase({
  id: 'trust/government/an-extension-without-a-request-is-refused',
  title: 'An extension of no request is refused with 5803, and changes nothing',
  verifies: ['T-GOV-01'],
  readings: ['L-T25'],
  needs: { policy: openPolicy },
  async run(stage) {
    const peer = await stage.peer({ certificate: governed });
    const link = await freshLink(peer);
    const first = peer.trustRun(link, { method });
    mustTake('request', await upTo(first, 'request'));
    const known = first.messages.find(({ type }) => type === 'gov_pki_trust_request');
    const stranger = await stage.peer({ certificate: governed });
    const again = await (await freshLink(stranger)).requestRaw({ ...known });
    const what = 'the extension of somebody else';
    checkRefused(stage, 'T-GOV-01', again, { codes: [code.unknownExchange], what });
    await checkUntrusted(stage, 'T-GOV-01', stranger, what);
  },
});

/** A record of profile T15, in words that stand nowhere else. */
export const person = {
  personId: 'person-4711-of-the-evidence-store',
  clearanceLevel: 'nato_secret',
  issuingNation: 'Freedonia',
  clearanceDateSeconds: 1_700_000_001,
  expiryDateSeconds: 1_999_999_999,
  specialAccess: ['programme-ultraviolet'],
} as const;

const credentials = {
  government: {
    securityClearance: 'secret',
    pkiHierarchy: governmentTerms.hierarchy,
    certificatePolicyOid: governmentTerms.policyOid,
    sponsorAgency: 'an agency',
    investigationScope: 'a scope',
    clearanceAdjudicatedAtSeconds: 1_700_000_000,
    classifiedNetworkAuthority: false,
    crossDomain: [],
    personnel: [person],
  },
};

const persons = defineCase({
  id: 'trust/government/records-of-persons-do-not-leave',
  title: 'A request by government_pki, and all that goes with it, names no person of the records',
  verifies: ['T-GOV-05'],
  behaviour: ['T-GOV-05'],
  readings: ['L-T26'],
  needs: { policy: { trust: { ...openTrust, credentials } }, commands: true },
  async run(stage) {
    const leaves = ['trust_request', 'gov_pki_trust_request'];
    const { serverId: server, ...peer } = await stage.peer({ leaves });
    const order = { server, level: 'basic', method } as const;
    await stage.command({ command: 'establish-trust', ...order });
    const request = await peer.inbound();
    await request?.answer(null, 202); // held until its extension comes (choices.md)
    const extension = await peer.inbound();
    await extension?.answer(null, 202);
    const type = extension?.received.message.type;
    if (type !== 'gov_pki_trust_request') {
      const got = request?.received.message ?? 'nothing';
      throw new SubjectMisbehaved('no request by government_pki came', leaves, got);
    }
    const said = [request, extension].map((each) => each?.received.text ?? '').join('');
    const words = [person.personId, person.issuingNation, ...person.specialAccess];
    const got = words.filter((word) => said.includes(word));
    stage.check('T-GOV-05', got.length === 0, {
      what: 'words of the record of a person in the request and its extension',
      expected: [],
      got,
    });
  },
});

export const cases: readonly Case[] = [
  ...refusedRuns('government', faults),
  challenged,
  unasked,
  persons,
];
