/**
 * Every member of every message of a device, spoilt one by one (spec/faults.ts): a family a message
 * and requirement. Each fault is sent where the honest message would be taken, so that a server
 * that overlooks it is seen to take it.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { type Fault, faultsOf } from '../../../../spec/faults.ts';
import { type MessageType, messageFor } from '../../../../spec/messages.ts';
import type { Device } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated, openingRequest, upgraded } from './steps/opening.ts';
import { couple } from './steps/people.ts';
import {
  authRequest,
  authResponse,
  challenged,
  freshIdentity,
  registerMessage,
  registrationChallenged,
  registrationResponse,
} from './steps/proofs.ts';
import {
  checkRefused,
  openingReaction,
  type Reaction,
  reactionOf,
  secondsOf,
} from './steps/reaction.ts';
import { revocationBy } from './steps/revoking.ts';

const { protocolError, cryptoError, notAuthorized } = errorCode.common;
const { invalidDevice, invalidSignature, encryptionFailed, algorithmUnsupported } =
  errorCode.client;

/** Sends one fault on a connection that has seen none, and says what became of it. */
type Trial = (fault: Fault) => Promise<Reaction>;

interface Family {
  readonly type: MessageType;
  /** Codes by which it may be refused. */
  readonly codes: readonly number[];
  /** Not judged here: the spoilt message would be refused for something else as well. */
  readonly except?: readonly RequirementId[];
  readonly prepare: (stage: Stage) => Promise<Trial>;
}

const plain = (message: object): JsonObject => JSON.parse(JSON.stringify(message));

/** A new session of the same device for every fault: only the first is answered (X-ERR-08). */
function inSession(compose: (stage: Stage, device: Device) => object): Family['prepare'] {
  return async (stage) => {
    const first = await stage.device();
    return async (fault) => {
      const device = await first.reconnect();
      await device.connection.sendRaw(fault.apply(plain(compose(stage, device))));
      const reaction = await reactionOf(device.connection);
      await device.connection.close();
      return reaction;
    };
  };
}

