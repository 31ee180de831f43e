/**
 * federation_handshake as the subject answers it: what it chooses, and what it refuses (F2, F3;
 * F-HS).
 */
import { toSeconds } from '../../../../reference/time.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode, capabilities as registry } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { FederationHandshake } from '../../../../spec/messages/federation/federation-handshake.ts';
import type { FederationHandshakeResponse } from '../../../../spec/messages/federation/federation-handshake-response.ts';
import type { HandshakeOptions, Link, Peer } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from './steps/answers.ts';
import { checkOfferRefused, checkSession, dialled, mustSpeak, offered } from './steps/opening.ts';

const { federation: code, common } = errorCode;

interface Answered {
  readonly request: FederationHandshake;
  readonly response: FederationHandshakeResponse;
  readonly text: string;
}

/** An honest offer on a new link, and its answer, unjudged. */
async function answered(link: Link, options: HandshakeOptions = {}): Promise<Answered> {
  const request = link.composeHandshake(options);
  const { message, text, status } = await link.request(request);
  if (message?.type === 'federation_handshake_response') {
    return { request, response: message, text };
  }
  const got = message ?? `HTTP ${status}`;
  throw new SubjectMisbehaved('an honest handshake was refused', 'an answer', got);
}

const names = defineCase({
  id: 'federation/handshake/both-servers-are-named',
  title: 'The answer names the subject; a handshake meant for another server is refused',
  verifies: ['F-HS-01'],
  async run(stage) {
    const bravo = await stage.peer();
    const { response } = await answered(await dialled(bravo));
    const { serverId } = stage.subject;
    stage.check('F-HS-01', response.responding_server === serverId, {
      what: 'responding_server',
      expected: serverId,
      got: response.responding_server,
    });
    const target_server = stage.domain('other');
    await checkOfferRefused(stage, 'F-HS-01', bravo, {
      handshake: (message) => ({ ...message, target_server }),
      what: 'a handshake for another server',
      orBroken: true,
    });
  },
});

const intersection = defineCase({
  id: 'federation/handshake/shared-capabilities-are-the-intersection',
  title: 'shared_capabilities holds what both sides have, and nothing else',
  verifies: ['F-HS-05'],
  behaviour: ['F-HS-05'],
  async run(stage) {
    const bravo = await stage.peer();
    const known = Object.values(registry)
      .filter(({ layers }) => (layers as readonly string[]).includes('federation'))
      .map(({ capability }) => capability)
      .filter((name) => name !== 'pq_kem.mlkem768.fips');
    for (const ours of [known, known.slice(1), [...known].reverse(), []]) {
      const capabilities = [...ours, 'no_such_capability'];
      const { response } = await answered(await dialled(bravo), { capabilities });
      const expected = ours.filter((name) => stage.subject.capabilities.includes(name)).sort();
      const got = [...response.shared_capabilities].sort();
      stage.check('F-HS-05', got.join() === expected.join(), {
        what: `what both have of ${capabilities.join(', ')}`,
        expected,
        got,
      });
    }
  },
});

const features = defineCase({
  id: 'federation/handshake/missing-required-features-are-refused',
  title: 'A required feature that the subject does not have is refused with 5603',
  verifies: ['F-HS-03'],
  async run(stage) {
    const bravo = await stage.peer();
    const { response } = await answered(await dialled(bravo));
    // What it has may be required.
    const requiredFeatures = response.shared_capabilities.slice(0, 1);
    await answered(await dialled(bravo), { requiredFeatures });
    await checkOfferRefused(stage, 'F-HS-03', bravo, {
      requiredFeatures: [...requiredFeatures, 'no_such_feature'],
      what: 'a required feature that nobody has',
      codes: [code.capabilityMissing],
    });
  },
});

const minimumLevel = defineCase({
  id: 'federation/handshake/a-minimum-above-the-trust-is-refused',
  title: 'A min_trust_level above that of the relationship is refused with 5004',
  verifies: ['F-HS-04'],
  async run(stage) {
    const bravo = await stage.peer();
    await bravo.establish();
    await answered(await dialled(bravo), { minTrustLevel: 'basic' });
    for (const minTrustLevel of ['verified', 'classified', 'nato']) {
      await checkOfferRefused(stage, 'F-HS-04', bravo, {
        minTrustLevel,
        what: `a minimum of ${minTrustLevel} at level basic`,
        codes: [code.insufficientTrust],
      });
    }
  },
});

