/** Who may revoke trust, for which reason, and the chain of an issuer’s revocations (L-R03, L-R09). */
import type { VectorValue } from '../../../vector-file.ts';
import { type Draft, type Grounds, invalid, valid } from '../../category.ts';
import {
  base64url,
  filled,
  flip,
  fromBase64url,
  hex,
  seeded,
  seededUuid,
} from '../../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../../primitives/canonical-json.ts';
import { certificate, NOW } from '../../primitives/certificate.ts';
import { blake3 } from '../../primitives/hash.ts';
import { signed } from '../../primitives/signature.ts';
import { alice, bob, mallory } from '../../primitives/trust-run.ts';
import { eachChanged, eachDropped } from '../../variation.ts';
import { grounds } from './grounds.ts';

const certified = certificate(bob, alice, 'verified');

export const revoke = (change: JsonObject = {}): JsonObject => ({
  type: 'trust_revoke',
  revocation_id: seededUuid('trust revocation'),
  revoking_server: bob.name,
  target_server: alice.name,
  trust_certificate_id: certified.certificate_id ?? '',
  revocation_reason: 'policy_violation',
  effective_date: NOW,
  evidence: [],
  revocation_scope: 'full',
  partial_revocation_permissions: [],
  grace_period: 0,
  notification_recipients: [],
  transcript_hash: base64url(blake3(Uint8Array.from(Buffer.from('norc-t-handshake-v1')))),
  issued_at: NOW,
  revocation_sequence: 1,
  ...change,
});

const signedRevoke = (change: JsonObject = {}, key = bob.key): JsonObject =>
  signed(key, revoke(change), 'revocation_signature');

const bySubject = (change: JsonObject = {}): JsonObject =>
  signedRevoke(
    {
      revoking_server: alice.name,
      target_server: bob.name,
      revocation_reason: 'voluntary',
      ...change,
    },
    alice.key,
  );

export const authorize = (body: JsonObject, record: JsonObject = certified): VectorValue => ({
  function: 'authorize',
  message: body,
  certificate: record,
  issuer_public_key: hex(bob.key.public),
  subject_public_key: hex(alice.key.public),
});

export function authorities(): Draft[] {
  const right = signedRevoke();
  const { revocation_signature: signature, ...unsigned } = right;
  const bytes = fromBase64url(String(signature));
  const fixed = certificate(bob, alice, 'verified', { revocable: false });
  const forFixed = { trust_certificate_id: fixed.certificate_id ?? '' };
  const holds = (about: Grounds, name: string, body: JsonObject, record?: JsonObject): Draft =>
    valid(about, name, authorize(body, record));
  const refuse = (about: Grounds, name: string, body: JsonObject, record?: JsonObject): Draft =>
    invalid(about, `trust-${name}`, authorize(body, record));
  const reasons = ['compromised_key', 'policy_violation', 'voluntary', 'superseded', 'expired'];
  return [
    ...reasons.map((reason) =>
      holds(
        grounds.who,
        `trust-by-the-issuer-for-${reason.replaceAll('_', '-')}`,
        signedRevoke({ revocation_reason: reason }),
      ),
    ),
    ...reasons.map((revocation_reason) => {
      const isOwn = ['voluntary', 'compromised_key'].includes(revocation_reason);
      const name = `by-the-subject-for-${revocation_reason.replaceAll('_', '-')}`;
      const body = bySubject({ revocation_reason });
      return isOwn ? holds(grounds.who, `trust-${name}`, body) : refuse(grounds.who, name, body);
    }),
    ...reasons.map((revocation_reason) => {
      const isForCause = ['policy_violation', 'compromised_key'].includes(revocation_reason);
      const name = `not-revocable-for-${revocation_reason.replaceAll('_', '-')}`;
      const body = signedRevoke({ ...forFixed, revocation_reason });
      return isForCause
        ? holds(grounds.who, `trust-${name}`, body, fixed)
        : refuse(grounds.who, name, body, fixed);
    }),
    holds(grounds.who, 'trust-not-revocable-by-the-subject', bySubject(forFixed), fixed),
    refuse(
      grounds.who,
      'by-a-stranger',
      signedRevoke({ revoking_server: mallory.name }, mallory.key),
    ),
    refuse(grounds.who, 'by-a-stranger-in-the-name-of-the-issuer', signedRevoke({}, mallory.key)),
    refuse(grounds.who, 'by-the-subject-in-the-name-of-the-issuer', signedRevoke({}, alice.key)),
    refuse(
      grounds.who,
      'by-the-issuer-in-the-name-of-the-subject',
      signedRevoke({ revoking_server: alice.name, revocation_reason: 'voluntary' }),
    ),
    refuse(
      grounds.who,
      'of-another-certificate',
      signedRevoke({ trust_certificate_id: seededUuid('another certificate') }),
    ),
    ...[...eachChanged(unsigned), ...eachDropped(unsigned)].map(([what, changed]) =>
      refuse(grounds.trust, `${what}-after-signing`, {
        ...changed,
        revocation_signature: signature ?? null,
      }),
    ),
    ...[0, 31, 32, 63].map((at) =>
      refuse(grounds.trust, `signature-byte-${at}-changed`, {
        ...right,
        revocation_signature: base64url(flip(bytes, 8 * at)),
      }),
    ),
    refuse(grounds.trust, 'signature-missing', unsigned),
    refuse(grounds.trust, 'signature-zero', {
      ...right,
      revocation_signature: base64url(filled(64, 0)),
    }),
    refuse(grounds.trust, 'signature-under-another-name', signed(bob.key, revoke(), 'signature')),
    refuse(grounds.names, 'partial-without-names', signedRevoke({ revocation_scope: 'partial' })),
    holds(
      grounds.names,
      'trust-partial-with-a-name',
      signedRevoke({
        revocation_scope: 'partial',
        partial_revocation_permissions: ['voice_calls'],
      }),
    ),
    refuse(grounds.names, 'scope-unknown', signedRevoke({ revocation_scope: 'total' })),
  ];
}

