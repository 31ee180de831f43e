/** Who may enrol which device (C-REG-02, -06, -07, -09, -10, X-KEY-09, X-RATE-03, L-C01, L-C19). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { DeviceRegister } from '../../../../spec/messages/client/device-register.ts';
import type { DeviceIdentity } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated } from './steps/opening.ts';
import { smallOrderSigningKeys, unusableSigningKeys } from './steps/points.ts';
import { authorization, freshIdentity, kexSignature, registerMessage } from './steps/proofs.ts';
import { checkRefused, type Reaction, reactionOf } from './steps/reaction.ts';

const { invalidDevice, invalidSignature } = errorCode.client;
const { notAuthorized, rateLimited } = errorCode.common;

/** What becomes of this offer on a connection of its own. */
async function offered(stage: Stage, offer: DeviceRegister): Promise<Reaction> {
  const connection = await negotiated(stage);
  await connection.send(offer);
  return reactionOf(connection);
}

const taken = defineCase({
  id: 'client/enrolment/a-device-id-belongs-to-one-key-and-user',
  title: 'A device id that is bound to another key or user is refused, both in the same words',
  verifies: ['C-REG-06'],
  readings: ['L-C01'],
  async run(stage) {
    const { identity } = await stage.device();
    const { deviceId, userId } = identity;
    const otherKey = { ...freshIdentity(stage, userId), deviceId };
    const otherUser = { ...freshIdentity(stage), deviceId };
    const byOwner = {
      authorizer: deviceId,
      authorizer_signature: authorization(stage, otherKey, identity.signingKey),
    };
    const refusals = [
      await offered(stage, registerMessage(stage, otherKey, byOwner)),
      await offered(stage, registerMessage(stage, otherUser)),
    ];
    for (const [at, what] of ['another key', 'another user'].entries()) {
      const reaction = refusals[at];
      if (!reaction) continue;
      checkRefused(stage, 'C-REG-06', reaction, {
        what: `a device id that is taken, with ${what}`,
        codes: [invalidDevice, invalidSignature],
      });
    }
    const [first, second] = refusals.map(withoutTime);
    stage.check('C-REG-06', first === second, {
      what: 'the two refusals, which must not say why',
      expected: first,
      got: second,
    });
  },
});

const withoutTime = ({ error }: Reaction): string =>
  JSON.stringify({ ...error, timestamp: undefined });

const sharedKey = defineCase({
  id: 'client/enrolment/a-key-belongs-to-one-device',
  title: 'The key of one device is not accepted as that of another',
  verifies: ['X-KEY-09'],
  async run(stage) {
    const { identity } = await stage.device();
    const sameUser = { ...identity, deviceId: stage.uuid() };
    const vouched = {
      authorizer: identity.deviceId,
      authorizer_signature: authorization(stage, sameUser, identity.signingKey),
    };
    const otherUser = { ...freshIdentity(stage), signingKey: identity.signingKey };
    const expected = { what: 'a key in use', codes: [invalidDevice] };
    const again = await offered(stage, registerMessage(stage, sameUser, vouched));
    checkRefused(stage, 'X-KEY-09', again, expected);
    const elsewhere = await offered(stage, registerMessage(stage, otherUser));
    checkRefused(stage, 'X-KEY-09', elsewhere, expected);
  },
});

interface Intruder {
  readonly name: string;
  readonly what: string;
  readonly offer: (stage: Stage, owner: DeviceIdentity) => Promise<DeviceRegister>;
}

