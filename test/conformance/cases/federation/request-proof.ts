/** The proof that every request carries (F-AUTH-01 to F-AUTH-04; L-F09; S-3b). */

import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../../reference/time.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import type { Link, Peer, ProofParts } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkAnswered, checkRefused } from './steps/answers.ts';

const skew = limits.federationSkewSeconds;
/** Seconds by which a proof is well inside or outside of the window, however slow the machine. */
const margin = 6;

function question(stage: Stage, bravo: Peer, level = 'basic'): JsonObject {
  return {
    type: 'trust_status',
    target_server: stage.subject.serverId,
    requesting_server: bravo.serverId,
    trust_level_required: level,
  };
}

async function checkHonest(stage: Stage, id: RequirementId, link: Link): Promise<void> {
  const what = 'a request with an honest proof';
  checkAnswered(stage, id, await link.trustStatus(), { type: 'trust_status_response', what });
}

interface Bad {
  readonly id: string;
  readonly what: string;
  readonly bend: (stage: Stage, bravo: Peer) => Partial<ProofParts>;
}

/** Each part that the signature covers, signed otherwise than the request has it. */
const parts: readonly Bad[] = [
  { id: 'type', what: 'another type', bend: () => ({ type: 'message_relay' }) },
  {
    id: 'requester',
    what: 'another requester',
    bend: (stage) => ({ requester: stage.domain('other') }),
  },
  {
    id: 'target',
    what: 'another target that the request does not name',
    bend: (stage) => ({ target: stage.domain('other') }),
  },
  {
    id: 'body',
    what: 'another body',
    bend: (stage, bravo) => ({ body: question(stage, bravo, 'verified') }),
  },
  {
    id: 'key',
    what: 'another key',
    bend: ({ crypto, entropy }) => ({ key: crypto.signingKey(entropy(32)) }),
  },
];

const altered = parts.map(({ id, what, bend }) =>
  defineCase({
    id: `federation/request-proof/another-${id}-is-refused`,
    title: `A request whose proof is over ${what} is refused`,
    verifies: ['F-AUTH-01'],
    readings: ['L-F09'],
    async run(stage) {
      const bravo = await stage.peer();
      const link = await bravo.link();
      await checkHonest(stage, 'F-AUTH-01', link);
      const message = question(stage, bravo, 'nato');
      const proof = link.proofFor(message, bend(stage, bravo));
      const answer = await link.requestRaw(message, { proof });
      checkRefused(stage, 'F-AUTH-01', answer, { what: `a proof over ${what}` });
    },
  }),
);

const headers: readonly {
  readonly id: string;
  readonly what: string;
  readonly of: (honest: string) => string | null;
}[] = [
  { id: 'a-missing-proof', what: 'without a proof', of: () => null },
  { id: 'an-empty-proof', what: 'with an empty proof', of: () => '' },
  {
    id: 'a-proof-at-another-time',
    what: 'whose proof names another second than was signed',
    of: (honest) => honest.replace(/^ts=\d+/, (ts) => `ts=${Number(ts.slice(3)) + 1}`),
  },
  {
    id: 'a-flipped-proof',
    what: 'whose proof has one character changed',
    of: (honest) => honest.replace(/sig=(.)/, (_, one) => `sig=${one === 'A' ? 'B' : 'A'}`),
  },
  {
    id: 'a-proof-without-its-time',
    what: 'whose proof has lost its time',
    of: (honest) => honest.replace(/^ts=\d+;/, ''),
  },
];

const spoilt = headers.map(({ id, what, of }) =>
  defineCase({
    id: `federation/request-proof/${id}-is-refused`,
    title: `A request ${what} is refused`,
    verifies: ['F-AUTH-01'],
    readings: ['L-F09'],
    async run(stage) {
      const bravo = await stage.peer();
      const link = await bravo.link();
      await checkHonest(stage, 'F-AUTH-01', link);
      const message = question(stage, bravo, 'nato');
      const proof = of(link.proofFor(message));
      const answer = await link.requestRaw(message, { proof });
      checkRefused(stage, 'F-AUTH-01', answer, { what: `a request ${what}` });
    },
  }),
);

