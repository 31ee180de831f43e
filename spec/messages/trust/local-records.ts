/**
 * Records that a server keeps about trust (T 2.1, T 2.2, T 10.1, T 10.4). They never travel; they
 * are declared so that stores, reports and other implementations agree on their form.
 */
import {
  anyOf,
  decimal,
  flag,
  integer,
  list,
  mapOf,
  oneOf,
  openObject,
  record,
  seconds,
  serverId,
  type TypeOf,
  text,
  uuid,
} from '../../schema.ts';
import { caTypes, complianceStandards, costLevels, keyAlgorithms } from './enumerations.ts';
import { norcTrustCertificate } from './norc-trust-certificate.ts';
import { permission, trustLevel, trustMethod } from './shared-records.ts';
import { trustAuditEvent } from './trust-audit-event.ts';
import { trustPolicies } from './trust-capabilities.ts';
import { trustCondition } from './trust-condition.ts';
import { trustRequest } from './trust-request.ts';
import { trustRevoke } from './trust-revoke.ts';

/** What a level asks for. The values are in registries/levels.yaml (L-T18). */
export const trustRequirements = record({
  fields: {
    level: trustLevel(),
    certificate_authority: oneOf(caTypes),
    key_algorithm: oneOf(keyAlgorithms),
    min_key_size: integer(), // bits
    certificate_transparency: flag(),
    compliance_standards: list(oneOf(complianceStandards), { max: 8, unique: true }),
    background_check: flag(),
  },
});
export type TrustRequirements = TypeOf<typeof trustRequirements>;

/** What a method can do. Caps are in registries/levels.yaml (L-T19). */
export const trustMethodSpec = record({
  fields: {
    method: trustMethod(),
    automatic: flag(),
    max_trust_level: trustLevel(),
    validation_time: seconds(),
    cost: oneOf(costLevels),
    revocation_support: flag(),
  },
});
export type TrustMethodSpec = TypeOf<typeof trustMethodSpec>;

/** One direction of trust as its holder sees it. What is enforced is permissions ∩ certificate. */
export const trustRelationship = record({
  fields: {
    server_id: serverId(),
    trust_level: trustLevel(),
    established_at: seconds(),
    expires_at: seconds(),
    permissions: list(permission(), { max: 7, unique: true }),
    conditions: list(trustCondition.schema, { max: 32 }),
    certificate: norcTrustCertificate.schema,
    last_verified: seconds(),
    trust_score: decimal(0, 100),
  },
});
export type TrustRelationship = TypeOf<typeof trustRelationship>;

/** Hit exactly while now − inserted_at < ttl (T-CERT-12). */
export const trustCacheEntry = record({
  fields: {
    key: text(256),
    value: anyOf(openObject(), text(65_536), integer(), flag()),
    inserted_at: seconds(),
    ttl: seconds(),
  },
});
export type TrustCacheEntry = TypeOf<typeof trustCacheEntry>;

export const trustState = record({
  fields: {
    trusted_servers: mapOf(serverId(), trustRelationship, { max: 100_000 }),
    pending_requests: mapOf(uuid(), trustRequest.schema, { max: 100_000 }),
    revoked_trusts: mapOf(uuid(), trustRevoke.schema, { max: 1_000_000 }), // by certificate_id
    trust_cache: list(trustCacheEntry, { max: 100_000 }),
    trust_policies: trustPolicies,
    audit_log: list(trustAuditEvent.schema, { max: 1_000_000 }),
  },
});
export type TrustState = TypeOf<typeof trustState>;
