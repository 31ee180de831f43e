/**
 * Revocation of the certificates of a chain (T-RESP-05; profile 2.4): what a server of ours shows
 * for its chain has one fault each. Each answer is about the leaf unless it says otherwise; the one
 * about the intermediate is honest.
 */
import { createNodeX509 } from '../../../../reference/crypto/node-x509.ts';
import { bytesOf } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { TrustResponse } from '../../../../spec/messages/trust/trust-response.ts';
import type { Answer, Peer, TrustRunOptions } from '../../actors/peer.ts';
import { page } from '../../authority/evidence.ts';
import type { OcspOptions } from '../../authority/revocation.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { asking } from './steps/asking.ts';
import { setTask } from './steps/changes.ts';
import { checkRefused, checkUntrusted, freshLink, upTo } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';
import { checkPassed, honestAnswers, nowMsOf, verified, withPages } from './steps/verified.ts';

const { trust: code } = errorCode;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

type Answers = (stage: Stage, peer: Peer) => Promise<readonly string[]> | readonly string[];

/** This about the leaf, and what is honest about the intermediate. */
function aboutLeaf(stage: Stage, peer: Peer, options: Partial<OcspOptions>): readonly string[] {
  const [, intermediate = ''] = honestAnswers(stage, peer);
  const [leaf = ''] = stage.evidence.ocsp(peer.chain, { nowMs: nowMsOf(stage), ...options });
  return [leaf, intermediate];
}

const dated = (fromMs: number, toMs: number): Answers => {
  return (stage, peer) => {
    const now = nowMsOf(stage);
    const times = { thisUpdateMs: now + fromMs, nextUpdateMs: now + toMs };
    return aboutLeaf(stage, peer, times);
  };
};

/** A responder that the issuer of this chain has certified for something. */
function byResponder(purpose: string, endsInMs: number, whose?: (stage: Stage) => Promise<Peer>) {
  const answers: Answers = async (stage, peer) => {
    const certified = whose ? await whose(stage) : peer;
    const responder = await stage.evidence.responderFor(certified.chain[0] ?? '', {
      purpose,
      notAfterMs: nowMsOf(stage) + endsInMs,
    });
    return aboutLeaf(stage, peer, { responder });
  };
  return answers;
}

const underAnotherRoot = (stage: Stage): Promise<Peer> =>
  stage.peer({ certificate: { authority: 'government' } });

