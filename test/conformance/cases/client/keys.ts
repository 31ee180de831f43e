/**
 * C19 and C20: the directory of device keys (C-KEY-01 to -04, X-KEY-01, X-KEY-02, L-C08, L-X17).
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { KeyRequest } from '../../../../spec/messages/client/key-request.ts';
import type { KeyResponse } from '../../../../spec/messages/client/key-response.ts';
import type { Device } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Received, Stage } from '../../stage.ts';
import { negotiated } from './steps/opening.ts';
import { couple, membersOf } from './steps/people.ts';
import { freshUser } from './steps/proofs.ts';
import { checkRefused, reactionOf } from './steps/reaction.ts';
import { revocationBy, revoke, revokedDevice } from './steps/revoking.ts';

const DAY_MS = 86_400_000;

function request(
  { uuid }: Stage,
  userIds: readonly string[],
  filter: KeyRequest['device_filter'] = 'all',
  includeRevoked: 'with revoked' | 'without revoked' = 'without revoked',
): KeyRequest {
  return {
    type: 'key_request',
    request_id: uuid(),
    user_ids: [...userIds],
    device_filter: filter,
    include_revoked: includeRevoked === 'with revoked',
  };
}

/** The answer to this request, not the notice of a new device. */
async function answerTo(by: Device, asked: KeyRequest): Promise<Received<KeyResponse>> {
  await by.connection.send(asked);
  for (;;) {
    const received = await by.connection.receive('key_response', { passing: ['device_revoke'] });
    if (received.message.request_id === asked.request_id) return received;
  }
}

const devicesIn = ({ message }: Received<KeyResponse>, userId: string): string =>
  Object.keys(message.keys[userId] ?? {})
    .sort()
    .join();

const idsOf = (...devices: readonly { identity: { deviceId: string } }[]): string =>
  devices
    .map(({ identity }) => identity.deviceId)
    .sort()
    .join();

const asked = defineCase({
  id: 'client/keys/the-answer-is-to-the-question',
  title: 'key_response echoes the request id and holds the users asked for, and no others',
  verifies: ['C-KEY-01'],
  async run(stage) {
    const { alice, bob } = await couple(stage);
    await stage.device();
    const ask = request(stage, [bob.identity.userId]);
    const { message } = await answerTo(alice, ask);
    const users = Object.keys(message.keys);
    stage.check('C-KEY-01', users.join() === bob.identity.userId, {
      what: 'the users of the answer',
      expected: [bob.identity.userId],
      got: users,
    });
    const keys = message.keys[bob.identity.userId]?.[bob.identity.deviceId];
    const expected = [bob.identity.signingKey.publicKey, bob.identity.exchangeKey.publicKey];
    const got = [keys?.public_key, keys?.kex_public_key];
    stage.check('C-KEY-01', got.join() === expected.join(), { what: 'its keys', expected, got });
    await alice.connection.sendRaw({ ...ask, user_ids: [] });
    checkRefused(stage, 'C-KEY-01', await reactionOf(alice.connection), {
      what: 'a request for nobody',
      codes: [errorCode.common.protocolError],
    });
  },
});

const signed = defineCase({
  id: 'client/keys/what-is-listed-is-signed',
  title: 'Each listed device has a certificate of its keys under the server key',
  verifies: ['C-REG-08'],
  behaviour: ['C-REG-08'],
  readings: ['L-C18'],
  async run(stage) {
    const { alice, bob } = await couple(stage);
    const { userId, deviceId } = bob.identity;
    const received = await answerTo(alice, request(stage, [userId]));
    const certificate = membersAt(membersOf(received), [
      'keys',
      userId,
      deviceId,
    ]).device_certificate;
    const members = Object(certificate) as JsonObject;
    const isSigned = stage.crypto.verify(
      stage.subject.publicKey,
      without(members, 'signature'),
      String(members.signature),
    );
    stage.check('C-REG-08', isSigned && members.device_id === deviceId, {
      what: 'the certificate of a listed device, under the server key',
      expected: deviceId,
      got: certificate ?? 'none',
    });
  },
});

function membersAt(from: JsonObject, path: readonly string[]): JsonObject {
  return path.reduce((object, name) => Object(object[name]) as JsonObject, from);
}

