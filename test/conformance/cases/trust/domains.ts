/** Transfers between domains of different labels (T-GOV-04, L-X02; T 7.1). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { MessageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import type { Link, Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import { sendRelay } from '../federation/steps/neighbours.ts';
import { openTrust } from './steps/levels.ts';

const LABEL = 'official_use_only';

/** Approved beforehand, so that no operator is needed; names that no other case uses. */
const plain = { high: 'high.cross-domain.norc.test', low: 'low.cross-domain.norc.test' };
const guarded = {
  high: 'guarded-high.cross-domain.norc.test',
  low: 'guarded.cross-domain.norc.test',
};

/** One guard before the right server, and one before the wrong one. */
const guards = [guarded.low, plain.high].map((server) => {
  return { server, from: LABEL, to: 'unclassified', system: 'diode' };
});

const policy = {
  trust: {
    ...openTrust,
    approvedServers: {
      ...{ [plain.high]: 'verified', [plain.low]: 'basic' },
      ...{ [guarded.high]: 'verified', [guarded.low]: 'basic' },
    },
    government: { ...openTrust.government, guards },
  },
};

/** The one at verified, the other at basic. */
async function domains(
  stage: Stage,
  { high, low }: typeof plain,
): Promise<{ bravo: Peer; charlie: Peer; link: Link }> {
  const bravo = await stage.peer({ serverId: high });
  const charlie = await stage.peer({ serverId: low });
  await charlie.establish();
  const options = {
    level: 'verified',
    method: 'ca_validation',
    standards: ['fips_140_2'],
  } as const;
  const { link } = await bravo.establish(options);
  return { bravo, charlie, link };
}

function across({ bravo, charlie }: { bravo: Peer; charlie: Peer }): MessageRelay {
  return bravo.composeRelay({
    to: [charlie.user.userId],
    recipients: [charlie.user],
    targetServer: charlie.serverId,
    classification: LABEL,
  });
}

const refused = defineCase({
  id: 'trust/domains/no-label-comes-down-without-a-guard',
  title: 'What is labelled for verified is not passed on to a server at basic: 5004',
  verifies: ['T-GOV-04'],
  readings: ['L-X02'],
  needs: { policy },
  async run(stage) {
    const people = await domains(stage, plain);
    const answer = await sendRelay(people.link, across(people));
    const codes = [errorCode.federation.insufficientTrust];
    checkRefused(stage, 'T-GOV-04', answer, { codes, what: `${LABEL} for a server at basic` });
    const came = await people.charlie.relayed({ withinMs: 500 });
    stage.check('T-GOV-04', came.length === 0, {
      what: 'what has come to the server at basic',
      expected: 'nothing',
      got: came.map(({ message }) => message.classification),
    });
  },
});

const passedOn = defineCase({
  id: 'trust/domains/a-listed-guard-lets-its-label-through',
  title: 'Towards a server before which policy lists a guard, that label is passed on',
  verifies: ['T-GOV-04'],
  behaviour: ['T-GOV-04'],
  readings: ['L-X02'],
  needs: { policy },
  async run(stage) {
    const people = await domains(stage, guarded);
    await sendRelay(people.link, across(people));
    const [came] = await people.charlie.relayed();
    stage.check('T-GOV-04', came?.message.classification === LABEL, {
      what: 'what has come by the guard',
      expected: LABEL,
      got: came?.message.classification ?? 'nothing',
    });
  },
});

export const cases: readonly Case[] = [refused, passedOn];
