/**
 * The configuration of a reference server that runs in this process: what its start contract says
 * (choices.md), without environment and files.
 */
import { invariant } from '../../../reference/assert.ts';
import type { Policy, ServerConfig } from '../../../reference/config.ts';
import type { Crypto, JsonObject } from '../../../reference/crypto/crypto.ts';
import { capabilitiesOf, SUITES } from '../../../reference/node/built.ts';
import { readPolicy } from '../../../reference/node/policy.ts';
import { authoritiesOf } from '../../../reference/transport/server-config.ts';
import { versionNames } from '../../../spec/emitted/versions.ts';
import type { Authority, IssuedIdentity } from '../authority.ts';
import type { PolicyChange } from '../case.ts';
import { suitePolicy } from '../targets/suite-policy.ts';

export const SUBJECT_ID = 'subject.conformance.test';
export const ENROLMENT_TOKEN = 'conformance-enrolment-token';

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
  const versions = parts.versions ?? versionNames;
  const policy = policyWith(suitePolicy(authority, parts.policy));
  return {
    serverId: SUBJECT_ID,
    identity: crypto.signingKey(identity.signingKeySeed ?? new Uint8Array(32)),
    certificateChain: identity.chain,
    authorities: authoritiesOf(authority.rootDers, policy.evidence),
    versions: { client: versions, federation: versions, trust: versions },
    suites: SUITES,
    capabilities: { client: capabilitiesOf('client'), federation: capabilitiesOf('federation') },
    enrolmentTokens: [ENROLMENT_TOKEN],
    peers: [],
    policy,
    pseudonymKey,
  };
}

/** Judged like the policy file of a subject: what it may not hold is the case's mistake. */
function policyWith(change: PolicyChange): Policy {
  const { policy, faults } = readPolicy(change as JsonObject);
  invariant(faults.length === 0, faults.join('; '));
  return policy;
}
