/**
 * Whom to seal for: the subject's directory for its own users, the roster for those of our servers.
 */
import type { ContentRecipient } from '../../../reference/crypto/crypto.ts';
import { type Micros, seconds, toSeconds } from '../../../reference/time.ts';
import type { DeviceKeys } from '../../../spec/messages/client/key-response.ts';
import type {
  kexSignatureMembers,
  SignedObject,
} from '../../../spec/messages/common/signed-objects.ts';
import type { DeviceConnection } from './device.ts';
import type { ActorEnvironment } from './environment.ts';
import { domainOf } from './roster.ts';
import { addressed } from './sealing.ts';

export interface Directory {
  /** Every live device of these users. */
  devicesOf(userIds: readonly string[]): Promise<readonly ContentRecipient[]>;
}

/** Age up to which answers are used again: many messages must not meet the limit of look-ups. */
const CACHED: Micros = seconds(60);

export function createDirectory(
  environment: ActorEnvironment,
  connection: DeviceConnection,
): Directory {
  const { roster, subject } = environment;
  const known = new Map<string, { edition: number; at: Micros; found: ContentRecipient[] }>();

  async function local(userIds: readonly string[]): Promise<readonly ContentRecipient[]> {
    if (userIds.length === 0) return [];
    const name = [...userIds].sort().join(' ');
    const before = known.get(name);
    const isFresh = before && subject.now() - before.at < CACHED;
    if (isFresh && before.edition === roster.edition) return before.found;
    const { edition } = roster;
    const found = await lookUp(environment, connection, userIds);
    known.set(name, { edition, at: subject.now(), found });
    return found;
  }

  return {
    async devicesOf(userIds) {
      const isLocal = (userId: string) => domainOf(userId) === subject.facts.serverId;
      const unique = [...new Set(userIds)];
      const foreign = unique.filter((userId) => !isLocal(userId));
      return [
        ...(await local(unique.filter(isLocal))),
        ...foreign.flatMap((userId) => roster.devicesOf(userId).map(addressed)),
      ];
    },
  };
}

async function lookUp(
  environment: ActorEnvironment,
  connection: DeviceConnection,
  userIds: readonly string[],
): Promise<ContentRecipient[]> {
  const requestId = environment.chance.uuid();
  await connection.send({
    type: 'key_request',
    request_id: requestId,
    user_ids: [...userIds],
    device_filter: 'active',
    include_revoked: false,
  });
  const passing = ['message_ack', 'message_received', 'presence_notification', 'device_revoke'];
  for (;;) {
    const { message } = await connection.receive('key_response', { passing });
    if (message.request_id !== requestId) continue; // an announcement of a new device
    return Object.entries(message.keys).flatMap(([userId, devices]) =>
      Object.entries(devices).flatMap(([deviceId, keys]) =>
        recipientOf(environment, { userId, deviceId, keys }),
      ),
    );
  }
}

interface Listed {
  readonly userId: string;
  readonly deviceId: string;
  readonly keys: DeviceKeys;
}

/** None for a device that must not be sealed to, or, at 1.0, cannot be. */
function recipientOf(environment: ActorEnvironment, listed: Listed): ContentRecipient[] {
  const { userId, deviceId, keys } = listed;
  const isLive = !keys.revoked && toSeconds(environment.subject.now()) < keys.expires_at;
  if (!isLive || keys.kex_public_key === undefined) return [];
  judgeKexSignature(environment, listed, keys.kex_public_key);
  return [{ userId, deviceId, exchangePublicKey: keys.kex_public_key }];
}

/** C-REG-09: without it a server could put a key of its own in the place of a device's. */
function judgeKexSignature(
  { judge, crypto }: ActorEnvironment,
  { userId, deviceId, keys }: Listed,
  kexPublicKey: string,
): void {
  const object: SignedObject<typeof kexSignatureMembers> = {
    type: 'device_kex_key',
    user_id: userId,
    device_id: deviceId,
    public_key: keys.public_key,
    kex_public_key: kexPublicKey,
  };
  const signature = keys.kex_signature ?? '';
  judge.demand('C-REG-09', crypto.verify(keys.public_key, object, signature), {
    what: `key_response lists a key exchange key that ${deviceId} has not signed`,
    expected: `a signature of ${keys.public_key}`,
    got: signature,
  });
}