const warnings = defineCase({
  id: 'federation/handshake/compatibility-mode-comes-with-warnings',
  title: 'Below the top major of either side there are warnings, and only there',
  verifies: ['F-HS-06', 'X-AMC-10'],
  behaviour: ['F-HS-06'],
  readings: ['L-V07'],
  async run(stage) {
    mustSpeak(stage, '1.1', '2.0');
    for (const [offer, isCompatibility] of [
      [['2.0'], false],
      [['1.1'], true],
      [['1.0', '2.0'], false],
    ] as const) {
      const alpn = offer.map((version) => `norc-f/${version}`);
      // Of its own each time: a step down by the same server may be refused (L-V13).
      const bravo = await stage.peer();
      const link = await dialled(bravo, { alpn });
      const { response } = await answered(link, { versions: offer });
      const { compatibility_mode, version_warnings } = response;
      const what = `an offer of ${offer.join(', ')}`;
      stage.check('X-AMC-10', compatibility_mode === isCompatibility, {
        what: `compatibility_mode after ${what}`,
        expected: isCompatibility,
        got: compatibility_mode,
      });
      stage.check('F-HS-06', version_warnings.length > 0 === isCompatibility, {
        what: `version_warnings after ${what}`,
        expected: isCompatibility ? 'some' : 'none',
        got: version_warnings,
      });
    }
  },
});

const connectionIds = defineCase({
  id: 'federation/handshake/connection-ids-nonces-and-keys-are-new',
  title: 'Every link has its own connection_id, server_nonce and ephemeral key',
  verifies: ['F-HS-08', 'X-TRN-06', 'X-KDF-09'],
  behaviour: ['F-HS-08', 'X-TRN-06', 'X-KDF-09'],
  async run(stage) {
    const bravo = await stage.peer();
    const answers: FederationHandshakeResponse[] = [];
    for (let count = 0; count < 24; count += 1) {
      const link = await dialled(bravo);
      answers.push((await answered(link)).response);
      // A subject may bound the links that one server has open.
      if (count >= 8) await link.close();
    }
    const distinct = {
      'F-HS-08': answers.map(({ connection_id }) => connection_id),
      'X-TRN-06': answers.map(({ server_nonce }) => server_nonce),
      'X-KDF-09': answers.map(({ ephemeral_public_key }) => ephemeral_public_key),
    };
    for (const id of ['F-HS-08', 'X-TRN-06', 'X-KDF-09'] as const) {
      stage.check(id, new Set(distinct[id]).size === answers.length, {
        what: `values of ${answers.length} answers`,
        expected: 'all different',
        got: distinct[id],
      });
    }
  },
});

/** X-TRN-03: an order that was changed on the way must show. */
const transcript = defineCase({
  id: 'federation/handshake/the-transcript-covers-both-messages',
  title: 'transcript_hash is that of label, offer and answer, lists in the order offered',
  verifies: ['X-TRN-01', 'X-TRN-02', 'X-TRN-03'],
  behaviour: ['X-TRN-01', 'X-TRN-02', 'X-TRN-03'],
  readings: ['L-H02', 'L-H03'],
  async run(stage) {
    const bravo = await stage.peer();
    const offers: readonly [RequirementId, HandshakeOptions][] = [
      ['X-TRN-01', {}],
      ['X-TRN-02', {}],
      ['X-TRN-03', { suites: ['0001', 'ffff'] }],
      ['X-TRN-03', { suites: ['ffff', '0001'] }],
      ['X-TRN-03', { capabilities: ['voice_relay', 'message_relay'] }],
      ['X-TRN-03', { capabilities: ['message_relay', 'voice_relay'] }],
    ];
    for (const [id, options] of offers) {
      const { request, response, text } = await answered(await dialled(bravo), options);
      const bare = without(without(JSON.parse(text), 'transcript_hash'), 'signature');
      const expected = stage.crypto.transcript('norc-f-handshake-v1', [{ ...request }, bare]);
      const got = response.transcript_hash;
      stage.check(id, got === expected, { what: 'transcript_hash', expected, got });
    }
  },
});

const signed = defineCase({
  id: 'federation/handshake/the-answer-is-signed',
  title: 'The answer is signed by the server key of the subject, over every member',
  verifies: ['X-SIG-01'],
  at: ['1.1', '2.0'],
  async run(stage) {
    const { text } = await answered(await dialled(await stage.peer()));
    const { signature, ...covered } = JSON.parse(text);
    const { crypto, subject } = stage;
    const isSigned = crypto.verify(subject.publicKey, covered, signature);
    const isBound = !crypto.verify(subject.publicKey, { ...covered, added: 1 }, signature);
    stage.check('X-SIG-01', isSigned && isBound, {
      what: 'the signature of federation_handshake_response',
      expected: `a signature of ${subject.publicKey}`,
      got: signature,
    });
    await checkForged(stage, await stage.peer());
  },
});

/** One bit of what the offer's signature covers. */
async function checkForged(stage: Stage, bravo: Peer): Promise<void> {
  await checkOfferRefused(stage, 'X-SIG-01', bravo, {
    handshake: (message) => ({ ...message, protocol_version: '1.9' }),
    resign: false,
    what: 'an offer that was changed after it was signed',
    orBroken: true,
  });
}

