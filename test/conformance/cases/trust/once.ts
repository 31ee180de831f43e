/** A challenge is usable once, and until its deadline (T-CHAL-06, T-CHAL-07; 2.3 responder row 5). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { Peer, TrustRun } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import { checkAnswered } from '../federation/steps/answers.ts';
import { setAnswer } from './steps/changes.ts';
import {
  checkRefused,
  checkTrusted,
  checkUntrusted,
  freshLink,
  mustTake,
  onFrom,
  upTo,
} from './steps/outcomes.ts';

const { trust: code } = errorCode;

/** Sends what a run has already sent, byte for byte. */
async function again(run: TrustRun, peer: Peer) {
  const response = run.messages.find(({ type }) => type === 'trust_response');
  return (await freshLink(peer)).requestRaw({ ...response });
}

const replayed = defineCase({
  id: 'trust/once/a-replay-is-refused',
  title: 'A challenge is usable once: the same response again is refused with 5803',
  verifies: ['T-CHAL-07'],
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer));
    await upTo(run, 'respond');
    const pending = 'the same response while its decision waits';
    const codes = [code.unknownExchange];
    checkRefused(stage, 'T-CHAL-07', await again(run, peer), { codes, what: pending });
    await onFrom(run, 'acknowledge');
    const after = 'the same response after trust is established';
    checkRefused(stage, 'T-CHAL-07', await again(run, peer), { codes, what: after });
    await checkTrusted(stage, 'T-CHAL-07', peer, 'the replay');
  },
});

const usedUp = defineCase({
  id: 'trust/once/a-failed-challenge-is-used-up',
  title: 'After a wrong answer the right one comes too late: the challenge is used up',
  verifies: ['T-CHAL-07'],
  async run(stage) {
    const peer = await stage.peer();
    const link = await freshLink(peer);
    const right: JsonObject[] = [];
    const run = peer.trustRun(link, {
      response: (message) => {
        right.push({ ...message });
        return setAnswer('cryptographic_proof', () => ({
          signature: stage.crypto.sign(stage.crypto.signingKey(stage.entropy(32)), {}),
        }))(message);
      },
    });
    const wrong = await upTo(run, 'respond');
    checkRefused(stage, 'T-CHAL-07', wrong, { codes: [code.keyProof], what: 'a wrong answer' });
    const answer = await (await freshLink(peer)).requestRaw(right[0] ?? {});
    const what = 'the right answer after the wrong one';
    checkRefused(stage, 'T-CHAL-07', answer, { codes: [code.unknownExchange], what });
    await checkUntrusted(stage, 'T-CHAL-07', peer, what);
  },
});

const late = defineCase({
  id: 'trust/once/after-the-deadline-is-refused',
  title: 'A response after the deadline establishes nothing: 5804',
  verifies: ['T-CHAL-06'],
  needs: { waitsSeconds: 86_401 },
  async run(stage) {
    const peer = await stage.peer();
    const composed: JsonObject[] = [];
    const run = peer.trustRun(await freshLink(peer), {
      response: (message) => {
        composed.push({ ...message });
        return { type: 'nobody_knows_this' };
      },
    });
    mustTake('request', await upTo(run, 'request'));
    await run.respond(); // composed and published, but not sent
    const deadlineMs = (run.challenge?.deadline ?? 0) * 1000;
    await stage.pass(deadlineMs - stage.now() / 1000 + 1000);
    const answer = await (await freshLink(peer)).requestRaw(composed[0] ?? {});
    const what = 'a response one second after the deadline';
    checkRefused(stage, 'T-CHAL-06', answer, { codes: [code.expired], what });
    await checkUntrusted(stage, 'T-CHAL-06', peer, what);
  },
});

const inTime = defineCase({
  id: 'trust/once/before-the-deadline-is-taken',
  title: 'A response shortly before the deadline is still taken',
  verifies: ['T-CHAL-06'],
  accepts: ['T-CHAL-06'],
  needs: { waitsSeconds: 86_400 },
  async run(stage) {
    const peer = await stage.peer();
    const composed: JsonObject[] = [];
    const run = peer.trustRun(await freshLink(peer), {
      response: (message) => {
        composed.push({ ...message });
        return { type: 'nobody_knows_this' };
      },
    });
    mustTake('request', await upTo(run, 'request'));
    await run.respond();
    const deadlineMs = (run.challenge?.deadline ?? 0) * 1000;
    await stage.pass(deadlineMs - stage.now() / 1000 - 5000);
    const answer = await (await freshLink(peer)).requestRaw(composed[0] ?? {});
    checkAnswered(stage, 'T-CHAL-06', answer, {
      type: 'trust_decision',
      what: 'a response five seconds before the deadline',
    });
  },
});

export const cases: readonly Case[] = [replayed, usedUp, late, inTime];
