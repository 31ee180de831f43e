/**
 * A requester built from the published 1.0 text alone: no transcript hash anywhere, capabilities
 * unsigned, the proof without a transcript (L-V12, L-T08). It is served at 1.0 and refused above.
 */
import { expect, test } from 'vitest';
import { bytesOf, encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { brokenAt, logsOf, request, standing } from './deeds.ts';
import { ACME, asJson, BRAVO, createWorld, crypto, keyFor, leafFor, type World } from './pair.ts';

const NOW = 1_800_000_000;
const REQUEST_ID = '88888888-8888-4888-8888-888888888888';
const key = keyFor(ACME);

const policies: TrustCapabilities['trust_policies'] = {
  auto_accept_basic: true,
  require_manual_approval: false,
  trust_inheritance: false,
  max_trust_age: 31_536_000,
  version_compatibility: {
    enforce_amc: true,
    allow_downgrade: false,
    require_latest_minor: false,
  },
};

const capabilities = (versions: string[]): object => ({
  type: 'trust_capabilities',
  protocol_version: '1.0',
  supported_versions: versions,
  server_id: ACME,
  supported_methods: ['direct_exchange'],
  supported_trust_levels: ['basic'],
  certificate_authorities: [],
  key_algorithms: ['ed25519'],
  compliance_certifications: [],
  trust_policies: policies,
});

const trustRequest: object = {
  type: 'trust_request',
  request_id: REQUEST_ID,
  requesting_server: ACME,
  target_server: BRAVO,
  requested_trust_level: 'basic',
  trust_method: 'direct_exchange',
  certificate_chain: [leafFor(ACME, key.publicKey)],
  server_public_key: key.publicKey,
  domain_proof: {
    method: 'dns_txt',
    challenge: `norc-trust-${'A'.repeat(43)}`,
    txt_record: ACME,
    expires_at: NOW + 3600,
  },
  organization_info: { name: 'Acme', country: '', contact_email: '', phone: '', address: '' },
  compliance_attestations: [],
  trust_requirements: {
    mutual: false,
    witness_required: false,
    background_check: false,
    audit_trail: true,
  },
  timestamp: NOW,
};

function answersTo(challenge: TrustChallenge): object {
  const challenge_responses = challenge.challenges.map((task) => {
    if (task.type === 'domain_ownership') {
      const dns_response = encodeBase64url(new TextEncoder().encode(task.expected_value));
      return { type: task.type, proof_method: 'dns_txt', dns_response, timestamp: NOW };
    }
    if (task.type !== 'cryptographic_proof') throw new Error('direct exchange needs no chain');
    const proof = {
      type: 'trust_proof',
      challenge_data: task.challenge_data,
      request_id: REQUEST_ID,
      challenge_id: challenge.challenge_id,
      requesting_server: ACME,
      challenging_server: BRAVO,
    };
    const signature = crypto.sign(key, proof);
    const { challenge_data } = task;
    return { type: task.type, challenge_data, signature, signing_key: 'server_key' };
  });
  return {
    type: 'trust_response',
    request_id: REQUEST_ID,
    challenge_id: challenge.challenge_id,
    responding_server: ACME,
    challenge_responses,
    organization_proofs: [],
    timestamp: NOW,
  };
}

function say(world: World, message: object, member: string | null): NorcMessage | null | undefined {
  const value = asJson(message as NorcMessage);
  const whole = member === null ? value : { ...value, [member]: crypto.sign(key, value) };
  return request(world, ACME, BRAVO, whole as unknown as NorcMessage)?.message;
}

function peerWorld(): World {
  const world = createWorld({ [ACME]: {}, [BRAVO]: { policy: { mutual: false } } });
  world.federationVersion = '1.0';
  return world;
}

test('a peer of the published text gets trust at 1.0, and the log says what was tolerated', () => {
  const world = peerWorld();
  say(world, capabilities(['1.0']), null);
  const challenge = say(world, trustRequest, 'signature') as TrustChallenge;
  const [task] = challenge.challenges;
  if (task?.type !== 'domain_ownership') throw new Error('the first task is the domain');
  world.zone.set(task.txt_record_name, new Set([task.expected_value]));
  const decision = say(world, answersTo(challenge), 'signature');
  expect(decision).toMatchObject({ type: 'trust_decision', decision: 'accept' });
  const acknowledgment = {
    type: 'trust_acknowledgment',
    request_id: REQUEST_ID,
    acknowledging_server: ACME,
    decision_accepted: true,
    mutual_trust_established: false,
    effective_date: NOW,
    next_renewal_date: NOW + 86_400,
  };
  say(world, acknowledgment, 'acknowledgment_signature');
  expect(standing(world, BRAVO, ACME).inbound.status).toBe('active');
  expect(brokenAt(world, BRAVO)).toEqual([]);
  const tolerated = logsOf(world, BRAVO).filter(({ event }) => event === 'compatibility-mode');
  expect(tolerated).toHaveLength(4);
});

test('the same peer is refused where both sides speak 1.1', () => {
  const world = peerWorld();
  expect(say(world, capabilities(['1.0', '1.1']), null)).toMatchObject({ error_code: 5802 });
  expect(brokenAt(world, BRAVO)).toEqual(['X-AMC-17']);
});

test('the value that DNS must show is the one of the ledger', () => {
  const world = peerWorld();
  say(world, capabilities(['1.0']), null);
  const challenge = say(world, trustRequest, 'signature') as TrustChallenge;
  const [task] = challenge.challenges;
  if (task?.type !== 'domain_ownership') throw new Error('the first task is the domain');
  expect(bytesOf(task.nonce ?? '')).toHaveLength(32);
  const value = crypto.domainValue({
    requester: ACME,
    challenger: BRAVO,
    requestId: REQUEST_ID,
    challengeId: challenge.challenge_id,
    publicKey: key.publicKey,
    nonce: task.nonce ?? '',
  });
  expect(task.expected_value).toBe(value);
});
