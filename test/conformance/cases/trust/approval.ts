/** Decisions that wait for an operator (T-CAP-07; choices.md, NORC-T: answered 202, posted later). */
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { TrustDecision } from '../../../../spec/messages/trust/trust-decision.ts';
import type { Answer, Peer, TrustRun } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Received, Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { set } from './steps/changes.ts';
import { openPolicy } from './steps/levels.ts';
import { checkTaken, checkTrusted, checkUntrusted, freshLink, upTo } from './steps/outcomes.ts';
import { nowMsOf, verified } from './steps/verified.ts';

const manual = { trust: { requireManualApproval: true } };

/** A run whose evidence is all there, and which nobody has decided on. */
async function waiting(stage: Stage): Promise<{ peer: Peer; run: TrustRun; answer: Answer }> {
  const peer = await stage.peer();
  const run = peer.trustRun(await freshLink(peer));
  const answer = await upTo(run, 'respond');
  return { peer, run, answer };
}

function checkUndecided(stage: Stage, id: RequirementId, answer: Answer): void {
  const { message, status } = answer;
  stage.check(id, message === null && status >= 200 && status < 300, {
    what: 'the answer to a response that only an operator can decide on',
    expected: 'an empty answer',
    got: told(answer),
  });
}

/** What the subject posts once its operator has spoken. */
async function posted(stage: Stage, peer: Peer): Promise<Received<TrustDecision> | undefined> {
  const inbound = await peer.inbound();
  const received = inbound?.received;
  const isDecision = received?.message.type === 'trust_decision';
  stage.check('T-CAP-07', isDecision, {
    what: 'what the subject posts after its operator has decided',
    expected: 'trust_decision',
    got: received?.message.type ?? 'nothing',
  });
  await inbound?.answer(null);
  return received as Received<TrustDecision>;
}

const needs = { commands: true, policy: manual } as const;

const approved = defineCase({
  id: 'trust/approval/trust-waits-for-the-operator',
  title: 'Where policy wants an operator, nothing is decided before one approves, and trust after',
  verifies: ['T-CAP-07'],
  needs,
  async run(stage) {
    const { peer, run, answer } = await waiting(stage);
    checkUndecided(stage, 'T-CAP-07', answer);
    await checkUntrusted(stage, 'T-CAP-07', peer, 'the response');
    await stage.command({ command: 'approve-trust', server: peer.serverId, decision: 'approve' });
    const decision = await posted(stage, peer);
    stage.check('T-CAP-07', decision?.message.decision === 'accept', {
      what: 'the decision after approval',
      expected: 'accept',
      got: decision?.message.decision,
    });
    if (decision) run.take(decision);
    checkTaken(stage, 'T-CAP-07', await run.acknowledge(), {
      step: 'acknowledge',
      what: 'the acknowledgment of the decision that was posted',
    });
    await checkTrusted(stage, 'T-CAP-07', peer, 'approval and acknowledgment');
  },
});

const refused = defineCase({
  id: 'trust/approval/an-operators-refusal-rejects',
  title: 'What an operator refuses is rejected, and gives nothing',
  verifies: ['T-CAP-07'],
  needs,
  async run(stage) {
    const { peer, answer } = await waiting(stage);
    checkUndecided(stage, 'T-CAP-07', answer);
    await stage.command({ command: 'approve-trust', server: peer.serverId, decision: 'refuse' });
    const decision = await posted(stage, peer);
    stage.check('T-CAP-07', decision?.message.decision === 'reject', {
      what: 'the decision after the refusal of the operator',
      expected: 'reject',
      got: decision?.message.decision,
    });
    await checkUntrusted(stage, 'T-CAP-07', peer, 'the refusal');
  },
});

const noAutomatic = defineCase({
  id: 'trust/approval/nothing-is-automatic-where-policy-says-so',
  title: 'Without auto_accept_basic a basic request is not decided on without an operator',
  verifies: ['T-CAP-07', 'F-DISC-06'],
  needs: { policy: { trust: { autoAcceptBasic: false } } },
  async run(stage) {
    const { peer, answer } = await waiting(stage);
    checkUndecided(stage, 'T-CAP-07', answer);
    await checkUntrusted(stage, 'T-CAP-07', peer, 'the response');
    await checkUntrusted(stage, 'F-DISC-06', peer, 'the response that nobody has approved');
  },
});

