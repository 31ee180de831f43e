/** Faults of capabilities, request and challenge (L-T03, L-T04, L-T19, L-T21). */
import type { Draft, Grounds } from '../../category.ts';
import { base64url, filled, seeded, seededUuid } from '../../primitives/bytes.ts';
import type { JsonObject } from '../../primitives/canonical-json.ts';
import { alice, mallory, type TrustRun, trustRun } from '../../primitives/trust-run.ts';
import { grounds, written } from './scene.ts';

export function requests(): Draft[] {
  const by = (name: string, change: JsonObject, about: Grounds = grounds.request): Draft =>
    written(about, name, 'request', change);
  return [
    by('in-the-name-of-mallory', { requesting_server: mallory.name }),
    by('to-mallory', { target_server: mallory.name }),
    by('with-the-key-of-mallory', { server_public_key: base64url(mallory.key.public) }),
    by('for-untrusted', { requested_trust_level: 'untrusted' }, grounds.offered),
    by('for-an-unknown-level', { requested_trust_level: 'strong' }, grounds.offered),
    by('by-an-unknown-method', { trust_method: 'telepathy' }, grounds.offered),
    written(grounds.offered, 'without-the-method', 'responder-capabilities', {
      supported_methods: ['direct_exchange'],
    }),
    written(grounds.offered, 'without-the-level', 'responder-capabilities', {
      supported_trust_levels: ['basic'],
    }),
    written(grounds.request, 'of-mallory', 'requester-capabilities', { server_id: mallory.name }),
    written(grounds.request, 'of-mallory', 'responder-capabilities', { server_id: mallory.name }),
  ];
}

const challengesOf = (run: TrustRun): readonly JsonObject[] =>
  (run.messages[3]?.challenges ?? []) as unknown as readonly JsonObject[];

export function challenges(): Draft[] {
  const [ownership = {}, chain = {}, proof = {}] = challengesOf(trustRun());
  const by = (name: string, change: JsonObject, about: Grounds = grounds.challenge): Draft =>
    written(about, name, 'challenge', change);
  const owning = (name: string, change: JsonObject, about: Grounds = grounds.domain): Draft =>
    by(name, { challenges: [{ ...ownership, ...change }, chain, proof] }, about);
  const [foreign = {}] = challengesOf(trustRun({ name: 'another run' }));
  return [
    by('of-another-request', { request_id: seededUuid('another request') }),
    by('for-mallory', { target_server: mallory.name }),
    by('in-the-name-of-mallory', { challenging_server: mallory.name }),
    by('by-another-method', { validation_method: 'direct_exchange' }),
    by(
      'with-another-id-than-its-value',
      { challenge_id: seededUuid('another challenge') },
      grounds.domain,
    ),
    by('without-domain-ownership', { challenges: [chain, proof] }),
    by('without-proof', { challenges: [ownership, chain] }),
    by('without-certificate-validation', { challenges: [ownership, proof] }),
    by('with-nothing', { challenges: [] }),
    by('with-two-proofs', { challenges: [ownership, chain, proof, proof] }),
    owning('with-a-random-value', {
      expected_value: `norc-trust-${base64url(seeded('random', 32))}`,
    }),
    owning('with-the-value-of-another-run', {
      expected_value: foreign.expected_value ?? '',
      nonce: foreign.nonce ?? '',
    }),
    owning('with-another-nonce', { nonce: base64url(filled(32, 1)) }),
    owning('for-the-domain-of-mallory', { domain: mallory.name }, grounds.challenge),
    owning('at-another-record', { txt_record_name: alice.name }, grounds.challenge),
  ];
}
