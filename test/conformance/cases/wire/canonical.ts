/** What is hashed of what is received (X-CAN-02 to -04, -08, -13, X-EXT-02, L-S04, L-S05). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import {
  exchangeHellos,
  negotiated,
  openingRequest,
  transcriptOf,
  upgraded,
} from '../client/steps/opening.ts';
import { acked, couple } from '../client/steps/people.ts';
import {
  authRequest,
  authResponse,
  freshIdentity,
  registerMessage,
} from '../client/steps/proofs.ts';
import { checkRefused, reactionOf } from '../client/steps/reaction.ts';

interface Hashed {
  readonly name: string;
  readonly title: string;
  readonly verifies: RequirementId;
  /** What is sent, and what is hashed. */
  readonly sent: (request: JsonObject) => JsonObject;
  readonly meant: (request: JsonObject) => JsonObject;
}

const same = (request: JsonObject): JsonObject => request;
const unknown = { future: { nested: [1, 'two', { three: true }], empty: '' } };

const hashed: readonly Hashed[] = [
  {
    name: 'null-is-absent',
    title: 'A member that is null is hashed as if it were absent',
    verifies: 'X-CAN-03',
    sent: (request) => ({ ...request, pq_public_key: null, future: null }),
    meant: same,
  },
  {
    name: 'empty-is-not-absent',
    title: 'Empty lists, objects and texts are hashed as they are',
    verifies: 'X-CAN-04',
    sent: (request) => ({ ...request, capabilities: [], nothing: {}, silence: '' }),
    meant: (request) => ({ ...request, capabilities: [], nothing: {}, silence: '' }),
  },
  {
    name: 'unknown-members-count',
    title: 'Members that nobody knows are hashed with the rest',
    verifies: 'X-CAN-08',
    sent: (request) => ({ ...request, ...unknown }),
    meant: (request) => ({ ...request, ...unknown }),
  },
  {
    name: 'no-normalisation',
    title: 'Text is hashed as it came, composed or not',
    verifies: 'X-CAN-07',
    sent: (request) => ({ ...request, note: 'e\u0301 \u00e9 \u2126' }),
    meant: (request) => ({ ...request, note: 'e\u0301 \u00e9 \u2126' }),
  },
];

const transcripts: readonly Case[] = hashed.map(({ name, title, verifies, sent, meant }) =>
  defineCase({
    id: `wire/canonical/${name}`,
    title,
    verifies: [verifies],
    readings: ['L-S04', 'L-S05'],
    async run(stage) {
      const request: JsonObject = { ...openingRequest(stage) };
      const hellos = await exchangeHellos(await upgraded(stage), sent(request));
      const expected = transcriptOf(stage, meant(request), hellos.accepted);
      const got = hellos.confirmation.message.transcript_hash;
      stage.check(verifies, got === expected, { what: 'transcript_hash', expected, got });
      if (verifies === 'X-CAN-07') await checkLoneSurrogate(stage);
    },
  }),
);

async function checkLoneSurrogate(stage: Stage): Promise<void> {
  const connection = await negotiated(stage);
  await connection.sendRaw('{"type":"ping","timestamp":1,"note":"\\ud800"}');
  checkRefused(stage, 'X-CAN-07', await reactionOf(connection), {
    what: 'half a surrogate pair, which no canonical form has',
    codes: [errorCode.common.protocolError],
  });
}

