/**
 * Which level each method reaches (T 2.1, T 2.2, L-T18, L-T19): one table, a case a cell. A cell
 * either grants, with all evidence that the level asks for, or says the code of the refusal.
 */
import { errorCode, type Level, type Method } from '../../../../spec/emitted/registries.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkGranted, decided, governed, hybridLink, openPolicy } from './steps/levels.ts';
import { checkRefused, checkTaken, checkTrusted, checkUntrusted, upTo } from './steps/outcomes.ts';

const { level: tooHigh, chain, noTrustPath: unheard } = errorCode.trust;

/**
 * `granted`: with a chain of the suite's ordinary authority. `unreached`: 5808, whatever else is
 * shown. A number: what is missing is not of the method's reach but of the evidence.
 */
type Cell = 'granted' | 'unreached' | { readonly refused: number; readonly because: string };

const unrecommended = { refused: unheard, because: 'nobody recommends the server' } as const;
const ordinary = { refused: chain, because: 'its authority is no government' } as const;

export const table: { readonly [L in Exclude<Level, 'untrusted'>]: { [M in Method]: Cell } } = {
  basic: {
    direct_exchange: 'granted',
    ca_validation: 'granted',
    web_of_trust: unrecommended,
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
    government_pki: ordinary,
    manual_verification: ordinary,
  },
  nato: {
    direct_exchange: 'unreached',
    ca_validation: 'unreached',
    web_of_trust: 'unreached',
    government_pki: ordinary,
    manual_verification: 'unreached',
  },
};

/** What a level asks besides chain and domain (profile 5.4). */
const standards: { readonly [level: string]: readonly string[] } = {
  classified: ['fips_140_2'],
  nato: ['fips_140_2', 'common_criteria', 'nato_unclass'],
};

async function asked(stage: Stage, level: Level, method: Method) {
  const peer = await stage.peer({ certificate: governed, suites: ['0101', '0001'] });
  const link = await hybridLink(peer);
  const options = { level, method, standards: standards[level] ?? ['fips_140_2'] };
  return { peer, run: peer.trustRun(link, options) };
}

async function mustOffer(stage: Stage, level: Level): Promise<void> {
  const peer = await stage.peer();
  const { message } = await peer.trustRun(await hybridLink(peer)).capabilities();
  const offered: readonly string[] =
    message?.type === 'trust_capabilities' ? message.supported_trust_levels : [];
  if (!offered.includes(level)) throw new Untestable(`the subject does not offer ${level}`);
}

function grants(level: Level, method: Method): Case {
  return defineCase({
    id: `trust/levels/${level}-by-${method}`,
    title: `${level} by ${method} is granted to a server with the evidence that it asks for`,
    verifies: ['T-LVL-01'],
    behaviour: ['T-LVL-01'],
    readings: ['L-T18', 'L-T19'],
    needs: { policy: openPolicy, commands: true },
    async run(stage) {
      await mustOffer(stage, level);
      const { peer, run } = await asked(stage, level, method);
      const answer = await upTo(run, 'respond');
      const decision = await decided(stage, { peer, run, answer });
      checkGranted(stage, 'T-LVL-01', decision, level);
      const what = `the acknowledgment of ${level}`;
      checkTaken(stage, 'T-LVL-01', await run.acknowledge(), { step: 'acknowledge', what });
      await checkTrusted(stage, 'T-LVL-01', peer, `${level} by ${method}`);
    },
  });
}

function refuses(level: Level, method: Method, cell: Exclude<Cell, 'granted'>): Case {
  const isReach = cell === 'unreached';
  const because = isReach ? 'the method does not reach it' : cell.because;
  const codes = [isReach ? tooHigh : cell.refused];
  const verifies = isReach ? 'T-LVL-05' : method === 'web_of_trust' ? 'T-REC-03' : 'T-GOV-03';
  return defineCase({
    id: `trust/levels/${level}-by-${method}`,
    title: `${level} by ${method} is refused with ${codes}: ${because}`,
    verifies: [verifies],
    readings: ['L-T18', 'L-T19'],
    needs: { policy: openPolicy },
    async run(stage) {
      const { peer, run } = await asked(stage, level, method);
      const last = method === 'web_of_trust' && !isReach ? 'respond' : 'request';
      const what = `a request for ${level} by ${method}`;
      const expected = { codes, orRejected: true, what } as const;
      checkRefused(stage, verifies, await upTo(run, last), expected);
      await checkUntrusted(stage, verifies, peer, what);
    },
  });
}

export const cases: readonly Case[] = Object.entries(table).flatMap(([level, row]) =>
  Object.entries(row).map(([method, cell]) =>
    cell === 'granted'
      ? grants(level as Level, method as Method)
      : refuses(level as Level, method as Method, cell),
  ),
);
