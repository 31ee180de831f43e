/**
 * Chains that were found sound once (T-CERT-12; T 10.4, F 1.3). How long a subject remembers them does
 * not show; that it takes nothing for sound because it once was, does.
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { type Case, defineCase } from '../../case.ts';
import { chainFor, set } from './steps/changes.ts';
import { decided, openPolicy } from './steps/levels.ts';
import { checkRefused, freshLink, mustTake, onFrom, upTo } from './steps/outcomes.ts';
import { checkPassed, honestAnswers, nowMsOf, verified } from './steps/verified.ts';

const ID = 'T-CERT-12';
const codes = [errorCode.trust.chain];
const LIFE_SECONDS = 7200;

const ended = defineCase({
  id: 'trust/chain-memory/a-chain-that-has-ended-since-is-refused',
  title: 'A chain that was sound two hours ago is refused when its leaf has ended since: 5806',
  verifies: [ID],
  behaviour: [ID],
  needs: { waitsSeconds: LIFE_SECONDS },
  async run(stage) {
    const peer = await stage.peer();
    // Shown, and not that of TLS, which would be refused by itself.
    const notAfterMs = nowMsOf(stage) + LIFE_SECONDS * 1000;
    const certificate_chain = [...(await chainFor(stage, peer.serverId, { notAfterMs }))];
    const options = { request: set({ certificate_chain }) };
    await onFrom(peer.trustRun(await freshLink(peer), options), 'capabilities');
    await stage.pass(LIFE_SECONDS * 1000);
    const again = peer.trustRun(await freshLink(peer), options);
    const what = 'the chain of the first run, after its end';
    checkRefused(stage, ID, await upTo(again, 'request'), { codes, what });
  },
});

const revoked = defineCase({
  id: 'trust/chain-memory/a-chain-that-was-revoked-since-is-refused',
  title: 'A chain that its issuers called good is refused when they call it revoked: 5806',
  verifies: [ID],
  behaviour: [ID],
  needs: { policy: openPolicy, commands: true },
  async run(stage) {
    const peer = await stage.peer();
    const good = verified(stage, { ocsp_responses: honestAnswers(stage, peer) });
    const run = peer.trustRun(await freshLink(peer), good);
    const answer = await upTo(run, 'respond');
    checkPassed(stage, ID, answer, 'a run whose chain is called good');
    await decided(stage, { peer, run, answer });
    mustTake('acknowledge', await run.acknowledge());
    const nowMs = nowMsOf(stage);
    const ocsp_responses = stage.evidence.ocsp(peer.chain, { nowMs, status: 'revoked' });
    const bad = peer.trustRun(await freshLink(peer), verified(stage, { ocsp_responses }));
    checkRefused(stage, ID, await upTo(bad, 'respond'), { codes, what: 'the same chain, revoked' });
  },
});

export const cases: readonly Case[] = [ended, revoked];
