/**
 * Attack scripts of Part 7 on who is meant: what was made for one server and is used for another
 * (S-6b, S-9, S-10, S-22), and keys and signatures that everybody has (S-26).
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { bytesOf, encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { canonicalBytes, without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { fixed } from '../../../../spec/limits.ts';
import type { TrustChallenge } from '../../../../spec/messages/trust/trust-challenge.ts';
import type { TrustRequest } from '../../../../spec/messages/trust/trust-request.ts';
import type { TrustResponse } from '../../../../spec/messages/trust/trust-response.ts';
import type { Peer } from '../../actors/peer.ts';
import { asJson } from '../../actors/signing.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { malleable, neutralKey, universalSignature } from '../client/steps/points.ts';
import { asking, checkNeverSent, ownRecord } from './steps/asking.ts';
import { set, setTask } from './steps/changes.ts';
import { checkRefused, checkTrusted, checkUntrusted, freshLink, upTo } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const { trust: code } = errorCode;

/** Under `member`, by this key, over everything else. */
function signedBy({ crypto }: Stage, { key }: Peer, message: JsonObject): JsonObject {
  const bare = without(message, 'signature');
  return { ...bare, signature: crypto.sign(key, bare) };
}

// --- S-6b: mallory is asked, and passes on what bravo asks ---------------------------------------

/**
 * What bravo would have asked the subject, whole and signed by bravo. `asked` takes what the subject
 * would have to show for it: others may share the subject and have it show something else.
 */
function challengeOfBravo(stage: Stage, bravo: Peer, asked: string[]): Bend<TrustChallenge> {
  return (challenge) => {
    const task = challenge.challenges.find(({ type }) => type === 'domain_ownership');
    const expected_value = stage.crypto.domainValue({
      requester: stage.subject.serverId,
      challenger: bravo.serverId,
      requestId: challenge.request_id,
      challengeId: challenge.challenge_id,
      publicKey: stage.subject.publicKey,
      nonce: task?.type === 'domain_ownership' ? (task.nonce ?? '') : '',
    });
    asked.push(expected_value);
    const named = { ...challenge, challenging_server: bravo.serverId };
    return signedBy(stage, bravo, setTask('domain_ownership', { expected_value })(named));
  };
}

const passedOn = defineCase({
  id: 'trust/attacks/S-6b-a-challenge-of-another-server-is-not-answered',
  title: 'S-6b: the whole challenge of bravo, which mallory passes on, is neither shown nor signed',
  verifies: ['T-CHAL-01'],
  readings: ['L-T04'],
  async run(stage) {
    const bravo = await stage.peer();
    const asked: string[] = [];
    const challenge = challengeOfBravo(stage, bravo, asked);
    const { bravo: mallory } = await asking(stage, { bends: { challenge, resign: false } });
    const what = 'a challenge that bravo has signed';
    await checkNeverSent(stage, 'T-CHAL-01', mallory, { type: 'trust_response', what });
    const shown = stage.dns.txtOf(ownRecord(stage)).filter((value) => asked.includes(value));
    stage.check('T-CHAL-01', asked.length > 0 && shown.length === 0, {
      what: 'the records that the subject shows for a challenge that is not for mallory',
      expected: [],
      got: shown,
    });
    await checkUntrusted(stage, 'T-CHAL-01', mallory, what);
  },
});

/** The proof in a response, and what it says that it covers. */
function proofIn(stage: Stage, response: TrustResponse, challenger: string) {
  const answer = response.challenge_responses.find(({ type }) => type === 'cryptographic_proof');
  const proof = answer?.type === 'cryptographic_proof' ? answer : null;
  const challengeData = proof?.challenge_data ?? '';
  const object: JsonObject = {
    type: 'trust_proof',
    challenge_data: challengeData,
    request_id: response.request_id,
    challenge_id: response.challenge_id,
    requesting_server: stage.subject.serverId,
    challenging_server: challenger,
    ...(response.transcript_hash !== undefined && { transcript_hash: response.transcript_hash }),
  };
  return { signature: proof?.signature ?? '', challengeData, object };
}

const proofForOne = defineCase({
  id: 'trust/attacks/S-6b-a-proof-serves-nobody-but-who-has-asked-for-it',
  title: 'S-6b: bytes of bravo that mallory has the subject sign prove nothing to bravo',
  verifies: ['T-RESP-02', 'X-SIG-05'],
  behaviour: ['T-RESP-02', 'X-SIG-05'],
  readings: ['L-T05'],
  async run(stage) {
    const bravo = await stage.peer();
    // What bravo asks mallory to sign, who would like to be taken for the subject.
    const challenge_data = encodeBase64url(stage.entropy(64));
    const challenge = setTask('cryptographic_proof', { challenge_data });
    const { bravo: mallory } = await asking(stage, { bends: { challenge } });
    const [heard] = await mallory.heard('trust_response');
    const { publicKey } = stage.subject;
    const proofs = [mallory, bravo].map(({ serverId }) => {
      const { signature, object } = proofIn(stage, heard?.message as TrustResponse, serverId);
      return stage.crypto.verify(publicKey, object, signature);
    });
    stage.check('T-RESP-02', proofs.join() === 'true,false', {
      what: 'whether the proof of the subject holds for mallory, and for bravo',
      expected: [true, false],
      got: proofs,
    });
    checkNotBare(stage, proofIn(stage, heard?.message as TrustResponse, mallory.serverId));
  },
});

