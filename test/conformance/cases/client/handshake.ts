/**
 * C2 to C4: what the server's answer proves, and what it refuses (X-TRN, X-KDF, C-CONN-05, -06,
 * -10).
 */
import { bytesOf } from '../../../../reference/wire/base64url.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { ConnectionRequest } from '../../../../spec/messages/client/connection-request.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import { exchangeHellos, openingRequest, transcriptOf, upgraded } from './steps/opening.ts';
import { membersOf } from './steps/people.ts';
import { lowOrderExchangeKeys } from './steps/points.ts';
import { authRequest, authResponse, challenged, freshIdentity } from './steps/proofs.ts';
import { checkRefused, openingReaction, reactionOf } from './steps/reaction.ts';

const transcript = defineCase({
  id: 'client/handshake/transcript-covers-both-hellos',
  title: 'transcript_hash is the hash of label, request and answer in canonical form',
  verifies: ['X-TRN-01', 'X-TRN-02'],
  behaviour: ['X-TRN-01', 'X-TRN-02'],
  readings: ['L-H02', 'L-S01'],
  async run(stage) {
    const request = openingRequest(stage);
    const hellos = await exchangeHellos(await upgraded(stage), { ...request });
    const expected = transcriptOf(stage, { ...request }, hellos.accepted);
    const got = hellos.confirmation.message.transcript_hash;
    for (const id of ['X-TRN-01', 'X-TRN-02'] as const) {
      stage.check(id, got === expected, { what: 'transcript_hash', expected, got });
    }
  },
});

const bound = defineCase({
  id: 'client/handshake/keys-and-signature-hang-on-the-transcript',
  title: 'server_finished holds under keys of this transcript alone, and the signature covers it',
  verifies: ['X-TRN-04'],
  behaviour: ['X-TRN-04'],
  at: ['1.1', '2.0'],
  readings: ['L-H04', 'L-H06'],
  async run(stage) {
    const { crypto, subject } = stage;
    const ephemeral = crypto.exchangeKey(stage.entropy(32));
    const request = openingRequest(stage, { ephemeral_public_key: ephemeral.publicKey });
    const hellos = await exchangeHellos(await upgraded(stage), { ...request });
    const { message: accepted } = hellos.accepted;
    const agreed = crypto.agree(ephemeral, accepted.ephemeral_public_key ?? '');
    if (!agreed.ok) throw new SubjectMisbehaved('no key exchange', 'a key', accepted);
    const { server_finished: finished = '', server_signature: signature = '' } =
      hellos.confirmation.message;
    const isFinishedOver = (transcript: string): boolean => {
      const keys = crypto.sessionKeys({
        clientNonce: request.client_nonce ?? '',
        serverNonce: accepted.server_nonce ?? '',
        classical: agreed.value,
        version: accepted.negotiated_version,
        suite: '0001',
        transcript,
      });
      return crypto.verifyServerFinished(keys, transcript, finished);
    };
    const own = transcriptOf(stage, { ...request }, hellos.accepted);
    const other = transcriptOf(stage, { ...request, capabilities: [] }, hellos.accepted);
    const signed = without(membersOf(hellos.confirmation), 'server_signature');
    const isSignedOver = (transcript_hash: string): boolean =>
      crypto.verify(subject.publicKey, { ...signed, transcript_hash }, signature);
    const got = [own, other].map((each) => [isFinishedOver(each), isSignedOver(each)]);
    const expected = [
      [true, true],
      [false, false],
    ];
    stage.check('X-TRN-04', JSON.stringify(got) === JSON.stringify(expected), {
      what: 'MAC and signature of version_confirmation over this transcript, and over another',
      expected,
      got,
    });
  },
});

/** X-TRN-03, X-CS-04: an order changed on the way must show. */
const listOrder: readonly { readonly what: string; readonly change: Partial<ConnectionRequest> }[] =
  [
    { what: 'suites in another order', change: { cipher_suites: ['0001', 'ffff', '0002'] } },
    { what: 'suites in yet another order', change: { cipher_suites: ['0002', '0001', 'ffff'] } },
    { what: 'capabilities unsorted', change: { capabilities: ['messaging', 'e2ee', 'voice'] } },
    { what: 'capabilities in another order', change: { capabilities: ['voice', 'e2ee'] } },
  ];