function chained(count: number): JsonObject[] {
  const all: JsonObject[] = [];
  for (let at = 0; at < count; at += 1) {
    const before = all.at(-1);
    all.push(
      signedRevoke({
        revocation_id: seededUuid(`link ${at}`),
        revocation_sequence: at + 1,
        issued_at: NOW + at,
        prev_revocation_hash: base64url(before ? blake3(canonicalBytes(before)) : filled(32, 0)),
      }),
    );
  }
  return all;
}

export function chains(): Draft[] {
  const four = chained(4);
  const headOf = (all: readonly JsonObject[]): string =>
    hex(blake3(canonicalBytes(all.at(-1) ?? {})));
  const refuse = (name: string, messages: readonly JsonObject[]): Draft =>
    invalid(grounds.chain, `chain-${name}`, { function: 'verify-chain', messages });
  const [first = {}, second = {}] = four;
  const relinked = (change: JsonObject): JsonObject => signedRevoke({ ...second, ...change });
  return [
    ...[1, 2, 4].map((count) =>
      valid(
        grounds.chain,
        `chain-of-${count}`,
        { function: 'verify-chain', messages: four.slice(0, count) },
        { head: headOf(four.slice(0, count)) },
      ),
    ),
    ...[0, 1, 2].map((at) => refuse(`link-${at + 1}-withheld`, four.toSpliced(at, 1))),
    ...[0, 1, 2].map((at) =>
      refuse(
        `links-${at + 1}-and-${at + 2}-swapped`,
        four.with(at, four[at + 1] ?? {}).with(at + 1, four[at] ?? {}),
      ),
    ),
    ...four.map((link, at) => refuse(`link-${at + 1}-twice`, four.toSpliced(at, 0, link))),
    refuse('forked', [
      first,
      relinked({ prev_revocation_hash: base64url(seeded('another story', 32)) }),
    ]),
    refuse('second-with-zero-hash', [
      first,
      relinked({ prev_revocation_hash: base64url(filled(32, 0)) }),
    ]),
    refuse('second-without-hash', [first, relinked({ prev_revocation_hash: null })]),
    refuse('number-repeated', [first, relinked({ revocation_sequence: 1 })]),
    refuse('number-skipped', [first, relinked({ revocation_sequence: 3 })]),
    refuse('hash-without-the-signature', [
      first,
      relinked({
        prev_revocation_hash: base64url(
          blake3(canonicalBytes({ ...first, revocation_signature: null })),
        ),
      }),
    ]),
    refuse('begins-after-something', [
      signedRevoke({ ...first, prev_revocation_hash: base64url(seeded('something', 32)) }),
    ]),
    refuse('first-changed', [{ ...first, grace_period: 60 }, second]),
  ];
}