const ignored = defineCase({
  id: 'wire/canonical/unknown-members-change-nothing',
  title: 'Unknown members in any message are ignored',
  verifies: ['X-EXT-02'],
  behaviour: ['X-EXT-02'],
  readings: ['L-S05'],
  async run(stage) {
    const identity = freshIdentity(stage);
    const connection = await upgraded(stage);
    await connection.negotiate({ request: (request) => ({ ...request, ...unknown }) });
    await connection.register(identity, {
      register: (message) => ({ ...message, ...unknown }),
      response: (message) => ({ ...message, ...unknown }),
    });
    const { message } = await connection.authenticate(identity, {
      request: (request) => ({ ...request, ...unknown }),
      response: (response) => ({ ...response, ...unknown }),
    });
    stage.check('X-EXT-02', message.user_info.user_id === identity.userId, {
      what: 'the session of a device that has more to say',
      expected: identity.userId,
      got: message.user_info.user_id,
    });
    const { alice, bob, conversationId } = await couple(stage);
    const to = [bob.identity.userId];
    const send = (honest: object) => ({ ...honest, ...unknown }) as JsonObject;
    const sent = await alice.sendMessage({ conversationId, to, send });
    const { status } = await acked(alice, sent.message_id);
    stage.check('X-EXT-02', status === 'sent', {
      what: 'a message with members more',
      expected: 'sent',
      got: status,
    });
  },
});

/** base64url has one text for each value; these decode to the right bytes and are not it. */
const spellings: readonly { readonly what: string; readonly respell: (text: string) => string }[] =
  [
    { what: 'padded', respell: (text) => `${text}=` },
    { what: 'the standard alphabet', respell: (text) => text.replace('-', '+').replace('_', '/') },
    { what: 'a line break', respell: (text) => `${text}\n` },
    { what: 'bits beyond the last byte', respell: withStrayBits },
  ];

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function withStrayBits(text: string): string {
  const last = ALPHABET.indexOf(text.at(-1) ?? 'A');
  return text.slice(0, -1) + ALPHABET[last + 1];
}

const oneSpelling = defineCase({
  id: 'wire/canonical/binary-has-one-spelling',
  title: 'A nonce, key or signature in another spelling of base64 is malformed',
  verifies: ['X-CAN-02'],
  readings: ['L-S07'],
  async run(stage) {
    const { identity } = await stage.device();
    for (const { what, respell } of spellings) {
      const connection = await negotiated(stage);
      await connection.send(authRequest(stage, identity));
      const { message: challenge } = await connection.receive('auth_challenge');
      let response = authResponse(stage, challenge, { identity, connection });
      // Where there is nothing to respell, another time makes another signature.
      for (let back = 0; respell(response.signature) === response.signature; back += 1) {
        const timestamp = response.timestamp - (back % 4);
        const parts = { identity, connection, signed: { timestamp } };
        response = { ...authResponse(stage, challenge, parts), timestamp };
      }
      await connection.sendRaw({ ...response, signature: respell(response.signature) });
      checkRefused(stage, 'X-CAN-02', await reactionOf(connection), {
        what: `a good signature, ${what}`,
        codes: [errorCode.common.protocolError, errorCode.client.invalidSignature],
      });
    }
  },
});

const identifiers = defineCase({
  id: 'wire/canonical/identifiers-are-lowercase-v4',
  title: 'An identifier that is not a lowercase UUID of version 4 is malformed',
  verifies: ['X-CAN-13'],
  readings: ['L-S09'],
  async run(stage) {
    const bends = {
      uppercase: (id: string) =>
        id
          .toUpperCase()
          .replaceAll(/[0-9]/g, 'A')
          .replace(/^(.{14})A/, '$14'),
      'version 1': (id: string) => `${id.slice(0, 14)}1${id.slice(15)}`,
      'without hyphens': (id: string) => id.replaceAll('-', ''),
      'in braces': (id: string) => `{${id}}`,
    };
    for (const [what, bend] of Object.entries(bends)) {
      const identity = freshIdentity(stage);
      const bent = { ...identity, deviceId: bend(identity.deviceId) };
      const connection = await negotiated(stage);
      // The signature over the exchange key is good for the id as it is written.
      await connection.sendRaw({ ...registerMessage(stage, bent) });
      checkRefused(stage, 'X-CAN-13', await reactionOf(connection), {
        what: `a device id ${what}`,
        codes: [errorCode.common.protocolError, errorCode.client.invalidDevice],
      });
    }
  },
});

export const cases: readonly Case[] = [...transcripts, ignored, oneSpelling, identifiers];
