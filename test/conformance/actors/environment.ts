/** What all actors of one case share: the subject, the judge, the record, entropy and names. */
import type { Crypto, SigningKey } from '../../../reference/crypto/crypto.ts';
import { bytesOf } from '../../../reference/wire/base64url.ts';
import type { Authority } from '../authority.ts';
import type { ProtocolVersion } from '../case.ts';
import type { RunningSubject } from '../ground.ts';
import type { Chains } from './chains.ts';
import type { DeviceIdentity } from './device.ts';
import type { Exchange } from './exchange.ts';
import type { Judge } from './judge.ts';
import type { Roster } from './roster.ts';

export interface ActorEnvironment {
  readonly subject: RunningSubject;
  /** The version that actors offer unless told otherwise. */
  readonly at: ProtocolVersion;
  readonly crypto: Crypto;
  readonly authority: Authority;
  readonly judge: Judge;
  readonly exchange: Exchange;
  readonly roster: Roster;
  readonly chains: Chains;
  /** Servers of ours by name: the origin of a relay may be another one than its last hop. */
  readonly servers: Map<string, { readonly key: SigningKey; readonly user: DeviceIdentity }>;
  readonly chance: Chance;
  /** `device` → `device 1`, `device 2`, … */
  label(kind: string): string;
  /** To be closed when the case ends. */
  opened(resource: { close(): Promise<void> }): void;
  /** Something went wrong where nobody waits: whoever waits next is told. */
  trouble(error: unknown): void;
  /** Throws the first trouble that nobody has been told of. */
  surface(): void;
}

/** Unpredictable to the subject, repeatable from the run's seed. */
export interface Chance {
  entropy(lengthBytes: number): Uint8Array;
  /** Lowercase, version 4. */
  uuid(): string;
  /** A domain name that no other case uses. */
  domain(hint: string): string;
  /** The local part of a user id that no other case uses. */
  localName(hint: string): string;
}

export const defaultWithinMs = 5000;

export function createChance(crypto: Crypto, seed: string, caseId: string): Chance {
  const tag = Buffer.from(bytesOf(crypto.hash({ seed, case: caseId, use: 'names' })))
    .toString('hex')
    .slice(0, 10);
  let drawn = 0;
  let named = 0;

  function entropy(lengthBytes: number): Uint8Array {
    const bytes = new Uint8Array(lengthBytes);
    for (let filled = 0; filled < lengthBytes; filled += 32) {
      drawn += 1;
      const block = bytesOf(crypto.hash({ seed, case: caseId, use: 'entropy', drawn }));
      bytes.set(block.subarray(0, Math.min(32, lengthBytes - filled)), filled);
    }
    return bytes;
  }

  const name = (hint: string): string => {
    named += 1;
    return `${hint.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}-${tag}-${named}`;
  };

  return {
    entropy,
    uuid: () => uuidOf(entropy(16)),
    domain: (hint) => `${name(hint)}.norc.test`,
    localName: name,
  };
}

/** RFC 9562 section 5.4: four bits say the version, two the variant. */
function uuidOf(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}

export interface Resources {
  opened(resource: { close(): Promise<void> }): void;
  /** Last opened first; one that cannot be closed does not keep the others open. */
  closeAll(): Promise<void>;
}

export function createResources(): Resources {
  const open: { close(): Promise<void> }[] = [];
  return {
    opened: (resource) => void open.push(resource),
    async closeAll() {
      while (open.length > 0)
        await open
          .pop()
          ?.close()
          .catch(() => undefined);
    },
  };
}

export interface Troubles {
  trouble(error: unknown): void;
  surface(): void;
}

export function createTroubles(): Troubles {
  const untold: unknown[] = [];
  return {
    trouble: (error) => void untold.push(error),
    surface() {
      if (untold.length === 0) return;
      throw untold.shift();
    },
  };
}
