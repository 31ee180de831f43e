/**
 * What a sender may choose freely, so that a message with another value there is as honest as the one
 * without; and which messages a subject may take twice. Whatever is in neither table must be refused.
 */
import { createMust } from '../../reference/assert.ts';
import { isObject, type Json, type JsonObject } from '../../reference/wire/json.ts';
import { createValidator } from '../../reference/wire/validate.ts';
import { capabilityNames } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import { isMessageType } from '../../spec/messages.ts';
import { valueAt } from './mutate.ts';
import type { Hand, Mutation } from './mutation.ts';
import type { ScriptName } from './script.ts';
import type { Crossing } from './tampering.ts';

interface Choice {
  readonly message: string;
  /** Where the same message means less than elsewhere. */
  readonly script?: ScriptName;
  /** And all below it. */
  readonly path: string;
  /** Requirement or ledger entry that leaves it to the sender. */
  readonly because: string;
  /** No signature covers it: whoever could reach into TLS could change it as well. */
  readonly isBare?: true;
  /** The origin does not sign it: each hop says its own. */
  readonly isOnward?: true;
  /** Which values are left to it, `honest` being the one it would have sent. Absent: all valid ones. */
  readonly among?: (value: Json | undefined, honest: Json | undefined) => boolean;
}

const choose = (message: string, because: string, ...paths: string[]): Choice[] =>
  paths.map((path) => ({ message, path, because }));

const bare = (message: string, because: string, ...paths: string[]): Choice[] =>
  paths.map((path) => ({ message, path, because, isBare: true }));

const isDomainAnswer = (value: Json | undefined): boolean =>
  value !== undefined && isObject(value) && value.type === 'domain_ownership';

/** Nobody has a feature that the registry does not know. */
const areCapabilities = (value: Json | undefined): boolean =>
  Array.isArray(value) && value.every((name) => capabilityNames.some((known) => known === name));

/** The certificate ends no later than that after the honest date (T-ACK-04). */
const isBeforeItsEnd = (value: Json | undefined, honest: Json | undefined): boolean =>
  Number(value) <= Number(honest) + limits.renewalLeadSeconds;

