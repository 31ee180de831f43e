/** device_revoke as devices of ours send it (L-C07), and devices that are revoked. */
import type { JsonObject, SigningKey } from '../../../../../reference/crypto/crypto.ts';
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { DeviceRevoke } from '../../../../../spec/messages/common/device-revoke.ts';
import type { Device, DeviceIdentity } from '../../../actors/device.ts';
import type { Stage } from '../../../stage.ts';
import { reactionOf, secondsOf, told } from './reaction.ts';

export interface Revoking {
  readonly userId: string;
  readonly deviceId: string;
  /** A device id, `user_master`, or a server id. */
  readonly signer: string;
  readonly key: SigningKey;
  /** Members that differ, before it is signed. */
  readonly change?: JsonObject;
}

export function revokeMessage(stage: Stage, revoking: Revoking): DeviceRevoke {
  const { userId, deviceId, signer, key, change } = revoking;
  const unsigned = {
    type: 'device_revoke' as const,
    user_id: userId,
    device_id: deviceId,
    reason: 'lost' as const,
    effective: secondsOf(stage),
    signer,
    ...change,
  };
  return { ...unsigned, signature: stage.crypto.sign(key, unsigned) };
}

/** `owner` revokes a device of its user, itself perhaps. */
export function revocationBy(
  stage: Stage,
  owner: Pick<Device, 'identity'>,
  deviceId: string,
  change: JsonObject = {},
): DeviceRevoke {
  const { userId, deviceId: signer, signingKey: key } = owner.identity;
  return revokeMessage(stage, { userId, deviceId, signer, key, change });
}

/** It has no answer; the pong says that it has been dealt with. */
export async function revoke(stage: Stage, owner: Device, deviceId: string): Promise<void> {
  await owner.connection.send(revocationBy(stage, owner, deviceId));
  await owner.connection.silence();
}

export interface Revoked {
  readonly owner: Device;
  readonly revoked: DeviceIdentity;
}

/** A user with an active device, and one that it has revoked. */
export async function revokedDevice(stage: Stage): Promise<Revoked> {
  const owner = await stage.device();
  const device = await stage.device({ userId: owner.identity.userId });
  await revoke(stage, owner, device.identity.deviceId);
  return { owner, revoked: device.identity };
}

/** What was tried has not ended the session of this device. */
export async function checkAlive(
  stage: Stage,
  id: RequirementId,
  { connection }: Device,
  what: string,
): Promise<void> {
  const reaction = await reactionOf(connection);
  stage.check(id, reaction.closed === null && reaction.error === null, {
    what: `the session of the device after ${what}`,
    expected: 'open',
    got: told(reaction),
  });
}
