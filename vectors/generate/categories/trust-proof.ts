/** V-TPR: what proves possession of a server key (L-T05). */
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { base64url, concat, filled, flip, fromHex, hex, utf8 } from '../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../primitives/canonical-json.ts';
import { blake3 } from '../primitives/hash.ts';
import { rfcKey, seededKey, sign } from '../primitives/signature.ts';
import { octets, octetsOf, text } from '../shape.ts';
import { changedValue } from '../variation.ts';

const grounds = {
  value: { requirements: ['T-RESP-02'], readings: ['L-T05'], flags: ['unbound-proof'] },
  bound: { requirements: ['T-RESP-02'], readings: ['L-T05'], flags: ['unbound-proof'] },
  raw: { requirements: ['X-SIG-05', 'T-RESP-02'], readings: ['L-T05'], flags: ['signing-oracle'] },
  type: { requirements: ['X-SIG-04'], readings: ['L-T05'], flags: ['signing-oracle'] },
  key: { requirements: ['T-RESP-03'], readings: ['L-T05'], flags: ['other-key'] },
  signature: {
    requirements: ['X-SIG-01', 'T-RESP-02'],
    readings: ['L-S11'],
    flags: ['unchecked-signature'],
  },
} satisfies Record<string, Grounds>;

type Proof = {
  readonly challenge_data: string;
  readonly request_id: string;
  readonly challenge_id: string;
  readonly requesting_server: string;
  readonly challenging_server: string;
  readonly transcript_hash: string;
};

const PLAN: Proof = {
  challenge_data: hex(filled(64, 9)),
  request_id: '11111111-1111-4111-8111-111111111111',
  challenge_id: '22222222-2222-4222-8222-222222222222',
  requesting_server: 'alice.example.org',
  challenging_server: 'bob.example.org',
  transcript_hash: hex(filled(32, 1)),
};
const MEMBERS = Object.keys(PLAN) as (keyof Proof)[];

function objectOfProof(proof: Proof): JsonObject {
  const { challenge_data, transcript_hash, ...texts } = proof;
  return {
    type: 'trust_proof',
    challenge_data: base64url(fromHex(challenge_data)),
    transcript_hash: base64url(fromHex(transcript_hash)),
    ...texts,
  };
}

const over = (object: JsonObject, key = rfcKey): string => hex(sign(key, canonicalBytes(object)));
const RIGHT = over(objectOfProof(PLAN));

const signs = (name: string, proof: Proof): Draft =>
  valid(
    grounds.value,
    name,
    { function: 'sign', ...proof, secret_key: hex(rfcKey.secret) },
    {
      signed_hex: hex(canonicalBytes(objectOfProof(proof))),
      signature: over(objectOfProof(proof)),
    },
  );

const asked = (signature: string, change: object = {}) => ({
  function: 'verify',
  ...PLAN,
  public_key: hex(rfcKey.public),
  signature,
  ...change,
});
const refuse = (about: Grounds, name: string, signature: string, change: object = {}): Draft =>
  invalid(about, name, asked(signature, change));

function bound(): Draft[] {
  return MEMBERS.flatMap((member) => {
    const words = member.replaceAll('_', '-');
    const changed = { ...PLAN, [member]: changedValue(PLAN[member]) };
    const object = objectOfProof(PLAN);
    return [
      signs(`signs-another-${words}`, changed),
      refuse(grounds.bound, `shown-with-another-${words}`, RIGHT, { [member]: changed[member] }),
      refuse(grounds.bound, `signed-with-another-${words}`, over(objectOfProof(changed))),
      refuse(grounds.bound, `signed-without-${words}`, over({ ...object, [member]: null })),
      refuse(grounds.bound, `signed-with-empty-${words}`, over({ ...object, [member]: '' })),
    ];
  });
}

