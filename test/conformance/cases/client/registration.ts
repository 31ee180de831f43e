/**
 * C6 to C9, Part 2.1 rows 5, 6 and 9: how a device is enrolled (C-REG-01, -03 to -05, -08, L-C01 to
 * L-C04).
 */
import { bytesOf } from '../../../../reference/wire/base64url.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated } from './steps/opening.ts';
import { membersOf } from './steps/people.ts';
import {
  freshIdentity,
  registerMessage,
  registrationChallenged,
  registrationResponse,
} from './steps/proofs.ts';
import { checkRefused, reactionOf, secondsOf } from './steps/reaction.ts';

const { invalidDevice, invalidSignature } = errorCode.client;
/**
 * C8 has 1001 for a challenge that is wrong, used or late; L-X17 has 1002 for whatever fails here.
 */
const proofCodes = [invalidDevice, invalidSignature];

const flow = defineCase({
  id: 'client/registration/register-challenge-response-success',
  title: 'A device registers in four steps; one left out ends the connection',
  verifies: ['C-REG-01'],
  async run(stage) {
    const identity = freshIdentity(stage);
    const connection = await negotiated(stage);
    const { message } = await connection.register(identity);
    stage.check('C-REG-01', message.device_id === identity.deviceId, {
      what: 'the device of registration_success',
      expected: identity.deviceId,
      got: message.device_id,
    });
    const skipping = await negotiated(stage);
    const challenge = {
      type: 'registration_challenge' as const,
      challenge: 'A'.repeat(43),
      difficulty: 0,
      expires_at: secondsOf(stage) + 60,
    };
    const parts = { identity: freshIdentity(stage), connection: skipping };
    await skipping.send(registrationResponse(stage, challenge, parts));
    checkRefused(stage, 'C-REG-01', await reactionOf(skipping), {
      what: 'registration_response without a challenge',
      codes: [errorCode.common.protocolError],
      after: 'closed',
    });
  },
});

const serverKey = defineCase({
  id: 'client/registration/success-names-key-and-certificate',
  title: 'registration_success holds the server key and a certificate of the device under it',
  verifies: ['C-REG-08'],
  behaviour: ['C-REG-08'],
  readings: ['L-C18'],
  async run(stage) {
    const identity = freshIdentity(stage);
    const success = await (await negotiated(stage)).register(identity);
    const { server_public_key: key, device_certificate: certificate } = success.message;
    const { publicKey, serverId } = stage.subject;
    stage.check('C-REG-08', key === publicKey, {
      what: 'server_public_key',
      expected: publicKey,
      got: key,
    });
    const got = membersOf(success).device_certificate;
    const members = got !== null && typeof got === 'object' && !Array.isArray(got) ? got : {};
    const signed = without(members, 'signature');
    const isSigned = stage.crypto.verify(publicKey, signed, certificate.signature);
    const names = [certificate.user_id, certificate.device_id, certificate.server_id];
    const expected = [identity.userId, identity.deviceId, serverId];
    stage.check('C-REG-08', isSigned && names.join() === expected.join(), {
      what: 'the device certificate: whose it is, and the signature under the server key',
      expected,
      got: { names, isSigned },
    });
  },
});

const challengeForm = defineCase({
  id: 'client/registration/challenges-are-fresh',
  title: 'Each challenge is of 32 new bytes and has an end, and none but the one sent counts',
  verifies: ['C-REG-04'],
  readings: ['L-C04'],
  async run(stage) {
    const seen = new Set<string>();
    for (let count = 0; count < 3; count += 1) {
      const offer = registerMessage(stage, freshIdentity(stage));
      const { challenge, expires_at } = await registrationChallenged(
        await negotiated(stage),
        offer,
      );
      seen.add(challenge);
      const now = secondsOf(stage);
      stage.check('C-REG-04', bytesOf(challenge).length === 32 && expires_at > now, {
        what: 'length and end of a challenge',
        expected: { bytes: limits.clientChallengeBytes, expires_at: `after ${now}` },
        got: { bytes: bytesOf(challenge).length, expires_at },
      });
    }
    stage.check('C-REG-04', seen.size === 3, {
      what: 'three challenges',
      expected: 'three different ones',
      got: [...seen],
    });
    await checkOtherChallenge(stage);
  },
});

/** The proof is good; the answer names a challenge that was not sent. */
async function checkOtherChallenge(stage: Stage): Promise<void> {
  const identity = freshIdentity(stage);
  const connection = await negotiated(stage);
  const challenge = await registrationChallenged(connection, registerMessage(stage, identity));
  const honest = registrationResponse(stage, challenge, { identity, connection });
  await connection.send({ ...honest, challenge: 'A'.repeat(43) });
  checkRefused(stage, 'C-REG-04', await reactionOf(connection), {
    what: 'an answer to another challenge',
    codes: proofCodes,
  });
}

const singleUse = defineCase({
  id: 'client/registration/a-challenge-serves-once',
  title: 'A challenge is consumed by its first use, right or wrong',
  verifies: ['C-REG-04'],
  readings: ['L-C04'],
  async run(stage) {
    const identity = freshIdentity(stage);
    const connection = await negotiated(stage);
    const challenge = await registrationChallenged(connection, registerMessage(stage, identity));
    const honest = registrationResponse(stage, challenge, { identity, connection });
    const stranger = stage.crypto.signingKey(stage.entropy(32));
    await connection.send(
      registrationResponse(stage, challenge, { identity, connection, key: stranger }),
    );
    await connection.receiveError();
    await connection.send(honest);
    checkRefused(stage, 'C-REG-04', await reactionOf(connection), {
      what: 'the right answer after a wrong one',
      codes: proofCodes,
    });
    await checkSecondUse(stage);
  },
});

