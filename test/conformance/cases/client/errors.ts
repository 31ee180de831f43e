/**
 * What every error looks like, whatever it is about (X-ERR-01, X-ERR-02, X-ERR-04, L-X03, L-X04).
 */
import { type ErrorCode, errorByCode, errorCode } from '../../../../spec/emitted/registries.ts';
import type { ErrorMessage } from '../../../../spec/messages/common/error.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Received, Stage } from '../../stage.ts';
import { negotiated, openingRequest, upgraded } from './steps/opening.ts';
import { acked, couple } from './steps/people.ts';
import { freshIdentity, freshUser, registerMessage } from './steps/proofs.ts';
import { secondsOf } from './steps/reaction.ts';

const { client, common } = errorCode;

interface Provoked {
  readonly code: ErrorCode;
  readonly by: (stage: Stage) => Promise<Received<ErrorMessage>>;
}

/** Errors of every category that a device can cause. */
const provocations: readonly Provoked[] = [
  {
    code: common.protocolError,
    async by(stage) {
      const connection = await upgraded(stage);
      const lists = { client_versions: ['99.0'], preferred_version: '99.0' };
      await connection.send(openingRequest(stage, lists));
      return connection.receiveError();
    },
  },
  {
    code: common.cryptoError,
    async by(stage) {
      const connection = await upgraded(stage);
      await connection.send(openingRequest(stage, { cipher_suites: ['ffff'] }));
      return connection.receiveError();
    },
  },
  {
    code: common.notAuthorized,
    async by(stage) {
      const connection = await negotiated(stage);
      const offer = registerMessage(stage, freshIdentity(stage), { enrolment_token: 'guessed' });
      await connection.send(offer);
      return connection.receiveError();
    },
  },
  {
    code: client.invalidDevice,
    async by(stage) {
      const { identity } = await stage.device();
      const connection = await negotiated(stage);
      const again = { ...freshIdentity(stage), deviceId: identity.deviceId };
      await connection.send(registerMessage(stage, again));
      return connection.receiveError();
    },
  },
  {
    code: client.invalidSignature,
    async by(stage) {
      const connection = await negotiated(stage);
      const { userId, deviceId } = freshIdentity(stage);
      const timestamp = secondsOf(stage) - 60;
      const request = { user_id: userId, device_id: deviceId, timestamp };
      await connection.send({ type: 'auth_request', ...request });
      return connection.receiveError();
    },
  },
  {
    code: client.conversationNotFound,
    async by(stage) {
      const alice = await stage.device();
      await alice.createConversation([freshUser(stage)]);
      const bob = await stage.device();
      await alice.sendMessage({ conversationId: stage.uuid(), to: [bob.identity.userId] });
      return alice.connection.receiveError();
    },
  },
  {
    code: client.invalidRecipient,
    async by(stage) {
      const { alice, conversationId } = await couple(stage);
      const { identity } = await stage.device();
      await alice.sendMessage({ conversationId, to: [identity.userId] });
      return alice.connection.receiveError();
    },
  },
  {
    code: client.encryptionFailed,
    async by(stage) {
      const { alice, bob, conversationId } = await couple(stage);
      const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
      await acked(alice, sent.message_id);
      await alice.connection.send({ ...sent, chain_depth: 1 });
      return alice.connection.receiveError();
    },
  },
  {
    code: client.keyNotFound,
    async by(stage) {
      const { connection } = await stage.device();
      await connection.send({
        type: 'key_request',
        request_id: stage.uuid(),
        user_ids: [freshUser(stage)],
        device_filter: 'all',
        include_revoked: false,
      });
      return connection.receiveError();
    },
  },
];

const form = defineCase({
  id: 'client/errors/every-error-has-the-same-form',
  title: 'Every error has code, category, text and time, and retry_after only when waiting helps',
  verifies: ['X-ERR-01'],
  behaviour: ['X-ERR-01'],
  readings: ['L-X04'],
  async run(stage) {
    for (const { code, by } of provocations) {
      const { message } = await by(stage);
      const { error_code, message: text, timestamp, retry_after } = message;
      const isNow = Math.abs(timestamp - secondsOf(stage)) <= 60;
      const isWhole = typeof text === 'string' && text.length > 0 && retry_after === undefined;
      stage.check('X-ERR-01', error_code === code && isNow && isWhole, {
        what: `the error ${code}`,
        expected: { error_code: code, message: 'some text', timestamp: 'now in seconds' },
        got: message,
      });
    }
  },
});

const categories = defineCase({
  id: 'client/errors/category-follows-from-code',
  title: 'The category of an error is that of its range of codes',
  verifies: ['X-ERR-02'],
  behaviour: ['X-ERR-02'],
  readings: ['L-X03'],
  async run(stage) {
    for (const { code, by } of provocations) {
      const { message } = await by(stage);
      const { category } = errorByCode[code];
      stage.check('X-ERR-02', message.error_category === category, {
        what: `the category of ${message.error_code}`,
        expected: category,
        got: message.error_category,
      });
    }
  },
});

const SECRET = 'a-sentence-that-only-the-recipient-may-read';

const discreet = defineCase({
  id: 'client/errors/errors-tell-nothing-of-content',
  title: 'Errors hold neither keys nor names nor content of what they refuse',
  verifies: ['X-ERR-04'],
  behaviour: ['X-ERR-04'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const { userId, deviceId, signingKey, exchangeKey } = bob.identity;
    const private_ = [SECRET, userId, deviceId, signingKey.publicKey, exchangeKey.publicKey];
    const bends = [
      (message: object) => ({ ...message, content: SECRET }),
      (message: object) => ({ ...message, message_type: SECRET }),
      (message: object) => ({ ...message, conversation_id: stage.uuid() }),
      (message: object) => ({ ...message, encrypted_content: { [deviceId]: SECRET } }),
      (message: object) => ({ ...message, encrypted_content: { [stage.uuid()]: { v: SECRET } } }),
    ];
    for (const bend of bends) {
      await alice.sendMessage({ conversationId, to: [userId], text: SECRET, send: bend as never });
      const { text, message } = await alice.connection.receiveError();
      const leaked = private_.filter((word) => text.includes(word));
      stage.check('X-ERR-04', leaked.length === 0, {
        what: `what the error ${message.error_code} repeats of the message`,
        expected: [],
        got: leaked,
      });
    }
  },
});

export const cases: readonly Case[] = [form, categories, discreet];
