/**
 * The configuration of a reference server that runs in this process: what its start contract says
 * (choices.md), without environment and files.
 */
import { defaultPolicy, type Policy, type ServerConfig } from '../../../reference/config.ts';
import type { Crypto } from '../../../reference/crypto/crypto.ts';
import type { Authority, IssuedIdentity } from '../authority.ts';
import type { PolicyChange } from '../case.ts';

export const SUBJECT_ID = 'subject.conformance.test';
export const ENROLMENT_TOKEN = 'conformance-enrolment-token';

const VERSIONS = ['1.0', '1.1', '2.0'];

export interface SubjectParts {
  readonly authority: Authority;
  readonly identity: IssuedIdentity;
  readonly crypto: Crypto;
  readonly policy: PolicyChange;
  /** Null: all it speaks. */
  readonly versions: readonly string[] | null;
  readonly pseudonymKey: Uint8Array;
}

export function subjectConfig(parts: SubjectParts): ServerConfig {
  const { authority, identity, crypto, pseudonymKey } = parts;
  const versions = parts.versions ?? VERSIONS;
  return {
    serverId: SUBJECT_ID,
    identity: crypto.signingKey(identity.signingKeySeed ?? new Uint8Array(32)),
    certificateChain: identity.chain,
    authorities: [{ certificate: authority.rootDer, kind: 'commercial_ca' }],
    versions: { client: versions, federation: versions, trust: versions },
    suites: ['0001', '0101'],
    capabilities: {
      client: ['messaging', 'e2ee', 'federation'],
      federation: ['federation', 'message_relay'],
    },
    enrolmentTokens: [ENROLMENT_TOKEN],
    peers: [],
    policy: policyWith(parts.policy),
    pseudonymKey,
  };
}

/** Members named in the change replace those of the default; `trust` member by member. */
function policyWith(change: PolicyChange): Policy {
  const trust = { ...defaultPolicy.trust, ...(change.trust as Partial<Policy['trust']>) };
  return { ...defaultPolicy, ...change, trust };
}
