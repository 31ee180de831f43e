/**
 * What a device says of itself (profile 1.0, C 3.1). Type and capabilities are open: unknown types
 * count as `unknown`, unknown capabilities are ignored (L-C11, L-X06).
 */
import {
  anyOf,
  capabilities,
  literal,
  publicKey,
  record,
  seconds,
  signature,
  type TypeOf,
  text,
  userId,
  uuid,
} from '../../schema.ts';

/** The types that have a meaning; `phone`, the master's word, counts as `smartphone` (L-C11). */
export const deviceTypes = ['smartphone', 'tablet', 'desktop', 'server', 'iot', 'unknown'] as const;

export const platform = record({
  fields: { os: text(64), version: text(64), app_version: text(64) },
});
export type Platform = TypeOf<typeof platform>;

export const deviceInfo = record({
  fields: { name: text(128), type: text(32), capabilities: capabilities() },
  // Only the layer document has it.
  optional: { platform },
});
export type DeviceInfo = TypeOf<typeof deviceInfo>;

export const deviceIdentity = record({
  fields: {
    device_id: uuid(),
    public_key: publicKey(),
    creation_time: seconds(),
    device_info: deviceInfo,
  },
  added: { user_id: userId(), kex_public_key: publicKey(), kex_signature: signature() },
});
export type DeviceIdentity = TypeOf<typeof deviceIdentity>;

/**
 * Who vouches for a new device of a user: the user's master key, or an active device (L-C01, L-C19).
 * Its signature is over deviceAuthorizationMembers.
 */
export const authorizer = () => anyOf(literal('user_master'), uuid());