const framed = defineCase({
  id: 'federation/request-proof/neighbouring-fields-do-not-run-together',
  title: 'A proof whose names are cut elsewhere, with the same letters in a row, is refused',
  verifies: ['F-AUTH-01', 'F-AUTH-02'],
  readings: ['L-F09'],
  async run(stage) {
    const bravo = await stage.peer();
    const link = await bravo.link();
    await checkHonest(stage, 'F-AUTH-01', link);
    const message = question(stage, bravo, 'nato');
    const { serverId } = bravo;
    const target = stage.subject.serverId;
    for (const cut of [
      { requester: `${serverId}${target.slice(0, 1)}`, target: target.slice(1) },
      { type: `trust_status${serverId.slice(0, 1)}`, requester: serverId.slice(1) },
    ]) {
      const answer = await link.requestRaw(message, { proof: link.proofFor(message, cut) });
      for (const id of ['F-AUTH-01', 'F-AUTH-02'] as const) {
        checkRefused(stage, id, answer, { what: 'the same letters, cut elsewhere' });
      }
    }
  },
});

const replayed = defineCase({
  id: 'federation/request-proof/a-proof-serves-once',
  title: 'The same request with the same proof again on the same link is refused',
  verifies: ['F-AUTH-03'],
  async run(stage) {
    const bravo = await stage.peer();
    const link = await bravo.link();
    const message = question(stage, bravo);
    const proof = link.proofFor(message);
    checkAnswered(stage, 'F-AUTH-03', await link.requestRaw(message, { proof }), {
      type: 'trust_status_response',
      what: 'a proof that is used for the first time',
    });
    const again = await link.requestRaw(message, { proof });
    checkRefused(stage, 'F-AUTH-03', again, { what: 'the same proof again' });
    checkAnswered(stage, 'F-AUTH-03', await link.trustStatus('verified'), {
      type: 'trust_status_response',
      what: 'another request on the same link',
    });
  },
});

const stale = defineCase({
  id: 'federation/request-proof/a-proof-is-of-now',
  title: 'A proof from more than a minute ago or ahead is refused',
  verifies: ['F-AUTH-03'],
  readings: ['L-F09'],
  async run(stage) {
    const bravo = await stage.peer();
    const link = await bravo.link();
    for (const offset of [-skew + margin, skew - margin, -skew - margin, skew + margin]) {
      const message = question(stage, bravo);
      const timestampSeconds = toSeconds(stage.now()) + offset;
      const proof = link.proofFor(message, { timestampSeconds });
      const answer = await link.requestRaw(message, { proof });
      const what = `a proof of ${offset} s from now`;
      if (Math.abs(offset) > skew) checkRefused(stage, 'F-AUTH-03', answer, { what });
      else checkAnswered(stage, 'F-AUTH-03', answer, { type: 'trust_status_response', what });
    }
  },
});

const boundary = defineCase({
  id: 'federation/request-proof/the-minute-is-exact',
  title: 'A proof serves until it is sixty seconds old, and not a second longer',
  verifies: ['F-AUTH-03'],
  needs: { waitsSeconds: skew },
  async run(stage) {
    const bravo = await stage.peer();
    const link = await bravo.link();
    const messages = [question(stage, bravo), question(stage, bravo, 'verified')] as const;
    // One time for both: the beginning of this second is what they name.
    const timestampSeconds = toSeconds(stage.now());
    const proofs = messages.map((message) => link.proofFor(message, { timestampSeconds }));
    await stage.pass(timestampSeconds * 1000 + skew * 1000 - stage.now() / 1000);
    const [last = null, late = null] = proofs;
    checkAnswered(stage, 'F-AUTH-03', await link.requestRaw(messages[0], { proof: last }), {
      type: 'trust_status_response',
      what: `a proof that is ${skew} s old`,
    });
    await stage.pass(1001);
    const answer = await link.requestRaw(messages[1], { proof: late });
    checkRefused(stage, 'F-AUTH-03', answer, { what: `a proof that is ${skew + 1} s old` });
  },
});

const elsewhere = defineCase({
  id: 'federation/request-proof/a-proof-for-another-server-is-refused',
  title: 'A request that was made for another server and is carried here is refused',
  verifies: ['F-AUTH-04'],
  async run(stage) {
    const bravo = await stage.peer();
    const link = await bravo.link();
    await checkHonest(stage, 'F-AUTH-04', link);
    const target = stage.domain('charlie');
    const message = { ...question(stage, bravo), target_server: target };
    const answer = await link.requestRaw(message, { proof: link.proofFor(message, { target }) });
    checkRefused(stage, 'F-AUTH-04', answer, { what: 'a proof and a request for another server' });
  },
});

export const cases: readonly Case[] = [
  ...altered,
  ...spoilt,
  framed,
  replayed,
  stale,
  boundary,
  elsewhere,
];