const wrong: readonly (Pick<RunFault, 'id' | 'title'> & { readonly answers: Answers })[] = [
  {
    id: 'none-is-not-enough',
    title: 'At verified, a chain for which no answer of OCSP is shown is refused with 5806',
    answers: () => [],
  },
  {
    id: 'of-the-leaf-alone-is-not-enough',
    title: 'Answers that leave out the intermediate are refused with 5806',
    answers: (stage, peer) => honestAnswers(stage, peer).slice(0, 1),
  },
  {
    id: 'of-the-intermediate-alone-is-not-enough',
    title: 'Answers that leave out the leaf are refused with 5806',
    answers: (stage, peer) => honestAnswers(stage, peer).slice(1),
  },
  {
    id: 'that-is-stale-is-refused',
    title: 'An answer whose nextUpdate has passed is refused with 5806',
    answers: dated(-2 * HOUR_MS, -HOUR_MS),
  },
  {
    id: 'of-the-future-is-refused',
    title: 'An answer whose thisUpdate is still to come is refused with 5806',
    answers: dated(HOUR_MS, DAY_MS),
  },
  {
    id: 'that-says-revoked-is-refused',
    title: 'An answer that says that the leaf is revoked is refused with 5806',
    answers: (stage, peer) => aboutLeaf(stage, peer, { status: 'revoked' }),
  },
  {
    id: 'that-says-unknown-is-refused',
    title: 'An answer that does not know the leaf is refused with 5806',
    answers: (stage, peer) => aboutLeaf(stage, peer, { status: 'unknown' }),
  },
  {
    id: 'of-a-revoked-intermediate-is-refused',
    title: 'A chain whose intermediate is revoked is refused with 5806',
    answers(stage, peer) {
      const options = { nowMs: nowMsOf(stage), status: 'revoked' } as const;
      const [leaf = ''] = honestAnswers(stage, peer);
      return [leaf, stage.evidence.ocsp(peer.chain, options)[1] ?? ''];
    },
  },
  {
    id: 'good-and-revoked-at-once-is-refused',
    title: 'A revocation counts beside an answer that says good: 5806',
    answers: (stage, peer) => [
      ...honestAnswers(stage, peer),
      ...aboutLeaf(stage, peer, { status: 'revoked' }),
    ],
  },
  {
    id: 'that-is-forged-is-refused',
    title: 'An answer with one wrong bit in its signature is refused with 5806',
    answers: (stage, peer) => aboutLeaf(stage, peer, { isForged: true }),
  },
  {
    id: 'of-another-number-is-refused',
    title: 'An answer about another number of the same issuer is refused with 5806',
    answers: (stage, peer) => aboutLeaf(stage, peer, { serial: Uint8Array.of(1, 2, 3) }),
  },
  {
    id: 'of-another-server-is-refused',
    title: 'Good answers about the chain of another server are refused with 5806',
    answers: async (stage, peer) => [
      ...honestAnswers(stage, await stage.peer()).slice(0, 1),
      ...honestAnswers(stage, peer).slice(1),
    ],
  },
  {
    id: 'by-a-responder-for-another-purpose-is-refused',
    title: 'An answer by a certificate of the issuer that may not sign OCSP is refused with 5806',
    answers: byResponder(SERVER_AUTH, DAY_MS),
  },
  {
    id: 'by-a-responder-of-another-authority-is-refused',
    title: 'An answer by the responder of another authority is refused with 5806',
    answers: byResponder(OCSP_SIGNING, DAY_MS, underAnotherRoot),
  },
  {
    id: 'by-a-responder-that-has-expired-is-refused',
    title: 'An answer by a responder whose certificate has expired is refused with 5806',
    answers: byResponder(OCSP_SIGNING, -HOUR_MS),
  },
];

const faults: readonly RunFault[] = wrong.map(({ id, title, answers }) => ({
  ...{ id, title, verifies: 'T-RESP-05', step: 'respond', codes: [code.chain] },
  async options(stage, peer): Promise<TrustRunOptions> {
    return verified(stage, { ocsp_responses: await answers(stage, peer) });
  },
}));

const right: readonly { readonly id: string; readonly title: string; readonly answers: Answers }[] =
  [
    {
      id: 'by-the-issuer-is-taken',
      title: 'Fresh and good answers by the issuers of leaf and intermediate are enough',
      answers: honestAnswers,
    },
    {
      id: 'by-a-responder-that-is-certified-is-taken',
      title: 'An answer by a responder whom the issuer has certified for it is enough',
      answers: byResponder(OCSP_SIGNING, DAY_MS),
    },
  ];

const taken = right.map(({ id, title, answers }) =>
  defineCase({
    id: `trust/ocsp/${id}`,
    title,
    verifies: ['T-RESP-05'],
    accepts: ['T-RESP-05'],
    async run(stage) {
      const peer = await stage.peer();
      const shown = { ocsp_responses: await answers(stage, peer) };
      const run = peer.trustRun(await freshLink(peer), verified(stage, shown));
      checkPassed(stage, 'T-RESP-05', await upTo(run, 'respond'), title);
    },
  }),
);

const needs = { policy: { evidence: { fetchRevocation: true } }, alone: true } as const;

/** Nothing is shown, so the subject asks by itself. */
async function unshown(stage: Stage, peer: Peer): Promise<Answer> {
  const run = peer.trustRun(await freshLink(peer), verified(stage, { ocsp_responses: [] }));
  return upTo(run, 'respond');
}

