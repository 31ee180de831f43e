/**
 * What TLS needs on our side of a connection, made once: reading certificates and keys costs more
 * than a handshake, and a run connects hundreds of times with the same ones.
 */
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsIdentity } from '../ground.ts';

export interface ContextOptions {
  /** PEM; null: the roots of the system. */
  readonly roots: string | null;
  readonly maxTls: '1.2' | '1.3';
  readonly identity: TlsIdentity | null;
}

const anonymous = new Map<string, SecureContext>();
/** Forgotten with the peer whose identity it is. */
const identified = new WeakMap<TlsIdentity, Map<string, SecureContext>>();

export function contextFor(options: ContextOptions): SecureContext {
  const { identity, maxTls, roots } = options;
  const contexts = identity ? contextsOf(identity) : anonymous;
  const key = `${maxTls} ${roots ?? ''}`;
  const known = contexts.get(key);
  if (known) return known;
  const context = createSecureContext({
    // Lower than the protocol allows: to be refused is the subject's part (C-CONN-01, F-CONN-01).
    minVersion: 'TLSv1.2',
    maxVersion: maxTls === '1.2' ? 'TLSv1.2' : 'TLSv1.3',
    ...(roots !== null && { ca: roots }),
    ...(identity && { cert: identity.certificatesPem, key: identity.keyPem }),
  });
  contexts.set(key, context);
  return context;
}

function contextsOf(identity: TlsIdentity): Map<string, SecureContext> {
  const known = identified.get(identity);
  if (known) return known;
  const fresh = new Map<string, SecureContext>();
  identified.set(identity, fresh);
  return fresh;
}