const orderBound = defineCase({
  id: 'client/handshake/the-order-of-lists-is-bound',
  title: 'Version, suite and capability lists enter the transcript in the order offered',
  verifies: ['X-TRN-03', 'X-CS-04'],
  behaviour: ['X-TRN-03', 'X-CS-04'],
  async run(stage) {
    for (const { what, change } of listOrder) {
      const request = openingRequest(stage, change);
      const hellos = await exchangeHellos(await upgraded(stage), { ...request });
      const expected = transcriptOf(stage, { ...request }, hellos.accepted);
      const got = hellos.confirmation.message.transcript_hash;
      const id = change.cipher_suites ? 'X-CS-04' : 'X-TRN-03';
      stage.check(id, got === expected, { what, expected, got });
    }
  },
});

const proven = defineCase({
  id: 'client/handshake/the-server-proves-its-key',
  title: 'version_confirmation is signed by the server key and nothing in it can be changed',
  verifies: ['X-TRN-07'],
  behaviour: ['X-TRN-07'],
  readings: ['L-H04'],
  async run(stage) {
    const connection = await upgraded(stage);
    const request = openingRequest(stage);
    const { accepted, confirmation } = await exchangeHellos(connection, { ...request });
    const { server_signature: signature = '' } = confirmation.message;
    const members = membersOf(confirmation);
    const signed = without(members, 'server_signature');
    stage.check('X-TRN-07', stage.crypto.verify(stage.subject.publicKey, signed, signature), {
      what: 'server_signature under the server key, over all other members',
      expected: `a signature of ${stage.subject.publicKey}`,
      got: signature,
    });
    const names = { server_id: accepted.message.server_id, finished: members.server_finished };
    const isWhole = names.server_id === stage.subject.serverId && names.finished !== undefined;
    stage.check('X-TRN-07', isWhole, {
      what: 'the name of the server, and the MAC that shows the session secret',
      expected: { server_id: stage.subject.serverId, finished: 'present' },
      got: names,
    });
  },
});

const fresh = defineCase({
  id: 'client/handshake/a-replayed-request-meets-a-fresh-answer',
  title: 'The same connection_request again is answered with new nonce, key, session and secret',
  verifies: ['X-TRN-06', 'X-KDF-09', 'C-CONN-13'],
  behaviour: ['X-KDF-09', 'C-CONN-13'],
  async run(stage) {
    const request = openingRequest(stage);
    const answers = [];
    for (let count = 0; count < 6; count += 1) {
      answers.push(await exchangeHellos(await upgraded(stage), { ...request }));
    }
    const distinct = {
      'X-TRN-06': answers.map(({ accepted }) => accepted.message.server_nonce),
      'X-KDF-09': answers.map(({ accepted }) => accepted.message.ephemeral_public_key),
      'C-CONN-13': answers.map(({ confirmation }) => confirmation.message.session_id),
    };
    for (const id of ['X-TRN-06', 'X-KDF-09', 'C-CONN-13'] as const) {
      stage.check(id, new Set(distinct[id]).size === answers.length, {
        what: 'values of six answers to one request',
        expected: 'six different ones',
        got: distinct[id],
      });
    }
    await checkNonces(stage);
  },
});

async function checkNonces(stage: Parameters<Case['run']>[0]): Promise<void> {
  const { client_nonce: nonce = '', ...request } = openingRequest(stage);
  for (const length of [limits.handshakeNonceBytes - 1, limits.handshakeNonceBytes + 1]) {
    const resized = new Uint8Array(length);
    resized.set(bytesOf(nonce).subarray(0, length));
    const connection = await upgraded(stage);
    const text = Buffer.from(resized).toString('base64url');
    await connection.sendRaw({ ...request, client_nonce: text });
    checkRefused(stage, 'X-TRN-06', await openingReaction(connection), {
      what: `a nonce of ${length} bytes`,
      codes: [errorCode.common.protocolError],
      after: 'closed',
    });
  }
}

const lowOrder = defineCase({
  id: 'client/handshake/low-order-points-are-refused',
  title: 'An ephemeral key of low order ends the handshake',
  verifies: ['X-KDF-07'],
  async run(stage) {
    await exchangeHellos(await upgraded(stage), { ...openingRequest(stage) });
    for (const point of lowOrderExchangeKeys) {
      const connection = await upgraded(stage);
      await connection.send(openingRequest(stage, { ephemeral_public_key: point }));
      checkRefused(stage, 'X-KDF-07', await openingReaction(connection), {
        what: `ephemeral_public_key ${point}`,
        codes: [errorCode.common.cryptoError, errorCode.common.protocolError],
        after: 'closed',
      });
    }
  },
});

