/**
 * X.509 revocation lists (RFC 5280 5) that the subject fetches where the certificates of a chain say,
 * as nothing is shown and nobody answers OCSP (T-RESP-05; profile 2.4). Each list has one fault at
 * most, and the other one is honest.
 */
import { bytesOf, encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { Answer, Peer, TrustRun } from '../../actors/peer.ts';
import { page } from '../../authority/evidence.ts';
import type { CrlOptions } from '../../authority/revocation.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import type { WebHandler } from '../../web.ts';
import { otherBytes } from './steps/changes.ts';
import { checkGranted, decided } from './steps/levels.ts';
import {
  checkRefused,
  checkTaken,
  checkTrusted,
  checkUntrusted,
  freshLink,
  upTo,
} from './steps/outcomes.ts';
import { checkPassed, nowMsOf, verified } from './steps/verified.ts';

const ID = 'T-RESP-05';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Places in the chain, and the pages where its issuers' lists are. */
const places = { leaf: 0, intermediate: 1 } as const;
type Place = keyof typeof places;
type List = (stage: Stage, peer: Peer) => string | Promise<string>;
type Lists = { readonly [place in Place]?: List };

/** base64url; honest unless told otherwise. */
function listOf(place: Place, options: Partial<CrlOptions> = {}): List {
  return (stage, { chain }) =>
    stage.evidence.crl(chain[places[place]] ?? '', { nowMs: nowMsOf(stage), ...options });
}

/** The certificate itself stands in the list of its issuer. */
const revoking =
  (place: Place): List =>
  (stage, peer) => {
    const revoked = [bytesOf(peer.chain[places[place]] ?? '')];
    return listOf(place, { revoked })(stage, peer);
  };

const dated =
  (place: Place, fromMs: number, toMs: number): List =>
  (stage, peer) => {
    const now = nowMsOf(stage);
    const times = { thisUpdateMs: now + fromMs, nextUpdateMs: now + toMs };
    return listOf(place, times)(stage, peer);
  };

const publishers = (stage: Stage) => stage.peer({ certificate: { answersBy: 'list' } });

async function publish(stage: Stage, peer: Peer, lists: Lists): Promise<void> {
  for (const place of Object.keys(places) as Place[]) {
    const list = await (lists[place] ?? listOf(place))(stage, peer);
    const handler: WebHandler = () => page('application/pkix-crl', bytesOf(list));
    stage.web.serve(`/${place}.crl`, handler);
  }
}

async function runOf(stage: Stage, peer: Peer): Promise<TrustRun> {
  return peer.trustRun(await freshLink(peer), verified(stage, { ocsp_responses: [] }));
}

async function judged(stage: Stage, peer: Peer, lists: Lists): Promise<Answer> {
  await publish(stage, peer, lists);
  return upTo(await runOf(stage, peer), 'respond');
}

const needs = { policy: { evidence: { fetchRevocation: true } }, alone: true } as const;

interface Wrong {
  readonly id: string;
  readonly title: string;
  readonly lists: Lists;
}

const wrong: readonly Wrong[] = [
  {
    id: 'that-names-the-leaf-refuses-it',
    title: 'A leaf that stands in the list of its issuer is refused with 5806',
    lists: { leaf: revoking('leaf') },
  },
  {
    id: 'that-names-the-intermediate-refuses-the-chain',
    title: 'A chain whose intermediate stands in the list of the root is refused with 5806',
    lists: { intermediate: revoking('intermediate') },
  },
  {
    id: 'that-is-stale-is-no-proof',
    title: 'A list whose nextUpdate has passed does not show that a leaf is good: 5806',
    lists: { leaf: dated('leaf', -2 * HOUR_MS, -HOUR_MS) },
  },
  {
    id: 'of-the-future-is-no-proof',
    title: 'A list whose thisUpdate is still to come does not show that a leaf is good: 5806',
    lists: { leaf: dated('leaf', HOUR_MS, DAY_MS) },
  },
  {
    id: 'that-is-stale-for-the-intermediate-is-no-proof',
    title: 'A stale list of the root does not show that an intermediate is good: 5806',
    lists: { intermediate: dated('intermediate', -2 * HOUR_MS, -HOUR_MS) },
  },
  {
    id: 'that-was-changed-is-no-proof',
    title: 'A list with one wrong bit in its signature does not show that a leaf is good: 5806',
    lists: {
      async leaf(stage, peer) {
        const bytes = bytesOf(await listOf('leaf')(stage, peer));
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        return encodeBase64url(bytes);
      },
    },
  },
  {
    id: 'that-another-authority-has-signed-is-no-proof',
    title: 'A list that another authority has signed does not show that a leaf is good: 5806',
    lists: {
      async leaf(stage, peer) {
        const other = await stage.peer({ certificate: { authority: 'government' } });
        const signer = stage.evidence.signerFor(other.chain[0] ?? '');
        return listOf('leaf', { signer })(stage, peer);
      },
    },
  },
  {
    id: 'of-the-root-says-nothing-of-the-leaf',
    title: 'The list of the root, where that of the intermediate should be, is no proof: 5806',
    lists: { leaf: listOf('intermediate') },
  },
  {
    id: 'of-changes-alone-is-no-proof',
    title: 'A delta says nothing of what it does not list: 5806',
    lists: { leaf: listOf('leaf', { isDelta: true }) },
  },
  {
    id: 'that-cannot-be-read-is-no-proof',
    title: 'What is no list does not show that a leaf is good: 5806',
    lists: { leaf: () => otherBytes('AAAA') },
  },
];

const refused = wrong.map(({ id, title, lists }) =>
  defineCase({
    id: `trust/x509-lists/${id}`,
    title,
    verifies: [ID],
    needs,
    async run(stage) {
      const peer = await publishers(stage);
      const answer = await judged(stage, peer, lists);
      checkRefused(stage, ID, answer, { codes: [errorCode.trust.chain], what: title });
      await checkUntrusted(stage, ID, peer, 'the refusal');
    },
  }),
);

const taken = defineCase({
  id: 'trust/x509-lists/that-do-not-name-the-chain-are-enough',
  title: 'Fresh lists of both issuers that name other certificates only are enough',
  verifies: [ID],
  accepts: [ID],
  needs,
  async run(stage) {
    const peer = await publishers(stage);
    const other = await publishers(stage);
    const leaf = listOf('leaf', { revoked: [bytesOf(other.chain[0] ?? '')] });
    const before = stage.web.requests.length;
    checkPassed(stage, ID, await judged(stage, peer, { leaf }), 'a chain that no list names');
    const fetched = stage.web.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    const expected = ['GET /intermediate.crl', 'GET /leaf.crl'];
    stage.check(ID, fetched.sort().join() === expected.join(), {
      what: 'what the subject has fetched to judge the chain',
      expected,
      got: fetched,
    });
  },
});

const granted = defineCase({
  id: 'trust/x509-lists/verified-is-granted-on-what-they-say',
  title:
    'From the chain and the lists of its issuers to verified in force, approved by an operator',
  verifies: [ID],
  accepts: [ID],
  needs: { ...needs, commands: true },
  async run(stage) {
    const peer = await publishers(stage);
    await publish(stage, peer, {});
    const run = await runOf(stage, peer);
    const answer = await upTo(run, 'respond');
    const decision = await decided(stage, { peer, run, answer });
    checkGranted(stage, ID, decision, 'verified');
    const what = 'verified on the word of lists';
    checkTaken(stage, ID, await run.acknowledge(), { step: 'acknowledge', what });
    await checkTrusted(stage, ID, peer, what, { minTrustLevel: 'verified' });
  },
});

export const cases: readonly Case[] = [...refused, taken, granted];
