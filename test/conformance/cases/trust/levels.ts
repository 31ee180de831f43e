/**
 * Which level each method reaches (T 2.1, T 2.2, L-T18, L-T19): one table, a case a cell. A cell
 * either grants, with all evidence that the level asks for, or says the code of the refusal.
 */
import { errorCode, type Level, type Method } from '../../../../spec/emitted/registries.ts';
import type { Answer, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { set } from './steps/changes.ts';
import {
  checkGranted,
  decided,
  governed,
  hybrid,
  hybridLink,
  openPolicy,
  openTrust,
} from './steps/levels.ts';
import {
  checkRefused,
  checkTaken,
  checkTrusted,
  checkUntrusted,
  freshLink,
  upTo,
} from './steps/outcomes.ts';
import { recommender } from './steps/recommending.ts';

const { level: tooHigh, chain } = errorCode.trust;

/**
 * `granted`: with all evidence, below the authority that the level wants. `unreached`: 5808,
 * whatever is shown.
 */
type Cell = 'granted' | 'unreached';

export const table: { readonly [L in Level]: { readonly [M in Method]: Cell } } = {
  untrusted: {
    direct_exchange: 'unreached',
    ca_validation: 'unreached',
    web_of_trust: 'unreached',
    government_pki: 'unreached',
    manual_verification: 'unreached',
  },
  basic: {
    direct_exchange: 'granted',
    ca_validation: 'granted',
    web_of_trust: 'granted',
    government_pki: 'granted',
    manual_verification: 'granted',
  },
  verified: {
    direct_exchange: 'unreached',
    ca_validation: 'granted',
    web_of_trust: 'unreached',
    government_pki: 'granted',
    manual_verification: 'granted',
  },
  classified: {
    direct_exchange: 'unreached',
    ca_validation: 'unreached',
    web_of_trust: 'unreached',
    government_pki: 'granted',
    manual_verification: 'granted',
  },
  nato: {
    direct_exchange: 'unreached',
    ca_validation: 'unreached',
    web_of_trust: 'unreached',
    government_pki: 'granted',
    manual_verification: 'unreached',
  },
};

/** What a level asks besides chain and domain (profile 5.4). */
const evidence: {
  readonly [L in Level]: {
    readonly authority: 'commercial' | 'government' | 'nato';
    readonly standards: readonly string[];
  };
} = {
  untrusted: { authority: 'commercial', standards: [] },
  basic: { authority: 'commercial', standards: [] },
  // One known standard takes a newcomer to 70.0, the threshold itself.
  verified: { authority: 'commercial', standards: ['fips_140_2'] },
  classified: { authority: 'government', standards: ['fips_140_2'] },
  nato: { authority: 'nato', standards: ['fips_140_2', 'common_criteria', 'nato_unclass'] },
};

const DAY_SECONDS = 86_400;
/** A newcomer has 90.0 at most (T-SCORE-03): nato takes half of what history is worth, 95.0. */
const HISTORY_SECONDS = openTrust.historySeconds / 2;

async function asked(
  stage: Stage,
  level: Level,
  method: Method,
  authority = evidence[level].authority,
) {
  const notAfterMs = stage.now() / 1000 + 200 * DAY_SECONDS * 1000;
  const certificate = { ...governed, authority, notAfterMs };
  const peer = await stage.peer({ certificate, suites: ['0101', '0001'] });
  const begin = async () => {
    const { standards } = evidence[level];
    return peer.trustRun(await hybridLink(peer), { level, method, standards });
  };
  return { peer, begin };
}

async function mustOffer(stage: Stage, level: Level): Promise<void> {
  const peer = await stage.peer();
  const { message } = await peer.trustRun(await hybridLink(peer)).capabilities();
  const offered: readonly string[] =
    message?.type === 'trust_capabilities' ? message.supported_trust_levels : [];
  if (!offered.includes(level)) throw new Untestable(`the subject does not offer ${level}`);
}

function grants(level: Level, method: Method): Case {
  const hasHistory = level === 'nato';
  return defineCase({
    id: `trust/levels/${level}-by-${method}`,
    title: `${level} by ${method} is granted to a server with the evidence that it asks for`,
    verifies: ['T-LVL-01'],
    behaviour: ['T-LVL-01'],
    readings: ['L-T18', 'L-T19'],
    needs: {
      policy: openPolicy,
      commands: true,
      ...(hasHistory && { waitsSeconds: HISTORY_SECONDS }),
    },
    async run(stage) {
      await mustOffer(stage, level);
      const { peer, begin } = await asked(stage, level, method);
      if (method === 'web_of_trust') await recommender(stage, peer);
      if (hasHistory) {
        await peer.trustRun(await hybridLink(peer)).establish();
        await stage.pass(HISTORY_SECONDS * 1000);
      }
      const run = await begin();
      const answer = await upTo(run, 'respond');
      const decision = await decided(stage, { peer, run, answer });
      checkGranted(stage, 'T-LVL-01', decision, level);
      const what = `the acknowledgment of ${level}`;
      checkTaken(stage, 'T-LVL-01', await run.acknowledge(), { step: 'acknowledge', what });
      await checkTrusted(stage, 'T-LVL-01', peer, `${level} by ${method}`, hybrid);
    },
  });
}

function refuses(level: Level, method: Method): Case {
  const codes = [tooHigh];
  const isNone = level === 'untrusted';
  const id = isNone ? 'T-LVL-02' : 'T-LVL-05';
  const why = isNone ? 'it is nothing to ask for' : 'the method does not reach it';
  return defineCase({
    id: `trust/levels/${level}-by-${method}`,
    title: `${level} by ${method} is refused with ${codes}: ${why}`,
    verifies: [id],
    readings: ['L-T18', 'L-T19'],
    needs: { policy: openPolicy },
    async run(stage) {
      const { peer, begin } = await asked(stage, level, method);
      const what = `a request for ${level} by ${method}`;
      const expected = { codes, orRejected: true, what } as const;
      checkRefused(stage, id, await upTo(await begin(), 'request'), expected);
      await checkUntrusted(stage, id, peer, what);
    },
  });
}

/** T-GOV-03: what no method makes up for. */
const below: readonly { level: Level; method: Method; authority: 'commercial' | 'government' }[] = [
  { level: 'classified', method: 'government_pki', authority: 'commercial' },
  { level: 'classified', method: 'manual_verification', authority: 'commercial' },
  { level: 'nato', method: 'government_pki', authority: 'commercial' },
  { level: 'nato', method: 'government_pki', authority: 'government' },
];

const others = below.map(({ level, method, authority }) =>
  defineCase({
    id: `trust/levels-below/${level}-by-${method}-below-a-${authority}-authority`,
    title: `${level} by ${method} below a ${authority} authority is refused with ${chain}`,
    verifies: ['T-GOV-03'],
    readings: ['L-T18'],
    needs: { policy: openPolicy },
    async run(stage) {
      const { peer, begin } = await asked(stage, level, method, authority);
      const what = `a request for ${level} below a ${authority} authority`;
      const expected = { codes: [chain], orRejected: true, what } as const;
      checkRefused(stage, 'T-GOV-03', await upTo(await begin(), 'request'), expected);
      await checkUntrusted(stage, 'T-GOV-03', peer, what);
    },
  }),
);

const cells = Object.entries(table).flatMap(([level, row]) =>
  Object.entries(row).map(([method, cell]) =>
    (cell === 'granted' ? grants : refuses)(level as Level, method as Method),
  ),
);

interface Lack {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly method: Method;
  readonly options: Pick<TrustRunOptions, 'standards' | 'extension' | 'response'>;
  readonly step: 'request' | 'respond';
  readonly codes: readonly number[];
  readonly isClassical?: true;
}

/** One thing less than the level asks for. */
const lacks: readonly Lack[] = [
  {
    id: 'classified-without-its-standard',
    title: 'classified without an attestation of fips_140_2 is refused with 5808',
    level: 'classified',
    method: 'manual_verification',
    options: { standards: ['common_criteria'] },
    step: 'request',
    codes: [tooHigh],
  },
  {
    id: 'classified-without-clearance',
    title: 'classified with a clearance below secret is refused with 5808',
    level: 'classified',
    method: 'government_pki',
    options: { extension: set({ security_clearance: 'confidential' }) },
    step: 'respond',
    codes: [tooHigh],
  },
  {
    id: 'classified-with-an-old-clearance',
    title: 'classified with a clearance that was adjudicated ten years ago is refused with 5808',
    level: 'classified',
    method: 'government_pki',
    options: { extension: set({ clearance_adjudication_date: 1_000_000_000 }) },
    step: 'respond',
    codes: [tooHigh],
  },
  {
    id: 'classified-on-a-classical-link',
    title: 'classified is not granted on a link without post-quantum: 4000',
    level: 'classified',
    method: 'manual_verification',
    options: { standards: ['fips_140_2'] },
    step: 'request',
    codes: [errorCode.common.cryptoError],
    isClassical: true,
  },
];

const lacking = lacks.map(({ id, title, level, method, options, step, codes, isClassical }) =>
  defineCase({
    id: `trust/levels-lacking/${id}`,
    title,
    verifies: ['T-LVL-04'],
    readings: ['L-T18'],
    needs: { policy: openPolicy },
    async run(stage) {
      const { peer } = await asked(stage, level, method);
      const link = await (isClassical ? freshLink(peer) : hybridLink(peer));
      const { standards } = evidence[level];
      const run = peer.trustRun(link, { level, method, standards, ...options });
      checkRefused(stage, 'T-LVL-04', await upTo(run, step), { codes, what: title });
      await checkUntrusted(stage, 'T-LVL-04', peer, title);
    },
  }),
);

/** L-T17: by our reading nothing is granted, by the other one the level that the score reaches. */
const belowTheThreshold = defineCase({
  id: 'trust/levels-lacking/verified-with-a-score-for-basic',
  title:
    'verified with every gate passed and a score of 60.0 is rejected, and not lowered to basic',
  verifies: ['T-SCORE-04'],
  readings: ['L-T16', 'L-T17'],
  needs: { policy: openPolicy },
  async run(stage) {
    const { peer } = await asked(stage, 'verified', 'ca_validation');
    const options = { level: 'verified', method: 'ca_validation', standards: [] } as const;
    const run = peer.trustRun(await hybridLink(peer), options);
    const what = 'a request for verified with no standard attested';
    const answer = await upTo(run, 'respond');
    if (stage.takes('L-T17', 'a')) return checkLowered(stage, answer);
    checkRefused(stage, 'T-SCORE-04', answer, { orRejected: true, what });
    await checkUntrusted(stage, 'T-SCORE-04', peer, what);
  },
});

function checkLowered(stage: Stage, answer: Answer): void {
  const { message } = answer;
  const granted = message?.type === 'trust_decision' ? message.granted_trust_level : null;
  stage.check('T-SCORE-04', granted === 'basic', {
    what: 'the level granted for a request for verified with a score of 60.0',
    expected: 'basic, the highest that the score reaches',
    got: granted ?? told(answer),
  });
}

const lessIsTaken = defineCase({
  id: 'trust/levels-lacking/evidence-for-more-is-enough-for-less',
  title: 'Evidence for classified is accepted for basic, and grants basic',
  verifies: ['T-LVL-03', 'T-SCORE-07'],
  behaviour: ['T-LVL-03', 'T-SCORE-07'],
  readings: ['L-T18'],
  needs: { policy: openPolicy, commands: true },
  async run(stage) {
    const { peer } = await asked(stage, 'classified', 'government_pki');
    const { standards } = evidence.nato;
    const options = { level: 'basic', method: 'government_pki', standards } as const;
    const run = peer.trustRun(await hybridLink(peer), options);
    const answer = await upTo(run, 'respond');
    const decision = await decided(stage, { peer, run, answer });
    checkGranted(stage, 'T-LVL-03', decision, 'basic');
    checkGranted(stage, 'T-SCORE-07', decision, 'basic');
  },
});

export const cases: readonly Case[] = [
  ...cells,
  ...others,
  ...lacking,
  belowTheThreshold,
  lessIsTaken,
];
