/** V-AUT: what devices sign to register and to authenticate (L-C02 to L-C04). */
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import {
  base64url,
  filled,
  flip,
  fromHex,
  hex,
  seeded,
  seededUuid,
  utf8,
} from '../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../primitives/canonical-json.ts';
import { blake3 } from '../primitives/hash.ts';
import { rfcKey, seededKey, sign } from '../primitives/signature.ts';
import { flag, from, objectOf, octets, octetsOf, text } from '../shape.ts';
import { changedValue } from '../variation.ts';

const grounds = {
  registration: { requirements: ['C-REG-03'], readings: ['L-C03'], flags: ['unbound-proof'] },
  authentication: { requirements: ['C-AUTH-03'], readings: ['L-C03'], flags: ['unbound-proof'] },
  kex: {
    requirements: ['C-REG-09'],
    readings: ['L-E03', 'L-C19'],
    flags: ['unbound-exchange-key'],
  },
  life: { requirements: ['C-AUTH-02'], readings: ['L-C04'], flags: ['lasting-challenge'] },
  skew: { requirements: ['C-AUTH-04', 'X-TIME-02'], readings: ['L-C04'], flags: ['skew'] },
  oracle: {
    requirements: ['X-SIG-05', 'C-AUTH-03'],
    readings: ['L-C03'],
    flags: ['signing-oracle'],
  },
  cross: { requirements: ['X-SIG-04'], readings: ['L-C03', 'L-S11'], flags: ['signing-oracle'] },
  work: { requirements: ['C-REG-05'], readings: ['L-C02'], flags: ['work'] },
} satisfies Record<string, Grounds>;

type Members = { readonly [name: string]: string | number };

/** Members in hex; they are base64url in what is signed. */
const BINARY = ['challenge', 'public_key', 'kex_public_key', 'transcript_hash', 'proof_solution'];

const types = {
  registration: 'registration_response',
  authentication: 'auth_response',
  kex: 'device_kex_key',
} as const;
type Kind = keyof typeof types;

function objectFor(kind: Kind, members: Members): JsonObject {
  const told = Object.entries(members).map(([name, value]) => [
    name,
    BINARY.includes(name) && typeof value === 'string' ? base64url(fromHex(value)) : value,
  ]);
  return { type: types[kind], ...Object.fromEntries(told) };
}

const device = rfcKey;
const DEVICE_ID = '550e8400-e29b-41d4-a716-446655440000';
const USER = 'alice@example.org';
const SERVER = 'example.org';
const NOW = 1_734_900_000;
const CHALLENGE = hex(filled(32, 3));
const TRANSCRIPT = hex(seeded('client transcript', 32));

const registration: Members = {
  challenge: CHALLENGE,
  device_id: DEVICE_ID,
  public_key: hex(device.public),
  user_id: USER,
  server_id: SERVER,
  transcript_hash: TRANSCRIPT,
  proof_solution: hex(utf8('5043')),
};
const authentication: Members = {
  challenge: CHALLENGE,
  user_id: USER,
  device_id: DEVICE_ID,
  server_id: SERVER,
  timestamp: NOW,
  transcript_hash: TRANSCRIPT,
};
const exchange: Members = {
  user_id: USER,
  device_id: DEVICE_ID,
  public_key: hex(device.public),
  kex_public_key: hex(seeded('exchange key', 32)),
};

const bytesOf = (kind: Kind, members: Members): Uint8Array =>
  canonicalBytes(objectFor(kind, members));
const signatureOf = (kind: Kind, members: Members, key = device): string =>
  hex(sign(key, bytesOf(kind, members)));

function signedBytes(): Draft[] {
  const all: readonly (readonly [Kind, Members, Grounds])[] = [
    ['registration', registration, grounds.registration],
    ['authentication', authentication, grounds.authentication],
    ['kex', exchange, grounds.kex],
  ];
  return all.flatMap(([kind, members, about]) => [
    valid(
      about,
      `${kind}-bytes`,
      { function: `${kind}-bytes`, ...members },
      {
        signed_hex: hex(bytesOf(kind, members)),
      },
    ),
    ...Object.keys(members).map((member) => {
      const changed = { ...members, [member]: changedValue(members[member] ?? '') as string };
      const name = `${kind}-bytes-of-another-${member.replaceAll('_', '-')}`;
      const output = { signed_hex: hex(bytesOf(kind, changed)) };
      return valid(about, name, { function: `${kind}-bytes`, ...changed }, output);
    }),
  ]);
}