const filters = defineCase({
  id: 'client/keys/filters-choose-devices',
  title: 'all, active and specific devices: revoked ones appear only when they are asked for',
  verifies: ['C-KEY-02'],
  readings: ['L-C08'],
  async run(stage) {
    const bob = await stage.device();
    const { userId, deviceId } = bob.identity;
    const second = await stage.device({ userId });
    const gone = await stage.device({ userId });
    await revoke(stage, bob, gone.identity.deviceId);
    const alice = await stage.device();
    const revokedId = gone.identity.deviceId;
    const rows = [
      { filter: 'all', revoked: 'without revoked', expected: idsOf(bob, second) },
      { filter: 'all', revoked: 'with revoked', expected: idsOf(bob, second, gone) },
      { filter: 'active', revoked: 'without revoked', expected: idsOf(bob, second) },
      { filter: { specific: [deviceId] }, revoked: 'without revoked', expected: idsOf(bob) },
      { filter: { specific: [revokedId] }, revoked: 'with revoked', expected: idsOf(gone) },
      { filter: [deviceId, revokedId], revoked: 'without revoked', expected: idsOf(bob) },
    ] as const;
    for (const { filter, revoked, expected } of rows) {
      const plain = typeof filter === 'string' ? filter : JSON.parse(JSON.stringify(filter));
      const got = devicesIn(
        await answerTo(alice, request(stage, [userId], plain, revoked)),
        userId,
      );
      stage.check('C-KEY-02', got === expected, {
        what: `${JSON.stringify(filter)} ${revoked}`,
        expected,
        got,
      });
    }
  },
});

const flagged = defineCase({
  id: 'client/keys/revoked-keys-are-flagged-and-refused',
  title: 'A revoked device is flagged, and a message sealed for it is refused',
  verifies: ['X-KEY-04'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const { userId } = bob.identity;
    const gone = await stage.device({ userId });
    const message = await alice.composeMessage({ conversationId, to: [userId] });
    await revoke(stage, bob, gone.identity.deviceId);
    const listed = await answerTo(alice, request(stage, [userId], 'all', 'with revoked'));
    const flag = listed.message.keys[userId]?.[gone.identity.deviceId]?.revoked;
    stage.check('X-KEY-04', flag === true, {
      what: 'the flag of a revoked device',
      expected: true,
      got: flag ?? 'not listed',
    });
    await alice.connection.silence();
    await alice.connection.send(message);
    checkRefused(stage, 'X-KEY-04', await reactionOf(alice.connection), {
      what: 'a message sealed for a device that has been revoked',
      codes: [errorCode.client.keyRevoked, errorCode.client.invalidRecipient],
      after: 'open',
    });
  },
});

const overlap = defineCase({
  id: 'client/keys/old-and-new-key-are-both-addressable',
  title: 'While a user moves from one key to the next, both are listed and both receive',
  verifies: ['X-KEY-02'],
  behaviour: ['X-KEY-02'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const { userId } = bob.identity;
    const next = await stage.device({ userId });
    const listed = devicesIn(await answerTo(alice, request(stage, [userId], 'active')), userId);
    stage.check('X-KEY-02', listed === idsOf(bob, next), {
      what: 'the active devices of the user',
      expected: idsOf(bob, next),
      got: listed,
    });
    const text = 'for the old key and the new';
    await alice.sendMessage({ conversationId, to: [userId], text });
    for (const device of [bob, next]) {
      const { opened } = await device.receiveMessage();
      stage.check('X-KEY-02', opened === text, {
        what: `the message as ${device.identity.deviceId} opens it`,
        expected: text,
        got: opened,
      });
    }
  },
});

const KEY_DAYS = limits.deviceKeySeconds / 86_400;