/** X-SIG-05: neither the bytes nor an object of nothing else have been signed. */
function checkNotBare(
  stage: Stage,
  { signature, challengeData }: ReturnType<typeof proofIn>,
): void {
  const bare = [bytesOf(challengeData), canonicalBytes({ challenge_data: challengeData })];
  const signed = bare.map((bytes) => {
    return ed25519.verify(bytesOf(signature), bytes, bytesOf(stage.subject.publicKey));
  });
  stage.check('X-SIG-05', !signed.includes(true), {
    what: 'whether the signature of the subject covers the bytes that mallory chose, alone',
    expected: [false, false],
    got: signed,
  });
}

// --- S-9, S-10: what lies about ------------------------------------------------------------------

const stolenCertificate = defineCase({
  id: 'trust/attacks/S-9-a-trust-certificate-of-another-is-not-taken',
  title: 'S-9: the certificate that bravo has issued serves mallory for no relation of hers: 5811',
  verifies: ['T-ACK-05'],
  readings: ['L-T11'],
  async run(stage) {
    const bravo = await stage.peer();
    const { reverse } = await bravo.establish();
    const mallory = await stage.peer();
    const trust_certificate = encodeBase64url(canonicalBytes(asJson(reverse ?? {})));
    const acknowledgment = set({ trust_certificate });
    const run = mallory.trustRun(await freshLink(mallory), { acknowledgment });
    const what = 'an acknowledgment with the certificate of bravo';
    const answer = await upTo(run, 'acknowledge');
    checkRefused(stage, 'T-ACK-05', answer, { codes: [code.certificate], what });
    await checkUntrusted(stage, 'T-ACK-05', mallory, what);
    await checkTrusted(stage, 'T-ACK-05', bravo, what);
  },
});

const oldRecord = defineCase({
  id: 'trust/attacks/S-10-the-record-of-an-earlier-run-proves-nothing',
  title: 'S-10: a record that was left behind in the DNS is no proof for another run: 5805',
  verifies: ['T-RESP-04'],
  readings: ['L-T03', 'L-T04'],
  async run(stage) {
    const peer = await stage.peer();
    await upTo(peer.trustRun(await freshLink(peer), { acknowledgment: declining }), 'acknowledge');
    const left = stage.dns.txtOf(`${fixed.dnsChallengePrefix}${peer.serverId}`);
    const again = peer.trustRun(await freshLink(peer), { publish: 'nothing' });
    const what = `a run whose name shows ${left.length} record of an earlier one`;
    const answer = await upTo(again, 'respond');
    checkRefused(stage, 'T-RESP-04', answer, { codes: [code.domainProof], what });
    await checkUntrusted(stage, 'T-RESP-04', peer, what);
  },
});

const declining: Bend<object> = (message) => {
  const { trust_certificate: _, ...rest } = asJson(message);
  return { ...rest, decision_accepted: false, mutual_trust_established: false };
};

// --- S-22, S-26: keys ----------------------------------------------------------------------------

async function requestOf(victim: Peer): Promise<TrustRequest> {
  const run = victim.trustRun(await freshLink(victim));
  await upTo(run, 'request');
  const request = run.messages.find(({ type }) => type === 'trust_request');
  return request as TrustRequest;
}

const keys: readonly RunFault[] = [
  {
    id: 'S-22-the-key-of-another-is-not-certified-for-mallory',
    title: 'S-22: a key that mallory does not have is not taken for hers: 5802',
    verifies: 'T-REQ-02',
    step: 'request',
    codes: [code.badSignature],
    options: async (stage) => {
      const { key } = await stage.peer();
      return { request: set({ server_public_key: key.publicKey, certificate_chain: [] }) };
    },
  },
  {
    id: 'S-22-signed-words-of-another-do-not-become-those-of-mallory',
    title: "S-22: the victim's own request under mallory's name is refused: 5802",
    verifies: 'T-REQ-02',
    step: 'request',
    codes: [code.badSignature],
    options: async (stage, mallory) => {
      const words = await requestOf(await stage.peer());
      return {
        request: ({ transcript_hash }) => ({
          ...words,
          requesting_server: mallory.serverId,
          certificate_chain: [],
          ...(transcript_hash !== undefined && { transcript_hash }),
        }),
        resign: false,
      };
    },
  },
  {
    id: 'S-26-a-key-that-everybody-can-sign-for-is-refused',
    title: 'S-26: a server key of small order, under which one signature fits all, is refused',
    verifies: 'X-SIG-03',
    step: 'request',
    codes: [code.badSignature, code.malformed],
    options: () => ({
      request: set({
        server_public_key: neutralKey,
        certificate_chain: [],
        signature: universalSignature,
      }),
      resign: false,
    }),
  },
  {
    id: 'S-26-a-signature-in-its-second-form-is-refused',
    title: 'S-26: a signature whose S is raised by the order of the group is refused: 5802',
    verifies: 'X-SIG-03',
    step: 'request',
    codes: [code.badSignature],
    options: () => ({
      request: (request) => ({ ...request, signature: malleable(request.signature) }),
      resign: false,
    }),
  },
  {
    id: 'S-26-a-key-that-is-too-short-is-refused',
    title: 'S-26: a server key of 31 bytes is malformed',
    verifies: 'X-CAN-16',
    step: 'request',
    codes: [code.malformed],
    options: () => ({
      request: (request) => ({
        ...request,
        server_public_key: encodeBase64url(bytesOf(request.server_public_key).subarray(1)),
        certificate_chain: [],
      }),
    }),
  },
];

export const cases: readonly Case[] = [
  passedOn,
  proofForOne,
  stolenCertificate,
  oldRecord,
  ...refusedRuns('attacks', keys),
];
