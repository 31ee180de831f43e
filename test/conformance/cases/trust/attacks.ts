/** Attacks on an establishment, by the scripts of profile Part 7 (S-1, D-3, D-4, D-5). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { NorcMessage } from '../../../../spec/messages.ts';
import type { Peer, TrustRun, TrustRunOptions } from '../../actors/peer.ts';
import { asJson } from '../../actors/signing.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { set } from './steps/changes.ts';
import { hybrid, noDowngrade } from './steps/levels.ts';
import {
  checkRefused,
  checkTrusted,
  checkUntrusted,
  freshLink,
  onFrom,
  upTo,
} from './steps/outcomes.ts';

const { trust: code, federation } = errorCode;
const hardened = ['1.1', '2.0'] as const;
const KEM = 'pq_kem.mlkem768.fips';

/**
 * A run whose first message was another when it was signed than when it arrived: what stands in the
 * transcript of the victim is not what stands in that of the subject. The signature is left whole,
 * as by a man in the middle who has the victim sign a list of its own choosing.
 */
async function rewritten(stage: Stage, change: JsonObject): Promise<{ peer: Peer; run: TrustRun }> {
  const peer = await stage.peer();
  const sent: { run?: TrustRun } = {};
  const options: TrustRunOptions = {
    request: (request) => {
      const [first, answer] = sent.run?.messages ?? [];
      const meant = { ...asJson(first ?? {}), ...change };
      const seen = [meant, asJson(answer ?? {})];
      return {
        ...asJson(request),
        transcript_hash: stage.crypto.transcript('norc-t-handshake-v1', seen),
      };
    },
  };
  const run = peer.trustRun(await freshLink(peer), options);
  sent.run = run;
  return { peer, run };
}

interface Rewriting {
  readonly id: string;
  readonly title: string;
  readonly change: JsonObject;
}

const rewritings: readonly Rewriting[] = [
  {
    id: 'D-3-reordered-versions-are-found-out',
    title: 'D-3: a list of versions that was reordered on the way breaks the transcript: 5810',
    change: { supported_versions: ['2.0', '1.1', '1.0'] },
  },
  {
    id: 'D-3-reordered-methods-are-found-out',
    title: 'D-3: a list of methods that was reordered on the way breaks the transcript: 5810',
    change: { supported_methods: ['direct_exchange'] },
  },
  {
    id: 'D-3-a-stripped-authority-is-found-out',
    title: 'D-3: an authority that was stripped on the way breaks the transcript: 5810',
    change: { certificate_authorities: ['CN=Another', 'NORC conformance root'] },
  },
  {
    id: 'D-4-a-stripped-post-quantum-offer-is-found-out',
    title: 'D-4: a post-quantum offer that was stripped on the way breaks the transcript: 5810',
    change: { pq_kem_support: [KEM] },
  },
];

const rewrites = rewritings.map(({ id, title, change }) =>
  defineCase({
    id: `trust/attacks/${id}`,
    title,
    verifies: ['T-TRN-01'],
    readings: ['L-H03'],
    async run(stage) {
      const { peer, run } = await rewritten(stage, change);
      const expected = { codes: [code.transcript], what: title } as const;
      checkRefused(stage, 'T-TRN-01', await upTo(run, 'request'), expected);
      await checkUntrusted(stage, 'T-TRN-01', peer, 'the rewritten run');
    },
  }),
);

const strippedHash = defineCase({
  id: 'trust/attacks/D-3-a-stripped-transcript-hash-is-found-out',
  title: 'D-3: from 1.1 on a request whose transcript hash was stripped is refused',
  verifies: ['X-TRN-08'],
  readings: ['L-V12'],
  at: hardened,
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer), {
      request: (message) => {
        const { transcript_hash: _, ...rest } = asJson(message);
        return rest;
      },
    });
    const codes = [code.transcript, code.malformed];
    const what = 'a request without its transcript hash';
    checkRefused(stage, 'X-TRN-08', await upTo(run, 'request'), { codes, what });
    await checkUntrusted(stage, 'X-TRN-08', peer, what);
  },
});

/** Lists that a server may come back with after it has used a higher version. */
const rollBacks: readonly JsonObject[] = [
  { protocol_version: '1.0', supported_versions: ['1.0'] },
  { protocol_version: '1.0', supported_versions: ['1.0', '0.9'] },
  { protocol_version: '9.0', supported_versions: ['9.0', '1.0'] },
];

