/**
 * Chains that have been found sound (T 10.4, F 1.3). Only what does not change with time is
 * remembered; validity is judged at each use. Bounded: the oldest entry makes room.
 */
import { limits } from '../../../spec/limits.ts';
import type { CertificateDer } from '../../crypto/x509.ts';
import { type Micros, seconds } from '../../time.ts';
import type { Scope } from '../scope.ts';
import type { TrustState } from '../state.ts';
import type { ReadChain } from './chain.ts';

export interface ChainEntry {
  /** As it came: another chain above the same leaf is another chain. */
  readonly chain: readonly CertificateDer[];
  readonly read: ReadChain;
  readonly insertedAt: Micros;
}

/** T-CERT-12: strict at the boundary, now − inserted < ttl. */
export function knownChain(
  { state, context }: Scope,
  chain: readonly CertificateDer[],
): ReadChain | undefined {
  const [leaf = ''] = chain;
  const entry = state.validated.get(leaf);
  if (!entry || !isSame(entry.chain, chain)) return undefined;
  const ageMicros = context.now - entry.insertedAt;
  if (context.must('T-CERT-12', ageMicros < seconds(limits.chainCacheSeconds))) return entry.read;
  state.validated.delete(leaf);
  return undefined;
}

function isSame(a: readonly CertificateDer[], b: readonly CertificateDer[]): boolean {
  return a.length === b.length && a.every((der, at) => der === b[at]);
}

export function keepChain(
  { state, context }: Scope,
  chain: readonly CertificateDer[],
  read: ReadChain,
): void {
  state.validated.set(read.leaf, { chain: [...chain], read, insertedAt: context.now });
  if (state.validated.size <= limits.chainCacheEntries) return;
  const [oldest] = state.validated.keys();
  if (oldest !== undefined) state.validated.delete(oldest);
}

/** T-CERT-12: what has been revoked is not remembered as sound. */
export function forgetChains(state: TrustState, serverId: string): void {
  for (const [key, { read }] of state.validated) {
    if (read.leafFacts.dnsNames.includes(serverId)) state.validated.delete(key);
  }
}