/** What a careless requester signs instead. */
function oracles(): Draft[] {
  const data = fromHex(PLAN.challenge_data);
  const object = objectOfProof(PLAN);
  const raw = (bytes: Uint8Array): string => hex(sign(rfcKey, bytes));
  const types = {
    'an-empty-type': '',
    'type-trust-response': 'trust_response',
    'type-trust-decision': 'trust_decision',
    'type-trust-request': 'trust_request',
    'type-key-binding': 'key_binding',
    'the-type-in-capitals': 'TRUST_PROOF',
  };
  return [
    refuse(grounds.raw, 'over-the-raw-challenge', raw(data)),
    refuse(grounds.raw, 'over-the-hash-of-the-challenge', raw(blake3(data))),
    refuse(grounds.raw, 'over-the-text-of-the-challenge', raw(utf8(base64url(data)))),
    refuse(
      grounds.raw,
      'over-challenge-and-transcript',
      raw(concat(data, fromHex(PLAN.transcript_hash))),
    ),
    refuse(grounds.raw, 'over-the-hash-of-the-object', raw(blake3(canonicalBytes(object)))),
    refuse(grounds.raw, 'over-the-object-in-hex', over({ type: 'trust_proof', ...PLAN })),
    refuse(grounds.raw, 'over-one-member-more', over({ ...object, extra: 1 })),
    ...Object.entries(types).map(([what, type]) =>
      refuse(grounds.type, `over-${what}`, over({ ...object, type })),
    ),
    refuse(grounds.type, 'over-no-type', over({ ...object, type: null })),
  ];
}

function signatures(): Draft[] {
  const bytes = fromHex(RIGHT);
  const stranger = seededKey('stranger');
  return [
    valid(grounds.value, 'verifies', asked(RIGHT)),
    ...Array.from({ length: 16 }, (_, at) =>
      refuse(
        grounds.signature,
        `signature-byte-${4 * at}-changed`,
        hex(flip(bytes, 32 * at + (at % 8))),
      ),
    ),
    refuse(grounds.signature, 'signature-empty', ''),
    refuse(grounds.signature, 'signature-cut', hex(bytes.slice(0, 63))),
    refuse(grounds.signature, 'signature-long', hex(concat(bytes, filled(1, 0)))),
    refuse(grounds.signature, 'signature-zero', hex(filled(64, 0))),
    refuse(grounds.key, 'signed-by-another-key', over(objectOfProof(PLAN), stranger)),
    refuse(grounds.key, 'verified-with-another-key', RIGHT, { public_key: hex(stranger.public) }),
    refuse(grounds.key, 'verified-with-a-key-of-small-order', RIGHT, {
      public_key: `01${'00'.repeat(31)}`,
    }),
    refuse(grounds.bound, 'challenge-of-63-bytes', RIGHT, {
      challenge_data: PLAN.challenge_data.slice(2),
    }),
    refuse(grounds.bound, 'roles-swapped', RIGHT, {
      requesting_server: PLAN.challenging_server,
      challenging_server: PLAN.requesting_server,
    }),
    refuse(grounds.bound, 'ids-swapped', RIGHT, {
      request_id: PLAN.challenge_id,
      challenge_id: PLAN.request_id,
    }),
  ];
}

const proof = {
  challenge_data: octets,
  request_id: text,
  challenge_id: text,
  requesting_server: text,
  challenging_server: text,
  transcript_hash: octets,
};

export const trustProof: CategorySource = {
  category: 'trust-proof',
  title: 'Proof of a server key',
  description:
    'Ed25519 over canonical JSON of {type: trust_proof, challenge_data, request_id, challenge_id, ' +
    'requesting_server, challenging_server, transcript_hash}; challenge_data and transcript_hash are hex ' +
    'here and base64url in the object.',
  functions: {
    sign: {
      does: 'the signed bytes and the signature.',
      input: { ...proof, secret_key: octetsOf(32) },
      output: { signed_hex: octets, signature: octetsOf(64) },
    },
    verify: {
      does: 'whether the signature is that of public_key over exactly this object; else reject.',
      input: { ...proof, public_key: octetsOf(32), signature: octets },
      output: {},
    },
  },
  flags: {
    'unbound-proof': {
      bug: 'The proof does not cover both names, ids, challenge and transcript.',
      effect:
        'A responder passes on another server’s challenge and is trusted in the victim’s name.',
    },
    'signing-oracle': {
      bug: 'Bytes that the peer chose are signed as they are.',
      effect: 'The peer has a decision or a revocation signed as a “challenge”.',
    },
    'other-key': {
      bug: 'Any key will do.',
      effect: 'Trust is granted to a key that the server does not hold.',
    },
    'unchecked-signature': {
      bug: 'The signature is compared in part, or not at all.',
      effect: 'Whoever knows the name is trusted as the server.',
    },
  },
  drafts: () => [signs('of-the-plan', PLAN), ...bound(), ...oracles(), ...signatures()],
};