const choices: readonly Choice[] = [
  ...choose('connection_request', 'X-AMC-02', 'client_versions', 'preferred_version'),
  ...choose('connection_request', 'X-CS-02', 'cipher_suites', 'pq_public_key'),
  ...choose('connection_request', 'C-CONN-08', 'capabilities'),
  // What it has drawn is its own; whoever is on the path breaks the transcript (X-TRN-01).
  ...choose('connection_request', 'L-H01', 'client_nonce', 'ephemeral_public_key'),
  ...bare('device_register', 'C-REG-01', 'device_info', 'user_master_public_key'),
  ...bare('device_register', 'L-C02', 'proof_of_work'),
  // Either of the two authorities is enough, and the honest device has shown the other.
  ...bare('device_register', 'L-C01', 'authorizer', 'authorizer_signature'),
  ...bare('auth_request', 'L-C03', 'signature'),
  ...bare('auth_request', 'C-AUTH-01', 'client_version'),

  ...choose('federation_handshake', 'F-HS-02', 'protocol_version', 'supported_versions'),
  ...choose('federation_handshake', 'F-HS-05', 'capabilities'),
  ...choose('federation_handshake', 'X-CS-02', 'cipher_suites', 'pq_public_key'),
  ...choose('federation_handshake', 'X-AMC-14', 'norc_t_versions'),
  ...choose('federation_handshake', 'L-H01', 'client_nonce', 'ephemeral_public_key'),
  ...choose('federation_handshake', 'L-H13', 'trust_certificate_id'),
  ...choose(
    'federation_handshake',
    // Trust comes after the link: a stranger has no level that could be too low (F-HS-04).
    'F-HS-03',
    'compatibility_requirements.optional_features',
    'compatibility_requirements.min_trust_level',
  ),
  {
    message: 'federation_handshake',
    path: 'compatibility_requirements.required_features',
    because: 'F-HS-03',
    among: areCapabilities,
  },
  ...choose('trust_status', 'F-TRUST-06', 'trust_level_required'),

  ...choose('message_relay', 'F-RELAY-01', 'federation_id', 'message_id', 'message_type'),
  // What the devices check, who alone can open it (L-F07): its place and its sender's device.
  ...choose('message_relay', 'L-E12', 'conversation_id', 'sequence_number', 'prev_message_hash'),
  ...choose('message_relay', 'L-F07', 'sender_device_id'),
  ...choose('message_relay', 'L-F06', 'relay_sequence'),
  ...choose('message_relay', 'L-F05', 'max_hops', 'metadata.ttl'),
  ...choose('message_relay', 'F-RELAY-09', 'metadata.original_timestamp'),
  ...choose('message_relay', 'F-RELAY-14', 'metadata.delivery_requirements', 'metadata.priority'),
  {
    ...{ message: 'message_relay', path: 'metadata.federation_timestamp', isOnward: true },
    because: 'L-F02',
  },
  // At 1.0 it may be absent (L-V12); where it is there, it is of the origin (F-RELAY-18).
  {
    message: 'message_relay',
    path: 'sender_user_id',
    because: 'L-V12',
    among: (value) => value === undefined,
  },

  ...choose(
    'trust_capabilities',
    'T-CAP-03',
    'supported_methods',
    'supported_trust_levels',
    'certificate_authorities',
    'key_algorithms',
    'compliance_certifications',
  ),
  ...choose('trust_capabilities', 'X-AMC-14', 'protocol_version', 'supported_versions'),
  ...choose('trust_capabilities', 'T-CAP-04…T-CAP-08', 'trust_policies'),
  ...choose('trust_capabilities', 'T-CAP-09', 'build_attestation_hash', 'software_sbom_hash'),
  ...choose('trust_capabilities', 'T-CAP-10', 'pq_kem_support'),

  ...choose('trust_request', 'T-REQ-05', 'request_id'),
  ...choose('trust_request', 'T-CAP-03', 'requested_trust_level', 'trust_method'),
  ...choose('trust_request', 'L-T03', 'domain_proof'),
  ...choose('trust_request', 'T-REQ-09', 'compliance_attestations', 'organization_info'),
  ...choose('trust_request', 'T-REQ-10', 'trust_requirements'),
  // Asked for only where the leaf of the chain holds another key.
  ...choose('trust_request', 'L-T06', 'key_binding'),

  // The deadline is judged by the clock of the challenger (T-CHAL-06), the record by its own look-up.
  ...choose('trust_response', 'T-CHAL-06', 'timestamp'),
  ...choose('trust_response', 'T-RESP-07', 'organization_proofs'),
  {
    message: 'trust_response',
    path: 'challenge_responses.0',
    because: 'T-RESP-04',
    among: isDomainAnswer,
  },

  {
    message: 'trust_acknowledgment',
    path: 'next_renewal_date',
    because: 'T-ACK-04',
    among: isBeforeItsEnd,
  },

  // The successor goes on where its predecessor is: dates and direction stand (L-R10).
  ...['effective_date', 'mutual_trust_established'].map((path) => ({
    ...{ message: 'trust_acknowledgment', script: 'renewal' as const },
    ...{ path, because: 'L-R10' },
  })),
  // Where trust is not mutual there is nothing to hand over, and nothing is taken.
  {
    message: 'trust_acknowledgment',
    path: 'trust_certificate',
    because: 'L-S04',
    among: (_, honest) => honest === undefined,
  },

  ...choose('norc_trust_certificate', 'T-CERT-13', 'certificate_id'),
  ...choose('norc_trust_certificate', 'T-ACK-05', 'trust_level', 'permissions'),
  ...choose('norc_trust_certificate', 'T-CERT-03', 'not_before', 'not_after'),
  ...choose('norc_trust_certificate', 'T-CERT-15', 'renewable', 'revocable'),
  ...choose('norc_trust_certificate', 'T-CERT-06', 'conditions'),
  ...choose('norc_trust_certificate', 'T-CERT-14', 'extensions'),

  ...choose('trust_renewal', 'T-REN-05', 'renewal_id'),
  ...choose('trust_renewal', 'T-REN-03', 'renewal_reason'),
  // What is wider brings a challenge, and what is narrower is granted (T-REN-04).
  ...choose('trust_renewal', 'T-REN-04', 'requested_trust_level', 'changes_requested'),
  ...choose('trust_renewal', 'T-REQ-09', 'compliance_updates'),
  // Without a key it is a proof of nothing (T-REN-06).
  ...choose('trust_renewal', 'T-REN-06', 'new_key_signature'),
  // Evidence for the same scope and key was judged by the establishment.
  ...choose('trust_renewal', 'T-REN-04', 'updated_certificates'),

  // An unseen revocation is always applied (L-R12): only who revokes what is judged.
  ...choose('trust_revoke', 'L-R12', 'revocation_id', 'issued_at', 'revocation_sequence'),
  ...choose('trust_revoke', 'L-R09', 'prev_revocation_hash'),
  ...choose('trust_revoke', 'L-R02', 'revocation_reason', 'evidence'),
  ...choose('trust_revoke', 'L-R04', 'effective_date', 'grace_period'),
  ...choose('trust_revoke', 'L-R05', 'revocation_scope', 'partial_revocation_permissions'),
  // It goes to peers too, so the server that reads it need not be the one that it names.
  ...choose('trust_revoke', 'L-R07', 'notification_recipients', 'target_server'),
];