/** Registration and exchange key: the signature stays, one member does not. */
function proofs(kind: 'registration' | 'kex', members: Members, about: Grounds): Draft[] {
  const verify = (signature: string, change: Members = {}) => ({
    function: `verify-${kind}`,
    ...members,
    ...change,
    signature,
  });
  const right = signatureOf(kind, members);
  const { challenge: _, ...rest } = members;
  const strangers = seededKey('stranger');
  return [
    valid(about, `${kind}-verifies`, verify(right)),
    ...Object.keys(members).flatMap((member) => {
      const changed = { [member]: changedValue(members[member] ?? '') as string };
      const words = member.replaceAll('_', '-');
      return [
        invalid(about, `${kind}-shown-with-another-${words}`, verify(right, changed)),
        ...(member === 'public_key'
          ? []
          : [
              invalid(
                about,
                `${kind}-signed-with-another-${words}`,
                verify(signatureOf(kind, { ...members, ...changed })),
              ),
            ]),
      ];
    }),
    invalid(about, `${kind}-by-another-key`, verify(signatureOf(kind, members, strangers))),
    invalid(about, `${kind}-signature-zero`, verify('00'.repeat(64))),
    invalid(about, `${kind}-signature-empty`, verify('')),
    invalid(about, `${kind}-signature-cut`, verify(right.slice(0, 126))),
    ...[0, 31, 32, 63].map((at) =>
      invalid(
        about,
        `${kind}-signature-byte-${at}-changed`,
        verify(hex(flip(fromHex(right), 8 * at))),
      ),
    ),
    invalid(
      grounds.cross,
      `${kind}-signed-as-another-type`,
      verify(
        hex(sign(device, canonicalBytes({ ...objectFor(kind, members), type: 'auth_response' }))),
      ),
    ),
    invalid(
      grounds.cross,
      `${kind}-signed-without-type`,
      verify(hex(sign(device, canonicalBytes({ ...objectFor(kind, members), type: null })))),
    ),
    invalid(
      grounds.registration,
      `${kind}-signed-in-hex`,
      verify(hex(sign(device, canonicalBytes({ type: types[kind], ...members })))),
    ),
    invalid(
      grounds.oracle,
      `${kind}-signed-in-part`,
      verify(hex(sign(device, canonicalBytes({ type: types[kind], ...rest, user_id: null })))),
    ),
    ...(kind === 'registration'
      ? [
          invalid(
            grounds.oracle,
            'registration-over-the-raw-challenge',
            verify(hex(sign(device, fromHex(CHALLENGE)))),
          ),
        ]
      : [
          invalid(
            grounds.oracle,
            'kex-over-the-raw-key',
            verify(hex(sign(device, fromHex(String(exchange.kex_public_key))))),
          ),
        ]),
  ];
}

interface Login {
  readonly session: { readonly [name: string]: VectorValue };
  readonly now: number;
  readonly public_key: Uint8Array;
  readonly response: {
    readonly challenge: string;
    readonly timestamp: number;
    readonly signature: string;
  };
}

const SESSION = {
  challenge: CHALLENGE,
  user_id: USER,
  device_id: DEVICE_ID,
  server_id: SERVER,
  transcript_hash: TRANSCRIPT,
  expires_at: NOW + 60,
  used: false,
};

function login(change: Partial<Login>, timestamp = NOW): VectorValue {
  const signature = signatureOf('authentication', { ...authentication, timestamp });
  const response = { challenge: CHALLENGE, timestamp, signature };
  const { public_key, ...rest } = {
    session: SESSION,
    now: NOW,
    public_key: device.public,
    response,
    ...change,
  };
  return { function: 'verify-authentication', ...rest, public_key: hex(public_key) };
}

