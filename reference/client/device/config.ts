/** What a device is told before it starts. */
import type { ExchangeKey, PublicKey, SigningKey } from '../../crypto/crypto.ts';

export interface DeviceConfig {
  readonly userId: string;
  readonly deviceId: string;
  readonly serverId: string;
  readonly signingKey: SigningKey;
  readonly exchangeKey: ExchangeKey;
  readonly versions: readonly string[];
  readonly suites: readonly string[];
  readonly capabilities: readonly string[];
  readonly name: string;
  readonly kind: string;
  /** The server key where it is known beforehand; null: trust on first use (C-REG-08). */
  readonly serverKey: PublicKey | null;
  /** The user's master key (L-C07), offered with the first device. */
  readonly masterKey: PublicKey | null;
  readonly policy: DevicePolicy;
}

export interface DevicePolicy {
  /** Whether a message is confirmed when it is shown, or by command. */
  readonly acknowledge: 'automatic' | 'manual';
  readonly reconnect: 'automatic' | 'manual';
  /** A new device of a known user that nobody vouches for: show a warning, or never seal to it. */
  readonly unvouched: 'warn' | 'refuse';
  /** Refuse a lower version than the last one with this server (L-V13). */
  readonly downgrade: 'refuse' | 'accept';
}

export const defaultDevicePolicy: DevicePolicy = {
  acknowledge: 'automatic',
  reconnect: 'automatic',
  unvouched: 'warn',
  downgrade: 'refuse',
};
