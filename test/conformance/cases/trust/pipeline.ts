/**
 * The steps of validation in their order, with the evidence of certificates among them (T-PIPE-01,
 * T-PIPE-03; T 10.3, T 10.4). Pairs of faults without such evidence are in order.ts.
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { PeerOptions, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { unreachable } from './steps/levels.ts';
import { checkRefused, checkTrusted, freshLink, mustTake, onFrom, upTo } from './steps/outcomes.ts';
import { verified, withPages } from './steps/verified.ts';

const { trust: code } = errorCode;

interface Pair {
  readonly id: string;
  readonly title: string;
  readonly codes: readonly number[];
  readonly needs?: Case['needs'];
  readonly peer?: PeerOptions;
  readonly options: (stage: Stage) => TrustRunOptions;
}

const nothing = { ocsp_responses: [] };

const pairs: readonly Pair[] = [
  {
    id: 'format-before-revocation',
    title: 'A missing answer is reported before a chain that nobody calls good: 5801',
    codes: [code.malformed],
    options: (stage) =>
      verified(
        stage,
        {},
        {
          response: (message) => ({
            ...message,
            challenge_responses: message.challenge_responses.filter(
              ({ type }) => type === 'cryptographic_proof',
            ),
          }),
        },
      ),
  },
  {
    id: 'revocation-before-domain',
    title: 'A chain that nobody calls good is reported before a domain that shows nothing: 5806',
    codes: [code.chain],
    options: (stage) => verified(stage, nothing, { publish: 'nothing' }),
  },
  {
    id: 'transparency-before-domain',
    title: 'A leaf that no log knows is reported before a domain that shows nothing: 5806',
    codes: [code.chain],
    peer: { certificate: { timestamps: 'none' } },
    options: (stage) => verified(stage, {}, { publish: 'nothing' }),
  },
  {
    id: 'revocation-before-risk',
    title: 'A chain that nobody calls good is reported before a score that is too low: 5806',
    codes: [code.chain],
    needs: { policy: unreachable },
    options: (stage) => verified(stage, nothing),
  },
];

const order = pairs.map(({ id, title, codes, needs, peer: peerOptions, options }) =>
  defineCase({
    id: `trust/pipeline/${id}`,
    title,
    verifies: ['T-PIPE-01'],
    behaviour: ['T-PIPE-01'],
    ...(needs && { needs }),
    async run(stage) {
      const peer = await stage.peer(peerOptions);
      const run = peer.trustRun(await freshLink(peer), options(stage));
      checkRefused(stage, 'T-PIPE-01', await upTo(run, 'respond'), { codes, what: title });
    },
  }),
);

/** Validated at once, beside one that waits. */
const BESIDE = 6;

const slow = defineCase({
  id: 'trust/pipeline/a-slow-issuer-delays-nobody-else',
  title: 'While the issuer of one server does not answer, six others are validated at once',
  verifies: ['T-PIPE-03'],
  behaviour: ['T-PIPE-03'],
  needs: { policy: { evidence: { fetchRevocation: true } }, alone: true, waitsSeconds: 10 },
  run: (stage) =>
    withPages(
      stage,
      () => 'silence',
      () => besideSilence(stage),
    ),
});

async function besideSilence(stage: Stage): Promise<void> {
  const held = await stage.peer();
  const waiting = held.trustRun(await freshLink(held), verified(stage, nothing));
  const free = await Promise.all(Array.from({ length: BESIDE }, () => stage.peer()));
  for (const step of ['capabilities', 'request'] as const) mustTake(step, await waiting[step]());
  let isDone = false;
  const late = waiting.respond().finally(() => {
    isDone = true;
  });
  await Promise.all(
    free.map(async (peer) => onFrom(peer.trustRun(await freshLink(peer)), 'capabilities')),
  );
  for (const peer of free) {
    await checkTrusted(stage, 'T-PIPE-03', peer, 'a run beside one that waits');
  }
  stage.check('T-PIPE-03', !isDone, {
    what: 'the run whose issuer is silent, when the others are through',
    expected: 'still waiting',
    got: isDone ? 'answered' : 'still waiting',
  });
  const what = 'the run whose issuer is silent';
  checkRefused(stage, 'T-PIPE-03', await late, { codes: [code.chain], what });
}

export const cases: readonly Case[] = [...order, slow];
