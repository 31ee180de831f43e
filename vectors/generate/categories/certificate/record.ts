/** Members, signature, parties and validity (T-CERT-01 to T-CERT-04). */
import type { Draft } from '../../category.ts';
import { base64url, filled, flip, fromBase64url, hex } from '../../primitives/bytes.ts';
import type { JsonObject } from '../../primitives/canonical-json.ts';
import { certificate as issue, NOW, YEAR } from '../../primitives/certificate.ts';
import { signed } from '../../primitives/signature.ts';
import { alice, bob, mallory } from '../../primitives/trust-run.ts';
import { eachChanged, eachDropped } from '../../variation.ts';
import { grounds, holds, made, type Question, refuse } from './scene.ts';

export function records(): Draft[] {
  const right = made();
  const { signature: _, ...body } = right;
  const resigned = (changed: JsonObject): JsonObject => signed(bob.key, changed);
  const wrong: Readonly<Record<string, JsonObject>> = {
    'version-0': { version: 0 },
    'version-2': { version: 2 },
    'version-as-text': { version: '1' },
    'level-untrusted': { trust_level: 'untrusted', permissions: [] },
    'level-unknown': { trust_level: 'strong', permissions: [] },
    'key-algorithm-rsa-pss': { key_algorithm: 'rsa_pss' },
    'key-algorithm-none': { key_algorithm: 'none' },
    'signature-algorithm-rsa-pss': { signature_algorithm: 'rsa_pss' },
    'signature-algorithm-none': { signature_algorithm: 'none' },
    'another-type': { type: 'trust_decision' },
    'id-not-a-uuid': { certificate_id: 'certificate-1' },
    'key-of-31-bytes': { public_key: base64url(alice.key.public.slice(1)) },
  };
  return [
    ...eachDropped(body).map(([what, changed]) =>
      refuse(grounds.whole, `signed-with-${what}`, { certificate: resigned(changed) }),
    ),
    ...[...eachDropped(right), ...eachChanged(body)].map(([what, changed]) =>
      refuse(grounds.signature, `after-signing-${what}`, { certificate: changed }),
    ),
    ...Object.entries(wrong).map(([name, change]) =>
      refuse(grounds.whole, name, { certificate: made(change) }),
    ),
    refuse(grounds.signature, 'member-added-after-signing', {
      certificate: { ...right, note: 'x' },
    }),
    holds(grounds.signature, 'member-added-before-signing', { certificate: made({ note: 'x' }) }),
    holds(grounds.signature, 'null-member-added-after-signing', {
      certificate: { ...right, note: null },
    }),
  ];
}

export function signatures(): Draft[] {
  const right = made();
  const bytes = fromBase64url(String(right.signature));
  const with_ = (signature: Uint8Array): Partial<Question> => ({
    certificate: { ...right, signature: base64url(signature) },
  });
  return [
    ...[0, 20, 31, 32, 45, 63].map((at) =>
      refuse(grounds.signature, `signature-byte-${at}-changed`, with_(flip(bytes, 8 * at))),
    ),
    refuse(grounds.signature, 'signature-zero', with_(filled(64, 0))),
    refuse(grounds.signature, 'signature-cut', with_(bytes.slice(0, 63))),
    refuse(grounds.signature, 'signed-by-the-subject', { certificate: signed(alice.key, made()) }),
    refuse(grounds.signature, 'signed-by-a-stranger', { certificate: signed(mallory.key, made()) }),
    refuse(grounds.issuer, 'issued-by-a-stranger', {
      certificate: issue(mallory, alice, 'verified'),
    }),
    refuse(grounds.issuer, 'issued-in-the-name-of-another', {
      certificate: issue({ ...bob, name: mallory.name }, alice, 'verified'),
    }),
    refuse(grounds.issuer, 'issued-to-a-stranger', {
      certificate: issue(bob, mallory, 'verified'),
    }),
    refuse(grounds.issuer, 'issued-to-the-name-with-another-key', {
      certificate: issue(bob, { ...mallory, name: alice.name }, 'verified'),
    }),
    refuse(grounds.issuer, 'issued-to-the-key-under-another-name', {
      certificate: issue(bob, { ...alice, name: mallory.name }, 'verified'),
    }),
    refuse(grounds.issuer, 'issued-to-oneself', { certificate: issue(bob, bob, 'verified') }),
    refuse(grounds.issuer, 'shown-by-another-server', {
      subject_server: mallory.name,
      subject_public_key: hex(mallory.key.public),
    }),
    refuse(grounds.issuer, 'expected-of-another-issuer', { issuer_server: mallory.name }),
    refuse(grounds.issuer, 'the-other-direction', { certificate: issue(alice, bob, 'verified') }),
  ];
}

export function times(): Draft[] {
  const at = (name: string, now: number): Draft => {
    const isIn = now >= NOW && now < NOW + YEAR;
    return (isIn ? holds : refuse)(grounds.validity, name, { now });
  };
  return [
    at('at-the-first-second', NOW),
    at('a-second-before', NOW - 1),
    at('an-hour-before', NOW - 3600),
    at('at-the-last-second', NOW + YEAR - 1),
    at('at-the-end', NOW + YEAR),
    at('a-second-after', NOW + YEAR + 1),
    at('a-year-after', NOW + 2 * YEAR),
    at('at-no-time', 0),
    refuse(grounds.validity, 'ends-before-it-begins', {
      certificate: made({ not_before: NOW + YEAR, not_after: NOW }),
    }),
    refuse(grounds.validity, 'of-no-length', { certificate: made({ not_after: NOW }), now: NOW }),
    refuse(grounds.validity, 'in-milliseconds', {
      certificate: made({ not_before: NOW * 1000, not_after: (NOW + YEAR) * 1000 }),
    }),
  ];
}