async function checkSecondUse(stage: Stage): Promise<void> {
  const identity = freshIdentity(stage);
  const connection = await negotiated(stage);
  const challenge = await registrationChallenged(connection, registerMessage(stage, identity));
  const honest = registrationResponse(stage, challenge, { identity, connection });
  await connection.send(honest);
  await connection.receive('registration_success');
  await connection.send(honest);
  checkRefused(stage, 'C-REG-04', await reactionOf(connection), {
    what: 'the same answer again',
    codes: [...proofCodes, errorCode.common.protocolError],
  });
}

const oneOutstanding = defineCase({
  id: 'client/registration/a-new-challenge-replaces-the-old',
  title: 'At most one challenge is outstanding: an older one has died',
  verifies: ['C-REG-04'],
  readings: ['L-C04'],
  async run(stage) {
    const identity = freshIdentity(stage);
    const connection = await negotiated(stage);
    const first = await registrationChallenged(connection, registerMessage(stage, identity));
    const second = await registrationChallenged(connection, registerMessage(stage, identity));
    // Named the old one, proven for the new: only the name is wrong.
    const honest = registrationResponse(stage, second, { identity, connection });
    await connection.send({ ...honest, challenge: first.challenge });
    checkRefused(stage, 'C-REG-04', await reactionOf(connection), {
      what: 'an answer that names the first of two challenges',
      codes: proofCodes,
    });
  },
});

/** Each member of the signed object, differing from what the server knows (L-C03). */
const unboundProofs: readonly {
  readonly what: string;
  readonly signed: (stage: Stage) => { [name: string]: string };
}[] = [
  { what: 'another server', signed: () => ({ server_id: 'elsewhere.example' }) },
  { what: 'another transcript', signed: () => ({ transcript_hash: 'A'.repeat(43) }) },
  { what: 'another user', signed: (stage) => ({ user_id: freshIdentity(stage).userId }) },
  { what: 'another device', signed: (stage) => ({ device_id: stage.uuid() }) },
  { what: 'another challenge', signed: () => ({ challenge: 'A'.repeat(43) }) },
  { what: 'another solution', signed: () => ({ proof_solution: 'AAAA' }) },
  { what: 'another type', signed: () => ({ type: 'auth_response' }) },
];

const possession = defineCase({
  id: 'client/registration/the-proof-binds-everything',
  title: 'Only a signature by the registered key over exactly this registration counts',
  verifies: ['C-REG-03'],
  readings: ['L-C03'],
  async run(stage) {
    const stranger = stage.crypto.signingKey(stage.entropy(32));
    const attempts = [
      { what: 'signed by another key', parts: { key: stranger } },
      ...unboundProofs.map(({ what, signed }) => ({
        what: `signed for ${what}`,
        parts: { signed: signed(stage) },
      })),
    ];
    for (const { what, parts } of attempts) {
      const identity = freshIdentity(stage);
      const connection = await negotiated(stage);
      const challenge = await registrationChallenged(connection, registerMessage(stage, identity));
      await connection.send(
        registrationResponse(stage, challenge, { identity, connection, ...parts }),
      );
      const expected = { what, codes: [invalidSignature] };
      checkRefused(stage, 'C-REG-03', await reactionOf(connection), expected);
    }
  },
});

const DIFFICULTY = 2;

const work = defineCase({
  id: 'client/registration/the-work-asked-for-is-checked-first',
  title: 'A solution that is not one is refused, before the signature is looked at',
  verifies: ['C-REG-05'],
  readings: ['L-C02'],
  needs: { policy: { proofOfWorkDifficulty: DIFFICULTY } },
  async run(stage) {
    const diligent = await negotiated(stage);
    await diligent.register(freshIdentity(stage));
    const stranger = stage.crypto.signingKey(stage.entropy(32));
    for (const key of [undefined, stranger]) {
      const identity = freshIdentity(stage);
      const connection = await negotiated(stage);
      const challenge = await registrationChallenged(connection, registerMessage(stage, identity));
      const solution = wrongSolution(stage, challenge, identity.deviceId);
      const signed = { proof_solution: solution };
      const parts = { identity, connection, signed, ...(key && { key }) };
      const honest = registrationResponse(stage, challenge, parts);
      await connection.send({ ...honest, proof_solution: solution });
      checkRefused(stage, 'C-REG-05', await reactionOf(connection), {
        what: key ? 'neither work nor key' : 'a signed answer without the work',
        codes: [invalidDevice],
      });
    }
  },
});

/** One in 256 texts is a solution by chance. */
function wrongSolution(
  { crypto }: Stage,
  { challenge, difficulty }: { readonly challenge: string; readonly difficulty: number },
  deviceId: string,
): string {
  const texts = ['AAAA', 'AAAB', 'AAAC', 'AAAD'];
  const isSolution = (solution: string) =>
    crypto.checkProofOfWork({ challenge, deviceId, difficulty, solution });
  return texts.find((text) => !isSolution(text)) ?? 'AAAE';
}

export const cases: readonly Case[] = [
  flow,
  serverKey,
  challengeForm,
  singleUse,
  oneOutstanding,
  possession,
  work,
];
