import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  blake3Hash,
  capabilities,
  flag,
  list,
  oneOf,
  record,
  seconds,
  serverId,
  signature,
  text,
  versionText,
} from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { keyAlgorithms } from './enumerations.ts';
import { transcriptHash, trustLevel, trustMethod } from './shared-records.ts';

export const trustPolicies = record({
  fields: {
    auto_accept_basic: flag(),
    require_manual_approval: flag(),
    trust_inheritance: flag(),
    max_trust_age: seconds(),
    version_compatibility: record({
      fields: {
        enforce_amc: flag(),
        allow_downgrade: flag(),
        require_latest_minor: flag(),
      },
    }),
  },
});

/**
 * T1. Each side's offer. Both are the first entries of the running transcript, so a stripped entry
 * breaks the first signature that follows (L-H03, X-TRN-08).
 */
export const trustCapabilities = defineMessage({
  type: 'trust_capabilities',
  row: 'T1',
  layer: 'trust',
  code: 0x9f,
  direction: 'server-to-server',
  legalIn: controlStates,
  answeredBy: ['trust_capabilities', 'federation_error'],
  signed: { member: 'signature', by: 'server_id', added: true },
  aliases: ['trust_capability'],
  shape: 'T-CAP-01',
  source: ['T 3.1', 'T App A.2', 'T App A.6'],
  readings: ['L-V11', 'L-V13', 'L-T07', 'L-T08', 'L-H03', 'L-H11', 'L-W03'],
  summary: 'Advertises versions, methods, levels, authorities and policy.',
  fields: {
    protocol_version: versionText(),
    supported_versions: list(versionText(), { min: 1, max: limits.listedVersions }),
    server_id: serverId(),
    supported_methods: list(trustMethod(), { max: 16, unique: true }),
    supported_trust_levels: list(trustLevel(), { max: 8, unique: true }),
    certificate_authorities: list(text(256), { max: 256 }),
    key_algorithms: list(oneOf(keyAlgorithms, 'T-LVL-07'), { max: 8, unique: true }),
    compliance_certifications: list(text(64), { max: 64 }), // unknown ones earn nothing
    trust_policies: trustPolicies,
  },
  added: {
    transcript_hash: transcriptHash(),
    signature: signature(),
  },
  optional: {
    build_attestation_hash: blake3Hash(),
    software_sbom_hash: blake3Hash(),
    // No document names the member; the atoms are those of L-H11.
    pq_kem_support: capabilities(),
  },
});
export type TrustCapabilities = MessageOf<typeof trustCapabilities>;