const afterRestart = defineCase({
  id: 'trust/approval/what-waits-survives-a-restart',
  title: 'A run that waits for an operator can be approved after a restart of the subject',
  verifies: ['T-CAP-07'],
  needs: { ...needs, restart: true },
  async run(stage) {
    const { peer, run, answer } = await waiting(stage);
    checkUndecided(stage, 'T-CAP-07', answer);
    await stage.restartSubject();
    await checkUntrusted(stage, 'T-CAP-07', peer, 'the restart');
    await stage.command({ command: 'approve-trust', server: peer.serverId, decision: 'approve' });
    const decision = await posted(stage, peer);
    stage.check('T-CAP-07', decision?.message.request_id === run.requestId, {
      what: 'the request that the decision is about',
      expected: run.requestId,
      got: decision?.message.request_id,
    });
  },
});

const forOneServer = defineCase({
  id: 'trust/approval/an-approval-is-for-one-server',
  title: 'Of two servers that wait for an operator only the one that is approved is decided on',
  verifies: ['T-CAP-07'],
  needs,
  async run(stage) {
    const [first, second] = [await waiting(stage), await waiting(stage)];
    checkUndecided(stage, 'T-CAP-07', first.answer);
    checkUndecided(stage, 'T-CAP-07', second.answer);
    const server = first.peer.serverId;
    await stage.command({ command: 'approve-trust', server, decision: 'approve' });
    const decision = await posted(stage, first.peer);
    stage.check('T-CAP-07', decision?.message.target_server === server, {
      what: 'the server that the decision is about',
      expected: server,
      got: decision?.message.target_server,
    });
    await checkUntrusted(stage, 'T-CAP-07', second.peer, 'the approval of another server');
    // What was not decided waits still, and its own approval is heard.
    const { serverId } = second.peer;
    await stage.command({ command: 'approve-trust', server: serverId, decision: 'refuse' });
    const own = await posted(stage, second.peer);
    stage.check('T-CAP-07', own?.message.decision === 'reject', {
      what: 'the decision on the other server after its own refusal',
      expected: 'reject',
      got: own?.message.decision,
    });
  },
});

const LATER_MS = 2 * 3_600_000;

/** Row 6 of the responder: what is granted holds when it is granted. */
const judgedAgain = defineCase({
  id: 'trust/approval/what-has-run-out-meanwhile-is-not-granted',
  title: 'What no longer scores enough when the operator approves it is not granted',
  verifies: ['T-SCORE-04'],
  readings: ['L-T16', 'L-T17'],
  needs: { policy: openPolicy, commands: true, waitsSeconds: LATER_MS / 1000 },
  async run(stage) {
    const peer = await stage.peer();
    // Answers that last, and a certification that does not: 70.0 now, and 60.0 in an hour.
    const nowMs = nowMsOf(stage);
    const lasting = { nowMs, nextUpdateMs: nowMs + 2 * LATER_MS };
    const expires_at = Math.floor((nowMs + LATER_MS / 2) / 1000);
    const certification = { standard: 'fips_140_2', certificate_id: 'A-1', issued_by: 'NIST' };
    const options = verified(
      stage,
      { ocsp_responses: stage.evidence.ocsp(peer.chain, lasting) },
      { request: set({ compliance_attestations: [{ ...certification, expires_at }] }) },
    );
    const answer = await upTo(peer.trustRun(await freshLink(peer), options), 'respond');
    checkUndecided(stage, 'T-SCORE-04', answer);
    await stage.pass(LATER_MS);
    await stage.command({ command: 'approve-trust', server: peer.serverId, decision: 'approve' });
    const inbound = await peer.inbound();
    await inbound?.answer(null);
    const message = inbound?.received.message;
    const granted = message?.type === 'trust_decision' && message.decision !== 'reject';
    stage.check('T-SCORE-04', !granted, {
      what: 'what is posted on an approval an hour after the certification has run out',
      expected: 'a decision that rejects, or a refusal',
      got: message ?? 'nothing',
    });
    await checkUntrusted(stage, 'T-SCORE-04', peer, 'an approval that came too late');
  },
});

export const cases: readonly Case[] = [
  approved,
  refused,
  noAutomatic,
  afterRestart,
  forOneServer,
  judgedAgain,
];