const families: readonly Family[] = [
  {
    type: 'connection_request',
    codes: [protocolError, cryptoError],
    except: ['X-AMC-17'], // no suite to agree on, too
    prepare: async (stage) => async (fault) => {
      const connection = await upgraded(stage);
      await connection.sendRaw(fault.apply(plain(openingRequest(stage))));
      return openingReaction(connection);
    },
  },
  {
    type: 'device_register',
    codes: [protocolError, invalidDevice],
    prepare: async (stage) => async (fault) => {
      const connection = await negotiated(stage);
      await connection.sendRaw(fault.apply(plain(registerMessage(stage, freshIdentity(stage)))));
      return reactionOf(connection);
    },
  },
  {
    type: 'registration_response',
    codes: [protocolError, invalidDevice, invalidSignature],
    prepare: async (stage) => async (fault) => {
      const identity = freshIdentity(stage);
      const connection = await negotiated(stage);
      const offer = registerMessage(stage, identity);
      const challenge = await registrationChallenged(connection, offer);
      const honest = registrationResponse(stage, challenge, { identity, connection });
      await connection.sendRaw(fault.apply(plain(honest)));
      return reactionOf(connection);
    },
  },
  {
    type: 'auth_request',
    codes: [protocolError, invalidSignature],
    except: ['X-CAN-06'], // stale, too; wire/numbers.ts has one that is not
    prepare: async (stage) => {
      const { identity } = await stage.device();
      return async (fault) => {
        const connection = await negotiated(stage);
        await connection.sendRaw(fault.apply(plain(authRequest(stage, identity))));
        return reactionOf(connection);
      };
    },
  },
  {
    type: 'auth_response',
    codes: [protocolError, invalidSignature],
    except: ['X-CAN-06'], // stale, too; wire/numbers.ts has one that is not
    prepare: async (stage) => {
      const { identity } = await stage.device();
      return async (fault) => {
        const connection = await negotiated(stage);
        const challenge = await challenged(stage, connection, identity);
        const honest = authResponse(stage, challenge, { identity, connection });
        await connection.sendRaw(fault.apply(plain(honest)));
        return reactionOf(connection);
      };
    },
  },
  {
    type: 'ping',
    codes: [protocolError],
    prepare: async (stage) => async (fault) => {
      const connection = await negotiated(stage);
      const timestamp = secondsOf(stage);
      await connection.sendRaw(fault.apply({ type: 'ping', timestamp }));
      return reactionOf(connection);
    },
  },
  {
    type: 'message_send',
    codes: [encryptionFailed, protocolError, algorithmUnsupported],
    prepare: async (stage) => {
      const { alice, bob, conversationId } = await couple(stage);
      let { connection } = alice;
      return async (fault) => {
        const to = [bob.identity.userId];
        const honest = await alice.composeMessage({ conversationId, to });
        await connection.sendRaw(fault.apply(plain(honest)));
        const reaction = await reactionOf(connection);
        // What is answered 3000 is answered once on a connection (X-ERR-08).
        const isSpent = reaction.error?.error_code === protocolError;
        if (isSpent) ({ connection } = await alice.reconnect());
        return reaction;
      };
    },
  },
  {
    type: 'message_ack',
    codes: [protocolError],
    prepare: inSession((stage) => ({
      type: 'message_ack',
      message_id: stage.uuid(),
      status: 'delivered',
      timestamp: stage.now(),
    })),
  },
  {
    type: 'read_receipt',
    codes: [protocolError],
    prepare: inSession((stage, { identity }) => ({
      type: 'read_receipt',
      message_id: stage.uuid(),
      conversation_id: stage.uuid(),
      read_by_device: identity.deviceId,
      timestamp: stage.now(),
    })),
  },
  {
    type: 'key_request',
    codes: [protocolError],
    prepare: inSession((stage, { identity }) => ({
      type: 'key_request',
      request_id: stage.uuid(),
      user_ids: [identity.userId],
      device_filter: 'all',
      include_revoked: false,
    })),
  },
  {
    type: 'conversation_create',
    codes: [protocolError, notAuthorized],
    prepare: inSession((stage, { identity }) => ({
      type: 'conversation_create',
      conversation_id: stage.uuid(),
      conversation_type: 'group',
      name: 'a conversation',
      participants: [{ user_id: identity.userId, role: 'owner' }],
      settings: { is_public: false, history_visible: false, max_members: 9 },
    })),
  },
  {
    type: 'device_revoke',
    codes: [protocolError],
    prepare: inSession((stage, device) => revocationBy(stage, device, stage.uuid())),
  },
  {
    type: 'extension',
    codes: [protocolError],
    prepare: inSession(() => ({
      type: 'extension',
      extension_id: 'example.unknown',
      extension_version: '1.0',
      extension_data: 'AAAA',
    })),
  },
];

/** In the order in which the faults name their requirements. */
function familyCases(family: Family): readonly Case[] {
  const faults = faultsOf(messageFor(family.type));
  return [...new Set(faults.map(({ requirement }) => requirement))]
    .filter((requirement) => !family.except?.includes(requirement))
    .map((requirement) => {
      const own = faults.filter((fault) => fault.requirement === requirement);
      return familyCase(family, requirement, own);
    });
}

function familyCase(
  { type, codes, prepare }: Family,
  requirement: RequirementId,
  faults: readonly Fault[],
): Case {
  return defineCase({
    id: `client/malformed/${type.replaceAll('_', '-')}/${requirement.toLowerCase()}`,
    title: `${type} with a member that breaks ${requirement} is refused`,
    verifies: [requirement],
    readings: requirement === 'X-AMC-17' ? ['L-V12'] : [],
    // At 1.0 the absence of what the published documents lack is tolerated (L-V12).
    ...(faults.every(({ since }) => since === '1.1') && { at: ['1.1', '2.0'] as const }),
    async run(stage) {
      const judged = faults.filter(({ since }) => since === '1.0' || stage.at !== '1.0');
      const attempt = await prepare(stage);
      for (const fault of judged) {
        const what = `${type}.${fault.path.join('.')}: ${fault.fault}`;
        checkRefused(stage, requirement, await attempt(fault), { what, codes });
      }
    },
  });
}

export const cases: readonly Case[] = families.flatMap(familyCases);