const askedByItself = defineCase({
  id: 'trust/attacks/S-31-issuers-are-asked-once-for-each-certificate',
  title: 'S-31: what is not shown is asked of the issuers, once for each certificate',
  verifies: ['T-RESP-05'],
  accepts: ['T-RESP-05'],
  needs,
  async run(stage) {
    const before = stage.web.requests.length;
    const answer = await unshown(stage, await stage.peer());
    checkPassed(stage, 'T-RESP-05', answer, 'a run whose issuers the subject can ask');
    const asked = stage.web.requests.length - before;
    stage.check('T-RESP-05', asked > 0 && asked <= 2, {
      what: 'questions of the subject about a leaf and an intermediate',
      expected: '1 or 2',
      got: asked,
    });
  },
});

const revokedByItself = defineCase({
  id: 'trust/ocsp/that-is-asked-for-counts',
  title: 'A certificate that its issuer calls revoked when the subject asks is refused with 5806',
  verifies: ['T-RESP-05'],
  needs,
  async run(stage) {
    const peer = await stage.peer();
    const options = { nowMs: nowMsOf(stage), status: 'revoked' } as const;
    const [leaf = ''] = stage.evidence.ocsp(peer.chain, options);
    const revoked = () => page('application/ocsp-response', bytesOf(leaf));
    const answer = await withPages(stage, revoked, () => unshown(stage, peer));
    const what = 'a run whose leaf is revoked';
    checkRefused(stage, 'T-RESP-05', answer, { codes: [code.chain], what });
    await checkUntrusted(stage, 'T-RESP-05', peer, what);
  },
});

const silent = defineCase({
  id: 'trust/ocsp/that-nobody-answers-is-refused',
  title: 'A certificate whose issuer does not answer is refused with 5806',
  verifies: ['T-RESP-05'],
  needs: { ...needs, waitsSeconds: 10 },
  async run(stage) {
    const peer = await stage.peer();
    const answer = await withPages(
      stage,
      () => 'silence',
      () => unshown(stage, peer),
    );
    const what = 'a run whose issuer is silent';
    checkRefused(stage, 'T-RESP-05', answer, { codes: [code.chain], what });
  },
});

const x509 = createNodeX509();

/** As requester the subject shows what it was asked for. */
const shows = defineCase({
  id: 'trust/ocsp/is-shown-by-the-subject-when-asked-for',
  title: 'Asked for revocation, the subject shows a good answer for each certificate of its chain',
  verifies: ['T-CHAL-08'],
  behaviour: ['T-CHAL-08'],
  needs: { policy: { trust: { establishOnDemand: { level: 'basic', method: 'ca_validation' } } } },
  async run(stage) {
    const wanted = { check_revocation: true, require_ct_logs: true, max_age_days: 90 };
    const challenge = setTask('certificate_validation', { validation_requirements: wanted });
    const { bravo } = await asking(stage, { bends: { challenge } });
    const [request] = await bravo.heard('trust_request');
    const [response] = await bravo.heard('trust_response');
    if (!request || !response) throw new SubjectMisbehaved('no response', 'trust_response', null);
    const shown = answersIn(response.message);
    const chain = request.message.certificate_chain;
    const lacking = chain.slice(0, -1).filter((der, at) => {
      return !shown.some((answer) => isGood(answer, der, chain[at + 1] ?? '', stage.now()));
    });
    stage.check('T-CHAL-08', shown.length > 0 && lacking.length === 0, {
      what: 'certificates below the root for which the subject shows no good answer of OCSP',
      expected: [],
      got: lacking,
    });
  },
});

function answersIn({ challenge_responses }: TrustResponse): readonly string[] {
  const part = challenge_responses.find(({ type }) => type === 'certificate_validation');
  return part?.type === 'certificate_validation' ? part.ocsp_responses : [];
}

function isGood(answer: string, der: string, issuer: string, now: number): boolean {
  const facts = x509.readOcsp(bytesOf(answer), der, issuer);
  if (!facts || facts.signer.kind === 'stranger') return false;
  return facts.answers.some(
    ({ status, nextUpdateSeconds }) =>
      status === 'good' && (nextUpdateSeconds === null || nextUpdateSeconds * 1_000_000 > now),
  );
}

export const cases: readonly Case[] = [
  ...refusedRuns('ocsp', faults),
  ...taken,
  askedByItself,
  revokedByItself,
  silent,
  shows,
];