function logins(): Draft[] {
  const right = signatureOf('authentication', authentication);
  const response = { challenge: CHALLENGE, timestamp: NOW, signature: right };
  const refuse = (about: Grounds, name: string, change: Partial<Login>): Draft =>
    invalid(about, `login-${name}`, login(change));
  const members = ['user_id', 'device_id', 'server_id', 'transcript_hash'] as const;
  const signedAs = (change: object): Partial<Login> => ({
    response: {
      ...response,
      signature: hex(
        sign(device, canonicalBytes({ ...objectFor('authentication', authentication), ...change })),
      ),
    },
  });
  return [
    valid(grounds.authentication, 'login-holds', login({})),
    ...[-5, -4, -1, 1, 4, 5].map((skew) =>
      valid(
        grounds.skew,
        `login-at-a-skew-of-${skew}`,
        login({ now: NOW - skew, session: { ...SESSION, expires_at: NOW + 120 } }),
      ),
    ),
    ...[-6, -7, -60, -3600, 6, 7, 60, 3600].map((skew) =>
      refuse(grounds.skew, `at-a-skew-of-${skew}`, {
        now: NOW - skew,
        session: { ...SESSION, expires_at: NOW + 86_400 },
      }),
    ),
    invalid(grounds.skew, 'login-in-milliseconds', login({}, NOW * 1000)),
    invalid(grounds.skew, 'login-at-no-time', login({}, 0)),
    valid(
      grounds.life,
      'login-a-second-before-the-end',
      login({ session: { ...SESSION, expires_at: NOW + 1 } }),
    ),
    refuse(grounds.life, 'at-the-end-of-the-challenge', {
      session: { ...SESSION, expires_at: NOW },
    }),
    refuse(grounds.life, 'after-the-end-of-the-challenge', {
      session: { ...SESSION, expires_at: NOW - 1 },
    }),
    refuse(grounds.life, 'with-a-used-challenge', { session: { ...SESSION, used: true } }),
    refuse(grounds.life, 'with-another-challenge', {
      response: { ...response, challenge: hex(filled(32, 4)) },
    }),
    refuse(grounds.life, 'with-an-empty-challenge', { response: { ...response, challenge: '' } }),
    refuse(grounds.life, 'with-another-challenge-outstanding', {
      session: { ...SESSION, challenge: hex(filled(32, 4)) },
    }),
    ...members.flatMap((member) => [
      refuse(grounds.authentication, `from-a-session-of-another-${member.replaceAll('_', '-')}`, {
        session: { ...SESSION, [member]: changedValue(SESSION[member]) },
      }),
      refuse(
        grounds.authentication,
        `signed-for-another-${member.replaceAll('_', '-')}`,
        signedAs({ [member]: seededUuid('other') }),
      ),
      refuse(
        grounds.authentication,
        `signed-without-${member.replaceAll('_', '-')}`,
        signedAs({ [member]: null }),
      ),
    ]),
    refuse(grounds.authentication, 'signed-without-timestamp', signedAs({ timestamp: null })),
    refuse(grounds.authentication, 'shown-with-another-timestamp', {
      response: { ...response, timestamp: NOW + 1 },
    }),
    refuse(
      grounds.authentication,
      'signed-with-one-member-more',
      signedAs({ client_version: '2.0.1' }),
    ),
    refuse(grounds.authentication, 'of-another-device-key', {
      public_key: seededKey('stranger').public,
    }),
    refuse(grounds.authentication, 'with-a-signature-of-zeros', {
      response: { ...response, signature: '00'.repeat(64) },
    }),
    refuse(grounds.authentication, 'without-a-signature', {
      response: { ...response, signature: '' },
    }),
    refuse(grounds.oracle, 'signed-over-the-raw-challenge', {
      response: { ...response, signature: hex(sign(device, fromHex(CHALLENGE))) },
    }),
    refuse(grounds.oracle, 'signed-over-the-transcript', {
      response: { ...response, signature: hex(sign(device, fromHex(TRANSCRIPT))) },
    }),
    refuse(grounds.cross, 'with-the-signature-of-a-registration', {
      response: { ...response, signature: signatureOf('registration', registration) },
    }),
    refuse(grounds.cross, 'signed-as-auth-request', signedAs({ type: 'auth_request' })),
    refuse(grounds.cross, 'signed-without-type', signedAs({ type: null })),
  ];
}

const workHash = (challenge: Uint8Array, deviceId: string, solution: Uint8Array): Uint8Array =>
  blake3(utf8('norc:pow:v1'), challenge, utf8(deviceId), solution);

function solved(challenge: Uint8Array, difficulty: number): Uint8Array {
  for (let attempt = 0; ; attempt += 1) {
    const solution = utf8(String(attempt));
    if (hex(workHash(challenge, DEVICE_ID, solution)).startsWith('0'.repeat(difficulty)))
      return solution;
  }
}

function work(): Draft[] {
  const challenge = filled(32, 3);
  const input = { challenge: CHALLENGE, device_id: DEVICE_ID };
  const right = solved(challenge, 4);
  const check = (change: object) => ({
    function: 'check-work',
    ...input,
    difficulty: 4,
    solution: hex(right),
    ...change,
  });
  const bits = { 'one-digit-short': 3, 'two-digits-short': 2, 'no-zero-digit': 1 };
  return [
    ...[0, 1, 2, 3, 4].map((difficulty) => {
      const solution = solved(challenge, difficulty);
      return valid(
        grounds.work,
        `work-of-${difficulty}`,
        { function: 'solve-work', ...input, difficulty },
        {
          solution: hex(solution),
          hash: hex(workHash(challenge, DEVICE_ID, solution)),
        },
      );
    }),
    ...[0, 1, 2, 3, 4].map((difficulty) =>
      valid(grounds.work, `work-suffices-for-${difficulty}`, check({ difficulty })),
    ),
    ...[5, 6, 16, 64, 65].map((difficulty) =>
      invalid(grounds.work, `work-falls-short-of-${difficulty}`, check({ difficulty })),
    ),
    ...Object.entries(bits).map(([name, difficulty]) =>
      invalid(
        grounds.work,
        `work-${name}`,
        check({ solution: hex(almost(challenge, difficulty)) }),
      ),
    ),
    invalid(grounds.work, 'work-for-another-challenge', check({ challenge: hex(filled(32, 4)) })),
    invalid(grounds.work, 'work-for-another-device', check({ device_id: seededUuid('other') })),
    invalid(grounds.work, 'work-with-a-number-for-text', check({ solution: '13b3' })),
    invalid(grounds.work, 'work-with-a-leading-zero', check({ solution: hex(utf8('05043')) })),
    invalid(grounds.work, 'work-not-done', check({ solution: '' })),
  ];
}

