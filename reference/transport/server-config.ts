/** From what an operator sets to what a node is told. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority, EvidencePolicy, ServerConfig } from '../config.ts';
import type { Crypto } from '../crypto/crypto.ts';
import type { CertificateDer } from '../crypto/x509.ts';
import { capabilitiesOf, SUITES } from '../node/built.ts';
import type { Settings } from './settings.ts';

const PSEUDONYM_KEY_BYTES = 32;

/** The data directory must be ours already: the pseudonym key is made there. */
export function serverConfigOf(settings: Settings, crypto: Crypto): ServerConfig {
  const { serverId, federation, authorities, versions, enrolmentTokens, peers, policy } = settings;
  return {
    serverId,
    identity: crypto.signingKey(federation.seed),
    certificateChain: federation.chain,
    authorities: authoritiesOf(authorities, policy.evidence),
    versions: { client: versions, federation: versions, trust: versions },
    suites: SUITES,
    capabilities: {
      client: capabilitiesOf('client'),
      federation: capabilitiesOf('federation'),
    },
    enrolmentTokens,
    peers,
    policy,
    pseudonymKey: pseudonymKeyIn(settings.dataDirectory),
  };
}

/** T 2.1: a root is a company's unless policy knows it as more. */
export function authoritiesOf(
  roots: readonly CertificateDer[],
  { governmentAuthorities, natoAuthorities }: EvidencePolicy,
): Authority[] {
  return roots.map((certificate) => {
    const der = Buffer.from(certificate, 'base64url');
    const fingerprint = createHash('sha256').update(der).digest('base64url');
    if (natoAuthorities.includes(fingerprint)) return { certificate, kind: 'nato_ca' };
    const isPublic = governmentAuthorities.includes(fingerprint);
    return { certificate, kind: isPublic ? 'government_ca' : 'commercial_ca' };
  });
}

/** X-AUD-03: one user keeps one pseudonym for as long as the data are kept. */
function pseudonymKeyIn(directory: string): Uint8Array {
  const file = join(directory, 'pseudonym.key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(PSEUDONYM_KEY_BYTES), { mode: 0o600 });
  const key = Uint8Array.from(readFileSync(file));
  if (key.length === PSEUDONYM_KEY_BYTES) return key;
  throw new Error(`${file}: not a key of 32 bytes; remove it, and pseudonyms start anew`);
}