const mustSupport = defineCase({
  id: 'client/handshake/the-server-has-what-it-demands',
  title: 'server_capabilities holds all that client_must_support lists',
  verifies: ['C-CONN-06'],
  behaviour: ['C-CONN-06'],
  async run(stage) {
    const { accepted, confirmation } = await exchangeHellos(await upgraded(stage), {
      ...openingRequest(stage),
    });
    const own = accepted.message.server_capabilities;
    const { server_capabilities: again, client_must_support: demanded } = confirmation.message;
    const missing = demanded.filter((atom) => !own.includes(atom) || !again.includes(atom));
    stage.check('C-CONN-06', missing.length === 0, {
      what: 'what is demanded and not had',
      expected: [],
      got: missing,
    });
  },
});

const order = defineCase({
  id: 'client/handshake/accepted-comes-before-confirmed',
  title: 'The request is answered by connection_accepted, then by version_confirmation',
  verifies: ['C-CONN-05'],
  readings: ['L-V08'],
  async run(stage) {
    const connection = await upgraded(stage);
    await connection.send(openingRequest(stage));
    const { others } = await openingReaction(connection);
    const types = others.map(({ message }) => message.type).join(' ');
    const expected = 'connection_accepted version_confirmation';
    stage.check('C-CONN-05', types === expected, { what: 'the answers', expected, got: types });

    const early = await upgraded(stage);
    await early.send(authRequest(stage, freshIdentity(stage)));
    checkRefused(stage, 'C-CONN-05', await openingReaction(early), {
      what: 'an auth_request as the first frame',
      codes: [errorCode.common.protocolError],
      after: 'closed',
    });
  },
});

const slowHandshake = defineCase({
  id: 'client/handshake/a-stalled-handshake-is-cut',
  title: 'A device that does not open the handshake within 10 s is cut off',
  verifies: ['C-CONN-10'],
  readings: ['L-C16'],
  needs: { waitsSeconds: limits.handshakeSeconds + 1 },
  async run(stage) {
    const patient = await upgraded(stage);
    await stage.pass((limits.handshakeSeconds - 1) * 1000);
    await patient.negotiate();
    const stalled = await upgraded(stage);
    const reaction = await openingReaction(stalled, (limits.handshakeSeconds + 1) * 1000);
    stage.check('C-CONN-10', reaction.closed !== null, {
      what: 'a connection without a first frame, after 11 s',
      expected: 'closed',
      got: reaction.closed ?? 'open',
    });
  },
});

const slowAuthentication = defineCase({
  id: 'client/handshake/a-stalled-authentication-is-cut',
  title: 'A device that does not authenticate within 30 s is cut off',
  verifies: ['C-CONN-10'],
  readings: ['L-C16'],
  needs: { waitsSeconds: limits.authenticationSeconds + 1 },
  async run(stage) {
    const stalled = await upgraded(stage);
    await stalled.negotiate();
    await stage.pass((limits.authenticationSeconds - 1) * 1000);
    const before = await reactionOf(stalled);
    stage.check('C-CONN-10', before.closed === null, {
      what: 'a connection without authentication, after 29 s',
      expected: 'open',
      got: before.closed ?? 'open',
    });
    await stage.pass(2000);
    const { closed } = await openingReaction(stalled);
    stage.check('C-CONN-10', closed !== null, {
      what: 'the same after 31 s',
      expected: 'closed',
      got: closed ?? 'open',
    });
  },
});

/** S-1, S-6: what was signed for one session serves no other. */
const otherTranscript = defineCase({
  id: 'client/handshake/another-transcript-opens-no-session',
  title: 'A proof over the transcript of another handshake opens no session',
  verifies: ['X-TRN-05', 'C-AUTH-03'],
  readings: ['L-C03', 'L-H04'],
  async run(stage) {
    const { identity } = await stage.device();
    const [first, second] = [await upgraded(stage), await upgraded(stage)];
    await first.negotiate();
    await second.negotiate();
    const challenge = await challenged(stage, second, identity);
    const response = authResponse(stage, challenge, { identity, connection: first });
    await second.send(response);
    const reaction = await reactionOf(second);
    for (const id of ['X-TRN-05', 'C-AUTH-03'] as const) {
      checkRefused(stage, id, reaction, {
        what: 'auth_response over the transcript of another connection',
        codes: [errorCode.client.invalidSignature],
      });
    }
  },
});

export const cases: readonly Case[] = [
  transcript,
  bound,
  orderBound,
  proven,
  fresh,
  lowOrder,
  mustSupport,
  order,
  slowHandshake,
  slowAuthentication,
  otherTranscript,
];