const intruders: readonly Intruder[] = [
  {
    name: 'no-authority',
    what: 'no authority at all',
    offer: async (stage) => tokenless(registerMessage(stage, freshIdentity(stage))),
  },
  {
    name: 'a-guessed-token',
    what: 'a token that was not given out',
    offer: async (stage) =>
      registerMessage(stage, freshIdentity(stage), { enrolment_token: 'guessed' }),
  },
  {
    name: 'a-foreign-user',
    what: 'the name of a user of another server',
    offer: async (stage) =>
      registerMessage(stage, freshIdentity(stage, `mallory@${stage.domain('elsewhere')}`)),
  },
  {
    name: 'a-token-for-a-further-device',
    what: 'a token alone, for a further device of a user',
    offer: async (stage, { userId }) => registerMessage(stage, freshIdentity(stage, userId)),
  },
  {
    name: 'a-voucher-of-another-user',
    what: 'the word of a device of another user',
    offer: async (stage, { userId }) => {
      const mallory = await stage.device();
      const ghost = freshIdentity(stage, userId);
      return tokenless(
        registerMessage(stage, ghost, {
          authorizer: mallory.identity.deviceId,
          authorizer_signature: authorization(stage, ghost, mallory.identity.signingKey),
        }),
      );
    },
  },
  {
    name: 'a-voucher-for-other-keys',
    what: 'the word of a sibling for other keys',
    offer: async (stage, owner) => {
      const [ghost, other] = [
        freshIdentity(stage, owner.userId),
        freshIdentity(stage, owner.userId),
      ];
      return tokenless(
        registerMessage(stage, ghost, {
          authorizer: owner.deviceId,
          authorizer_signature: authorization(stage, other, owner.signingKey),
        }),
      );
    },
  },
  {
    name: 'a-master-key-nobody-has',
    what: 'the word of a master key that the user does not have',
    offer: async (stage, owner) => {
      const ghost = freshIdentity(stage, owner.userId);
      return tokenless(
        registerMessage(stage, ghost, {
          authorizer: 'user_master',
          authorizer_signature: authorization(stage, ghost, ghost.signingKey),
        }),
      );
    },
  },
];

function tokenless({ enrolment_token: _, ...offer }: DeviceRegister): DeviceRegister {
  return offer;
}

const unauthorised: readonly Case[] = intruders.map(({ name, what, offer }) =>
  defineCase({
    id: `client/enrolment/${name}-is-refused`,
    title: `An offer is refused that has ${what}`,
    verifies: ['C-REG-07'],
    readings: ['L-C01'],
    async run(stage) {
      const { identity } = await stage.device();
      const reaction = await offered(stage, await offer(stage, identity));
      checkRefused(stage, 'C-REG-07', reaction, { what, codes: [notAuthorized] });
    },
  }),
);

const vouched = defineCase({
  id: 'client/enrolment/a-device-or-the-master-key-vouches',
  title: 'A further device is enrolled when a device of the user or the master key vouches for it',
  verifies: ['C-REG-07'],
  readings: ['L-C01', 'L-C19'],
  async run(stage) {
    const first = freshIdentity(stage);
    const master = stage.crypto.signingKey(stage.entropy(32));
    const connection = await negotiated(stage);
    await connection.register(first, {
      register: (offer) => ({ ...offer, user_master_public_key: master.publicKey }),
    });
    for (const [authorizer, key] of [
      [first.deviceId, first.signingKey],
      ['user_master', master],
    ] as const) {
      const further = freshIdentity(stage, first.userId);
      const { message } = await (await negotiated(stage)).register(further, {
        enrolmentToken: null,
        register: (offer) => ({
          ...offer,
          authorizer,
          authorizer_signature: authorization(stage, further, key),
        }),
      });
      stage.check('C-REG-07', message.device_id === further.deviceId, {
        what: `a further device, vouched for by ${authorizer}`,
        expected: further.deviceId,
        got: message.device_id,
      });
    }
    const ghost = freshIdentity(stage, first.userId);
    const reaction = await offered(stage, tokenless(registerMessage(stage, ghost)));
    const expected = { what: 'one for which nobody vouches', codes: [notAuthorized] };
    checkRefused(stage, 'C-REG-07', reaction, expected);
  },
});

/**
 * S-19: a device slipped in is noticed. No message is defined for it, so any that names it counts.
 */
const announced = defineCase({
  id: 'client/enrolment/a-further-device-is-announced',
  title: "A user's other devices are told of a new one, at once or when they are back",
  verifies: ['C-REG-10'],
  behaviour: ['C-REG-10'],
  readings: ['L-C19'],
  async run(stage) {
    const present = await stage.device();
    const { userId } = present.identity;
    const second = await stage.device({ userId });
    await checkTold(stage, present, second.identity.deviceId, 'a device that is connected');
    await present.connection.close();
    const third = await stage.device({ userId });
    const back = await present.reconnect();
    await checkTold(stage, back, third.identity.deviceId, 'a device that was away');
  },
});

