/** Decisions that wait for an operator (T-CAP-07; choices.md, NORC-T: answered 202, posted later). */
import type { TrustDecision } from '../../../../spec/messages/trust/trust-decision.ts';
import type { Answer, Peer, TrustRun } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Received, Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { checkTaken, checkTrusted, checkUntrusted, freshLink, upTo } from './steps/outcomes.ts';

const manual = { trust: { requireManualApproval: true } };

/** A run whose evidence is all there, and which nobody has decided on. */
async function waiting(stage: Stage): Promise<{ peer: Peer; run: TrustRun; answer: Answer }> {
  const peer = await stage.peer();
  const run = peer.trustRun(await freshLink(peer));
  const answer = await upTo(run, 'respond');
  return { peer, run, answer };
}

function checkUndecided(stage: Stage, answer: Answer): void {
  const { message, status } = answer;
  stage.check('T-CAP-07', message === null && status >= 200 && status < 300, {
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
    checkUndecided(stage, answer);
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
    checkUndecided(stage, answer);
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
    checkUndecided(stage, answer);
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
    checkUndecided(stage, answer);
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
    checkUndecided(stage, first.answer);
    checkUndecided(stage, second.answer);
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

export const cases: readonly Case[] = [approved, refused, noAutomatic, afterRestart, forOneServer];