const expired = defineCase({
  id: 'client/keys/expired-keys-are-refused',
  title: 'After 180 days a key opens no session, and a message sealed for it is refused 3002',
  verifies: ['C-KEY-03', 'X-KEY-01'],
  readings: ['L-X09'],
  needs: { waitsSeconds: limits.deviceKeySeconds + 86_400 },
  async run(stage) {
    const bob = await stage.device();
    await bob.connection.close();
    await stage.pass(DAY_MS);
    const alice = await stage.device();
    const { userId } = bob.identity;
    await checkLife(stage, alice, bob);
    const second = await stage.device({ userId });
    await second.connection.close();
    await alice.connection.close();
    await stage.pass((KEY_DAYS - 1) * DAY_MS - 3_600_000);
    const before = await alice.reconnect();
    const conversationId = await before.createConversation([userId]);
    const to = [userId];
    const message = await before.composeMessage({ conversationId, to });
    await before.connection.close();
    await stage.pass(3_600_000);
    const after = await alice.reconnect();
    const timestamp = stage.now();
    const metadata = { ...message.metadata, timestamp };
    await after.connection.send({ ...message, metadata });
    checkRefused(stage, 'C-KEY-03', await reactionOf(after.connection), {
      what: 'a message sealed for a key of 180 days',
      codes: [errorCode.client.keyExpired],
      after: 'open',
    });
    await checkNoSession(stage, bob);
  },
});

async function checkLife(stage: Stage, by: Device, { identity }: Device): Promise<void> {
  const { userId, deviceId } = identity;
  const { message } = await answerTo(by, request(stage, [userId]));
  const keys = message.keys[userId]?.[deviceId];
  const life = (keys?.expires_at ?? Number.POSITIVE_INFINITY) - (keys?.created_at ?? 0);
  stage.check('X-KEY-01', life > 0 && life <= limits.deviceKeySeconds, {
    what: 'the life of a device key, in seconds',
    expected: `at most ${limits.deviceKeySeconds}`,
    got: life,
  });
}

async function checkNoSession(stage: Stage, { identity }: Device): Promise<void> {
  const connection = await negotiated(stage);
  const reached = await connection.authenticate(identity).then(
    () => 'a session',
    () => 'none',
  );
  stage.check('X-KEY-01', reached === 'none', {
    what: 'a session of a device whose key is 180 days old',
    expected: 'none',
    got: reached,
  });
}

const unknown = defineCase({
  id: 'client/keys/unknown-users-look-like-hidden-ones',
  title: 'An unknown user and one without visible devices are answered alike',
  verifies: ['C-KEY-04'],
  readings: ['L-X17'],
  async run(stage) {
    const alice = await stage.device();
    const hidden = await stage.device();
    await hidden.connection.send(revocationBy(stage, hidden, hidden.identity.deviceId));
    await hidden.connection.closed();
    const names = [freshUser(stage), hidden.identity.userId];
    const alone = [];
    for (const userId of names) {
      await alice.connection.send(request(stage, [userId]));
      const { message } = await alice.connection.receiveError();
      alone.push(JSON.stringify({ ...message, timestamp: 0 }));
      stage.check('C-KEY-04', message.error_code === errorCode.client.keyNotFound, {
        what: 'a request in which nobody is known',
        expected: errorCode.client.keyNotFound,
        got: message.error_code,
      });
    }
    stage.check('C-KEY-04', alone[0] === alone[1], {
      what: 'the refusals for an unknown user and for one without visible devices',
      expected: alone[0],
      got: alone[1],
    });
    const beside = [];
    for (const userId of names) {
      const { message } = await answerTo(alice, request(stage, [userId, alice.identity.userId]));
      beside.push(JSON.stringify(message.keys[userId] ?? null));
    }
    stage.check('C-KEY-04', beside[0] === beside[1], {
      what: 'the two beside a known user',
      expected: beside[0],
      got: beside[1],
    });
  },
});

const masters = defineCase({
  id: 'client/keys/a-list-means-specific',
  title: "The master's form of the filter, a list of ids, means the same as specific",
  verifies: ['C-KEY-02'],
  readings: ['L-C08'],
  async run(stage) {
    const { owner, revoked } = await revokedDevice(stage);
    const { userId, deviceId } = owner.identity;
    const wanted = [deviceId, revoked.deviceId];
    const answers = [];
    for (const filter of [{ specific: wanted }, wanted]) {
      answers.push(devicesIn(await answerTo(owner, request(stage, [userId], filter)), userId));
    }
    stage.check(
      'C-KEY-02',
      answers.every((ids) => ids === deviceId),
      {
        what: 'specific, and the list alone, each with a revoked device among the ids',
        expected: [deviceId, deviceId],
        got: answers,
      },
    );
  },
});

export const cases: readonly Case[] = [
  asked,
  signed,
  filters,
  flagged,
  overlap,
  expired,
  unknown,
  masters,
];