interface Repeat {
  readonly message: string;
  readonly because: string;
  /** Another message of the type is no repeat. */
  readonly isSame?: true;
}

const repeats: readonly Repeat[] = [
  // They are never answered by another (X-ERR-05).
  { message: 'error', because: 'X-ERR-05' },
  { message: 'federation_error', because: 'X-ERR-05' },
  // They open a challenge, or another one in its place, and grant nothing.
  { message: 'device_register', because: 'C-REG-04' },
  { message: 'auth_request', because: 'C-AUTH-02' },
  // The same again has the same answer and no other effect; the script counts what is delivered.
  { message: 'message_relay', because: 'F-ACK-03', isSame: true },
  { message: 'trust_renewal', because: 'T-REN-05', isSame: true },
];

export interface Change {
  readonly script: ScriptName;
  readonly type: string;
  readonly honest: JsonObject | undefined;
  readonly sent: JsonObject | undefined;
  /** All that has made a difference to it. */
  readonly by: readonly Mutation[];
  readonly version: string;
}

/** True when a valid message differs from the honest one only in what its sender may choose. */
export function isChoice({ script, type, honest, sent, by: all, version }: Change): boolean {
  const by = all.filter((mutation) => !isLawfulOffer(mutation, version));
  if (by.length === 0) return true;
  if (!honest || !sent || !by.every((mutation) => 'hand' in mutation)) return false;
  if (!validate(sent, version).ok) return false;
  const areBy = (...hands: Hand[]): boolean =>
    by.every((mutation) => 'hand' in mutation && hands.includes(mutation.hand));
  return differences(honest, sent).every((path) =>
    rowsFor(script, type, path).some(({ among, isBare, isOnward, path: whole }) => {
      const isTheirs = areBy('peer') || (isOnward === true && areBy('peer', 'hop'));
      if (!isTheirs && !isBare) return false;
      const place = whole.split('.');
      return !among || among(valueAt(sent, place), valueAt(honest, place));
    }),
  );
}

/** C-CONN-03: one of those offered is chosen, and what else there was is as good as not offered. */
function isLawfulOffer(mutation: Mutation, version: string): boolean {
  if (mutation.kind !== 'offer' || mutation.message !== 'connection_request') return false;
  const names = [version, version.split('.')[0]].map((each) => `norc-c-json-v${each}`);
  return mutation.offer.some((each) => names.includes(each));
}

const validate = createValidator({ must: createMust() });

/** Where two values differ, as deep as both have something. */
function differences(a: Json | undefined, b: Json | undefined, path = ''): readonly string[] {
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) {
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  }
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  return [...names].flatMap((name) => differences(a[name], b[name], below(name)));
}

const isContainer = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null;

const rowsFor = (script: ScriptName, type: string, path: string): readonly Choice[] =>
  choices.filter(
    (row) =>
      row.message === type &&
      (row.script ?? script) === script &&
      (path === row.path || path.startsWith(`${row.path}.`)),
  );

/** Whether a message that comes besides may be answered as if it were honest. */
export function isRepeatable(extra: Crossing, crossings: readonly Crossing[]): boolean {
  // Unknown types are ignored (X-ERR-06).
  if (!isMessageType(extra.type)) return true;
  const row = repeats.find(({ message }) => message === extra.type);
  if (!row) return false;
  const isSame = (other: Crossing): boolean =>
    other !== extra && other.to === 'subject' && other.text === extra.text;
  return row.isSame !== true || crossings.some(isSame);
}