const rolledBack = defineCase({
  id: 'trust/attacks/D-5-a-version-once-used-is-never-lowered',
  title: 'D-5: whatever lists a server comes back with, a version once used is not lowered',
  verifies: ['T-CAP-05'],
  readings: ['L-V13'],
  at: hardened,
  needs: { restart: true, policy: noDowngrade },
  async run(stage) {
    const peer = await stage.peer();
    await peer.trustRun(await freshLink(peer)).establish();
    for (const lists of rollBacks) {
      const run = peer.trustRun(await freshLink(peer), { capabilities: set(lists) });
      const what = `capabilities with ${JSON.stringify(lists.supported_versions)}`;
      const expected = { codes: [federation.versionMismatch], what } as const;
      checkRefused(stage, 'T-CAP-05', await run.capabilities(), expected);
      await stage.restartSubject();
    }
    await checkTrusted(stage, 'T-CAP-05', peer, 'three refused steps down');
  },
});

const classicalAgain = defineCase({
  id: 'trust/attacks/D-4-what-was-hybrid-is-not-heard-on-a-classical-link',
  title: 'D-4: after a hybrid run, the same server is not heard on a link without post-quantum',
  verifies: ['T-PQ-01'],
  readings: ['L-H14', 'L-H15'],
  needs: { capability: KEM },
  async run(stage) {
    const peer = await stage.peer({ suites: ['0101', '0001'] });
    const both = { capabilities: set({ pq_kem_support: [KEM] }) };
    await onFrom(peer.trustRun(await freshLink(peer, hybrid), both), 'capabilities');
    const again = await peer.trustRun(await freshLink(peer), both).capabilities();
    const what = 'the same capabilities on a classical link';
    checkRefused(stage, 'T-PQ-01', again, { codes: [errorCode.common.cryptoError], what });
    await checkTrusted(stage, 'T-PQ-01', peer, what);
  },
});

/** Everything that a run has sent, oldest first. */
function sentBy(peer: Peer, run: TrustRun): readonly NorcMessage[] {
  const senders = ['server_id', 'requesting_server', 'responding_server', 'acknowledging_server'];
  return run.messages.filter((message) => {
    return senders.some((member) => asJson(message)[member] === peer.serverId);
  });
}

const replays = defineCase({
  id: 'trust/attacks/S-1-a-recorded-run-is-worth-nothing',
  title: 'S-1: every message of a recorded run, sent again on a link of its own, has no effect',
  verifies: ['X-ERR-07', 'T-CHAL-07'],
  needs: { policy: noDowngrade },
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer));
    const { certificate } = await run.establish();
    const recorded = sentBy(peer, run).filter(({ type }) => {
      return type === 'trust_request' || type === 'trust_response';
    });
    for (const message of recorded) {
      const answer = await (await freshLink(peer)).requestRaw({ ...asJson(message) });
      const id = message.type === 'trust_request' ? 'X-ERR-07' : 'T-CHAL-07';
      const what = `the recorded ${message.type} again`;
      checkRefused(stage, id, answer, { codes: [code.unknownExchange], what });
    }
    const status = await (await freshLink(peer)).trustStatus();
    const { message } = status;
    const until = message?.type === 'trust_status_response' ? message.expires_at : null;
    stage.check('T-CHAL-07', until === certificate.not_after, {
      what: 'the end of trust after the replays',
      expected: certificate.not_after,
      got: until,
    });
  },
});

const strangersReplay = defineCase({
  id: 'trust/attacks/S-1-a-recorded-request-of-another-is-refused',
  title: 'S-1: a request recorded from another server is refused on the link of whoever replays it',
  verifies: ['T-REQ-04'],
  async run(stage) {
    const victim = await stage.peer();
    const run = victim.trustRun(await freshLink(victim));
    await upTo(run, 'request');
    const request = run.messages.find(({ type }) => type === 'trust_request');
    const mallory = await stage.peer();
    const link = await freshLink(mallory);
    await mallory.trustRun(link).capabilities();
    const what = 'the request of another server';
    const answer = await link.requestRaw({ ...asJson(request ?? {}) });
    checkRefused(stage, 'T-REQ-04', answer, { codes: [code.trustError], what });
    await checkUntrusted(stage, 'T-REQ-04', mallory, what);
  },
});

export const cases: readonly Case[] = [
  ...rewrites,
  strippedHash,
  rolledBack,
  classicalAgain,
  replays,
  strangersReplay,
];