/** So many zero digits, and no more. */
function almost(challenge: Uint8Array, digits: number): Uint8Array {
  for (let attempt = 0; ; attempt += 1) {
    const solution = utf8(`n${attempt}`);
    const hash = hex(workHash(challenge, DEVICE_ID, solution));
    if (hash.startsWith('0'.repeat(digits)) && hash[digits] !== '0') return solution;
  }
}

const registrationShape = {
  challenge: octets,
  device_id: text,
  public_key: octets,
  user_id: text,
  server_id: text,
  transcript_hash: octets,
  proof_solution: octets,
};
const kexShape = { user_id: text, device_id: text, public_key: octets, kex_public_key: octets };
const authenticationShape = {
  challenge: octets,
  user_id: text,
  device_id: text,
  server_id: text,
  timestamp: from(0),
  transcript_hash: octets,
};
const { timestamp: _, ...sessionShape } = authenticationShape;

export const clientAuth: CategorySource = {
  category: 'client-auth',
  prefix: 'V-AUT',
  title: 'Registration and authentication',
  description:
    'Devices sign canonical JSON of objects that both sides build from what they know: type ' +
    'registration_response, auth_response or device_kex_key and the members listed; binary ones are hex ' +
    'here and base64url in the object. Proof of work: BLAKE3("norc:pow:v1" ‖ challenge ‖ device_id ‖ ' +
    'solution) begins with `difficulty` zero hex digits.',
  functions: {
    'registration-bytes': {
      does: 'what registration signs.',
      input: registrationShape,
      output: { signed_hex: octets },
    },
    'authentication-bytes': {
      does: 'what authentication signs.',
      input: authenticationShape,
      output: { signed_hex: octets },
    },
    'kex-bytes': {
      does: 'what vouches for an exchange key.',
      input: kexShape,
      output: { signed_hex: octets },
    },
    'verify-registration': {
      does: 'whether public_key signed it; else reject.',
      input: { ...registrationShape, signature: octets },
      output: {},
    },
    'verify-kex': {
      does: 'whether public_key signed it; else reject.',
      input: { ...kexShape, signature: octets },
      output: {},
    },
    'verify-authentication': {
      does: 'whether the response answers the challenge of the session: the same, unused, before expires_at, timestamp within 5 s of now, signed over what the session knows; else reject.',
      input: {
        session: objectOf({ ...sessionShape, expires_at: from(0), used: flag }),
        now: from(0),
        public_key: octetsOf(32),
        response: objectOf({ challenge: octets, timestamp: from(0), signature: octets }),
      },
      output: {},
    },
    'solve-work': {
      does: 'the first of the texts 0, 1, 2 … that solves it, and its hash.',
      input: { challenge: octets, device_id: text, difficulty: from(0, 6) },
      output: { solution: octets, hash: octetsOf(32) },
    },
    'check-work': {
      does: 'whether solution solves it; else reject.',
      input: { challenge: octets, device_id: text, difficulty: from(0), solution: octets },
      output: {},
    },
  },
  flags: {
    'unbound-proof': {
      bug: 'The signature does not cover server, session, user, device or time.',
      effect: 'A server passes the answer on to another server and is logged in there as the user.',
    },
    'unbound-exchange-key': {
      bug: 'The exchange key is not signed for this device and user.',
      effect: 'The home server puts its own key in place and reads everything.',
    },
    'lasting-challenge': {
      bug: 'A challenge can be used twice, late, or is not compared.',
      effect: 'A recorded answer logs the attacker in.',
    },
    skew: {
      bug: 'The time of the answer is not bounded, or in another unit.',
      effect: 'Answers made in advance are used later.',
    },
    'signing-oracle': {
      bug: 'Raw bytes of a peer are signed, or types are not told apart.',
      effect: 'A peer obtains the device’s signature over whatever it likes.',
    },
    work: {
      bug: 'The proof of work is counted in other digits, or not bound to challenge and device.',
      effect: 'One solution registers any number of devices.',
    },
  },
  drafts: () => [
    ...signedBytes(),
    ...proofs('registration', registration, grounds.registration),
    ...proofs('kex', exchange, grounds.kex),
    ...logins(),
    ...work(),
  ],
};