async function checkTold(
  stage: Stage,
  { connection }: Awaited<ReturnType<Stage['device']>>,
  deviceId: string,
  what: string,
): Promise<void> {
  const heard = await connection.silence();
  const isTold = heard.some((one) => !('closed' in one) && one.text.includes(deviceId));
  stage.check('C-REG-10', isTold, {
    what: `the notice to ${what}`,
    expected: deviceId,
    got: heard.map((one) => ('closed' in one ? 'closed' : one.message.type)),
  });
}

const kexBound = defineCase({
  id: 'client/enrolment/the-exchange-key-is-signed',
  title: 'An exchange key that the device has not signed is refused',
  verifies: ['C-REG-09'],
  readings: ['L-E03', 'L-C19'],
  async run(stage) {
    const other = freshIdentity(stage);
    const { signingKey, exchangeKey, deviceId } = other;
    const changes = {
      'signed by another key': { signingKey },
      'signed for another exchange key': { exchangeKey },
      'signed for another device': { deviceId },
    };
    for (const [what, change] of Object.entries(changes)) {
      const identity = freshIdentity(stage);
      const kex_signature = kexSignature(stage, { ...identity, ...change });
      const reaction = await offered(stage, registerMessage(stage, identity, { kex_signature }));
      checkRefused(stage, 'C-REG-09', reaction, { what, codes: [invalidSignature] });
    }
    await (await negotiated(stage)).register(other);
  },
});

/** S-26. */
const badPoints = defineCase({
  id: 'client/enrolment/signing-keys-are-points-of-large-order',
  title: 'A signing key that is no canonical point of large order is refused',
  verifies: ['C-REG-02'],
  async run(stage) {
    for (const public_key of [...smallOrderSigningKeys, ...unusableSigningKeys]) {
      const offer = registerMessage(stage, freshIdentity(stage), { public_key });
      checkRefused(stage, 'C-REG-02', await offered(stage, offer), {
        what: `public_key ${public_key}`,
        codes: [invalidDevice],
      });
    }
  },
});

/** The first takes the token, the next are vouched for by it. */
async function enrolled(stage: Stage, count: number): Promise<DeviceIdentity> {
  const { identity } = await stage.device();
  for (let more = 1; more < count; more += 1) {
    await (await negotiated(stage)).register(freshIdentity(stage, identity.userId));
  }
  return identity;
}

function vouchedOffer(stage: Stage, owner: DeviceIdentity): DeviceRegister {
  const further = freshIdentity(stage, owner.userId);
  return registerMessage(stage, further, {
    authorizer: owner.deviceId,
    authorizer_signature: authorization(stage, further, owner.signingKey),
  });
}

const rate = defineCase({
  id: 'client/enrolment/four-registrations-in-an-hour-are-too-many',
  title: 'The fourth registration for a user within an hour is refused, and says for how long',
  verifies: ['X-RATE-03'],
  async run(stage) {
    const owner = await enrolled(stage, limits.registrationsPerHour);
    const reaction = await offered(stage, vouchedOffer(stage, owner));
    const expected = { what: 'the fourth registration', codes: [rateLimited] };
    checkRefused(stage, 'X-RATE-03', reaction, expected);
    const wait = reaction.error?.retry_after ?? 0;
    stage.check('X-RATE-03', wait > 0, {
      what: 'retry_after',
      expected: 'more than 0 s',
      got: wait,
    });
  },
});

const truthful = defineCase({
  id: 'client/enrolment/a-registration-after-the-wait-is-taken',
  title: 'A registration that waits as long as it was told is accepted',
  verifies: ['X-RATE-06'],
  behaviour: ['X-RATE-06'],
  needs: { waitsSeconds: 3600 },
  async run(stage) {
    const owner = await enrolled(stage, limits.registrationsPerHour);
    const refused = await offered(stage, vouchedOffer(stage, owner));
    const wait = refused.error?.retry_after ?? 0;
    await stage.pass(wait * 1000);
    const { others } = await offered(stage, vouchedOffer(stage, owner));
    const types = others.map(({ message }) => message.type);
    stage.check('X-RATE-06', wait > 0 && types.includes('registration_challenge'), {
      what: `a registration ${wait} s later`,
      expected: 'registration_challenge',
      got: types,
    });
  },
});

export const cases: readonly Case[] = [
  taken,
  sharedKey,
  ...unauthorised,
  vouched,
  announced,
  kexBound,
  badPoints,
  rate,
  truthful,
];