const forged = defineCase({
  id: 'federation/handshake/a-forged-signature-is-refused',
  title: 'An offer whose signature is by another key, or over other members, is refused',
  verifies: ['X-SIG-01'],
  at: ['1.1', '2.0'],
  async run(stage) {
    const bravo = await stage.peer();
    await checkSession(stage, 'X-SIG-01', bravo);
    await checkForged(stage, bravo);
    const { crypto, entropy } = stage;
    const key = crypto.signingKey(entropy(32));
    await checkOfferRefused(stage, 'X-SIG-01', bravo, {
      handshake: ({ signature: _, ...message }) => ({
        ...message,
        signature: crypto.sign(key, message),
      }),
      resign: false,
      what: 'an offer that another key has signed',
      orBroken: true,
    });
  },
});

const alpnOffer = defineCase({
  id: 'federation/handshake/the-alpn-offer-is-that-of-tls',
  title: 'An alpn_offer that is not what TLS has seen, or not in that order, is refused',
  verifies: ['F-HS-07'],
  readings: ['L-H03', 'L-V10'],
  async run(stage) {
    mustSpeak(stage, '1.1', '2.0');
    const bravo = await stage.peer();
    const versions = ['2.0', '1.1'];
    const dial = { alpn: ['norc-f/2.0', 'norc-f/1.1'] };
    await answered(await dialled(bravo, dial), { versions });
    for (const alpn_offer of [
      ['norc-f/1.1', 'norc-f/2.0'],
      ['norc-f/2.0'],
      ['norc-f/2.0', 'norc-f/1.1', 'norc-f/1.0'],
    ]) {
      await checkOfferRefused(stage, 'F-HS-07', bravo, {
        dial,
        versions,
        handshake: (message) => ({ ...message, alpn_offer }),
        what: `TLS was offered ${dial.alpn.join()}, and is said to be ${alpn_offer.join()}`,
        orBroken: true,
      });
    }
  },
});

const stripped = defineCase({
  id: 'federation/handshake/what-1-1-requires-cannot-be-left-out',
  title: 'An offer that lacks what every version from 1.1 on requires is refused at 1.1',
  verifies: ['X-AMC-17'],
  at: ['1.1', '2.0'],
  readings: ['L-V12'],
  async run(stage) {
    const bravo = await stage.peer();
    await checkSession(stage, 'X-AMC-17', bravo);
    for (const member of ['signature', 'alpn_offer', 'norc_t_versions', 'client_nonce'] as const) {
      await checkOfferRefused(stage, 'X-AMC-17', bravo, {
        handshake: (message) => without({ ...message }, member),
        ...(member === 'signature' && { resign: false }),
        what: `an offer at ${stage.at} without ${member}`,
        codes: [code.malformed, common.cryptoError],
      });
    }
  },
});

const first = defineCase({
  id: 'federation/handshake/nothing-goes-before-it',
  title: 'Whatever else comes first on a link, known or not, is refused, and the link ends',
  verifies: ['X-AMC-06'],
  readings: ['L-X05'],
  async run(stage) {
    const bravo = await stage.peer();
    const alice = await stage.device();
    const { userId: to } = alice.identity;
    const names = { requesting_server: bravo.serverId, target_server: stage.subject.serverId };
    const time = { type: 'time_sync', server_id: bravo.serverId, uncertainty_ms: 10 };
    const timed = { ...time, server_time: toSeconds(stage.now()) };
    for (const message of [
      { type: 'trust_status', ...names, trust_level_required: 'basic' },
      { ...bravo.composeRelay({ to: [to], recipients: [alice.identity] }) },
      { ...timed, signature: stage.crypto.sign(bravo.key, timed) },
      { type: 'nobody_knows_this', ...names },
    ]) {
      // Nobody has said a name yet: a proof in the name of nobody must not do either.
      for (const requester of [bravo.serverId, '']) {
        const link = await dialled(bravo);
        const proof = link.proofFor(message, { requester });
        const answer = await link.requestRaw(message, { proof });
        const what = `${message.type} as the first message`;
        checkRefused(stage, 'X-AMC-06', answer, { what, orBroken: true });
        stage.check('X-AMC-06', await link.closed(), {
          what: `the link after ${what}`,
          expected: 'closed',
          got: 'open',
        });
      }
    }
    await checkSession(stage, 'X-AMC-06', bravo);
  },
});

const twice = defineCase({
  id: 'federation/handshake/it-happens-once',
  title: 'A second handshake on the same link is refused and ends the link',
  verifies: ['X-ERR-07'],
  async run(stage) {
    const bravo = await stage.peer();
    const link = await dialled(bravo);
    await answered(link);
    const answer = await offered(stage, bravo, { link });
    checkRefused(stage, 'X-ERR-07', answer, { what: 'a second handshake', orBroken: true });
    stage.check('X-ERR-07', await link.closed(), {
      what: 'the link after a second handshake',
      expected: 'closed',
      got: 'open',
    });
  },
});

export const cases: readonly Case[] = [
  names,
  intersection,
  features,
  minimumLevel,
  warnings,
  connectionIds,
  transcript,
  signed,
  forged,
  alpnOffer,
  stripped,
  first,
  twice,
];
