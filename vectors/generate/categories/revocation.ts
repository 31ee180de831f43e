/** V-REV: revocation of devices (L-C07) and of trust (L-R02 to L-R13). */
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import {
  base64url,
  filled,
  flip,
  fromBase64url,
  hex,
  seeded,
  seededUuid,
} from '../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../primitives/canonical-json.ts';
import { certificate, NOW } from '../primitives/certificate.ts';
import { blake3 } from '../primitives/hash.ts';
import { type Effect, effectAt, type Revocation } from '../primitives/revocation.ts';
import { rfcKey, seededKey, sign, signed } from '../primitives/signature.ts';
import { alice, bob, mallory } from '../primitives/trust-run.ts';
import {
  flag,
  from,
  listOf,
  message,
  objectOf,
  octets,
  octetsOf,
  oneOf,
  optional,
  text,
} from '../shape.ts';
import { eachChanged, eachDropped } from '../variation.ts';

const grounds = {
  value: {
    requirements: ['X-SIG-01', 'X-KEY-03'],
    readings: ['L-S01', 'L-C07'],
    flags: ['unsigned-revocation'],
  },
  device: { requirements: ['X-KEY-05'], readings: ['L-C07'], flags: ['foreign-signer'] },
  forged: { requirements: ['X-KEY-05'], readings: ['L-C07'], flags: ['unsigned-revocation'] },
  scope: {
    requirements: ['T-REV-04', 'T-REV-05', 'T-REV-06'],
    readings: ['L-R05'],
    flags: ['wrong-effect'],
  },
  when: { requirements: ['T-REV-03'], readings: ['L-R04'], flags: ['wrong-time'] },
  grace: { requirements: ['T-REV-07'], readings: ['L-R04'], flags: ['grace-for-attackers'] },
  order: { requirements: ['T-REV-11'], readings: ['L-R12'], flags: ['order-matters'] },
  reason: { requirements: ['T-REV-17'], readings: ['L-R02'], flags: ['grace-for-attackers'] },
  trust: { requirements: ['T-REV-01'], readings: ['L-R03'], flags: ['unsigned-revocation'] },
  who: { requirements: ['T-REV-02', 'T-CERT-15'], readings: ['L-R03'], flags: ['foreign-signer'] },
  names: { requirements: ['T-REV-05'], readings: ['L-R05'], flags: ['wrong-effect'] },
  chain: { requirements: ['T-REV-13'], readings: ['L-R09'], flags: ['withheld-revocation'] },
} satisfies Record<string, Grounds>;

const DEVICE_ID = '550e8400-e29b-41d4-a716-446655440000';
const USER = 'alice@example.org';

/** TV §13. */
const DEVICE: JsonObject = {
  type: 'device_revoke',
  user_id: USER,
  device_id: DEVICE_ID,
  reason: 'compromised',
  effective: 1_734_905_000,
};

function signs(name: string, body: JsonObject): Draft {
  const bytes = canonicalBytes(body);
  return valid(
    grounds.value,
    name,
    { function: 'sign-device-revoke', message: body, secret_key: hex(rfcKey.secret) },
    {
      canonical_hex: hex(bytes),
      blake3: hex(blake3(bytes)),
      signature: hex(sign(rfcKey, bytes)),
    },
  );
}

const master = seededKey('user master');
const server = seededKey('home server');
const other = seededKey('other device');
const foreign = seededKey('device of somebody else');
const ended = seededKey('revoked device');
const OTHER_ID = seededUuid('other device');
const FOREIGN_ID = seededUuid('foreign device');
const ENDED_ID = seededUuid('ended device');

const SCENE = {
  server_id: 'example.org',
  server_public_key: hex(server.public),
  user_master_public_key: hex(master.public),
  devices: [
    { device_id: DEVICE_ID, user_id: USER, public_key: hex(rfcKey.public), revoked: false },
    { device_id: OTHER_ID, user_id: USER, public_key: hex(other.public), revoked: false },
    {
      device_id: FOREIGN_ID,
      user_id: 'mallory@example.org',
      public_key: hex(foreign.public),
      revoked: false,
    },
    { device_id: ENDED_ID, user_id: USER, public_key: hex(ended.public), revoked: true },
  ],
};

const verify = (body: JsonObject, change: object = {}): VectorValue => ({
  function: 'verify-device-revoke',
  message: body,
  ...SCENE,
  ...change,
});

function devices(): Draft[] {
  const { user_master_public_key: _, ...withoutMaster } = SCENE;
  const by = (signer: string, key = rfcKey, change: JsonObject = {}): JsonObject =>
    signed(key, { ...DEVICE, signer, ...change });
  const right = by('user_master', master);
  const { signature, ...unsigned } = right;
  const bytes = fromBase64url(String(signature));
  const refuse = (about: Grounds, name: string, body: JsonObject, change: object = {}): Draft =>
    invalid(about, `device-${name}`, verify(body, change));
  return [
    valid(grounds.device, 'device-by-the-master-key', verify(right)),
    valid(grounds.device, 'device-by-itself', verify(by(DEVICE_ID))),
    valid(grounds.device, 'device-by-another-of-the-user', verify(by(OTHER_ID, other))),
    valid(
      grounds.device,
      'device-by-the-server',
      verify(by('example.org', server, { reason: 'administrative' })),
    ),
    ...['lost', 'retired'].map((reason) =>
      valid(grounds.device, `device-${reason}`, verify(by('user_master', master, { reason }))),
    ),
    refuse(grounds.device, 'by-the-device-of-another-user', by(FOREIGN_ID, foreign)),
    refuse(grounds.device, 'by-a-revoked-device', by(ENDED_ID, ended)),
    refuse(grounds.device, 'by-an-unknown-device', by(seededUuid('unknown'), foreign)),
    refuse(
      grounds.device,
      'of-another-user-by-the-master-key',
      by('user_master', master, { device_id: FOREIGN_ID }),
    ),
    refuse(
      grounds.device,
      'of-an-unknown-device',
      by('user_master', master, { device_id: seededUuid('unknown') }),
    ),
    refuse(
      grounds.device,
      'of-another-users-device-by-its-own-user',
      by(FOREIGN_ID, foreign, { user_id: 'alice@example.org', device_id: FOREIGN_ID }),
    ),
    ...['compromised', 'lost', 'retired'].map((reason) =>
      refuse(grounds.device, `by-the-server-as-${reason}`, by('example.org', server, { reason })),
    ),
    refuse(
      grounds.device,
      'administrative-by-the-master-key',
      by('user_master', master, { reason: 'administrative' }),
    ),
    refuse(
      grounds.device,
      'administrative-by-a-device',
      by(OTHER_ID, other, { reason: 'administrative' }),
    ),
    refuse(
      grounds.device,
      'by-another-server',
      by('mallory.example.org', foreign, { reason: 'administrative' }),
    ),
    refuse(grounds.device, 'named-master-signed-by-a-device', by('user_master', other)),
    refuse(grounds.device, 'named-device-signed-by-the-master-key', by(OTHER_ID, master)),
    refuse(
      grounds.device,
      'named-server-signed-by-the-master-key',
      by('example.org', master, { reason: 'administrative' }),
    ),
    invalid(grounds.device, 'device-by-a-master-key-that-is-not-there', {
      function: 'verify-device-revoke',
      message: right,
      ...withoutMaster,
    }),
    ...[...eachChanged(unsigned), ...eachDropped(unsigned)].map(([what, changed]) =>
      refuse(grounds.forged, `${what}-after-signing`, { ...changed, signature: signature ?? null }),
    ),
    ...[0, 31, 32, 63].map((at) =>
      refuse(grounds.forged, `signature-byte-${at}-changed`, {
        ...right,
        signature: base64url(flip(bytes, 8 * at)),
      }),
    ),
    refuse(grounds.forged, 'signature-missing', unsigned),
    refuse(grounds.forged, 'signature-zero', { ...right, signature: base64url(filled(64, 0)) }),
    refuse(grounds.forged, 'reason-unknown', by('user_master', master, { reason: 'boredom' })),
    refuse(grounds.forged, 'another-type', by('user_master', master, { type: 'device_register' })),
  ];
}

const PERMISSIONS = [
  'message_relay',
  'user_discovery',
  'presence_federation',
  'voice_calls',
  'file_transfer',
  'archive_sync',
];
const EFFECTIVE = NOW + 1000;

const revocation = (name: string, change: Partial<Revocation> = {}): Revocation => ({
  revocation_id: seededUuid(`revocation ${name}`),
  scope: 'full',
  reason: 'voluntary',
  issued_at: NOW,
  effective_date: EFFECTIVE,
  grace_period: 0,
  permissions: [],
  ...change,
});

function effect(
  about: Grounds,
  name: string,
  revocations: readonly Revocation[],
  at: number,
): Draft {
  const state: Effect = effectAt(PERMISSIONS, revocations, at);
  return valid(
    about,
    name,
    { function: 'effect', permissions: PERMISSIONS, revocations, at },
    { ...state },
  );
}

/** Scope × reason × grace, at every instant that matters. */
function effects(): Draft[] {
  const scopes = ['full', 'partial', 'conditional'] as const;
  const reasons = Object.keys(EFFECT_REASONS);
  return scopes
    .flatMap((scope) => reasons.map((reason) => ({ scope, reason })))
    .flatMap((one) => [0, 3600].map((grace_period) => ({ ...one, grace_period })))
    .filter((one) => !isUnsettled(one))
    .flatMap(effectsOf);
}

/** What is told of each reason, with and without grace. */
const EFFECT_REASONS: Readonly<Record<string, Grounds>> = {
  compromised_key: grounds.scope,
  policy_violation: grounds.scope,
  voluntary: grounds.scope,
  superseded: grounds.scope,
  expired: grounds.scope,
  mystery: grounds.reason,
};

type Case = Pick<Revocation, 'scope' | 'reason' | 'grace_period'>;

/** What grace a partial revocation of an expired certificate has, nothing says (2.7 row 5). */
const isUnsettled = ({ scope, reason, grace_period }: Case): boolean =>
  scope === 'partial' && reason === 'expired' && grace_period > 0;

function effectsOf({ scope, reason, grace_period }: Case): Draft[] {
  const permissions = scope === 'partial' ? ['voice_calls', 'archive_sync'] : [];
  const one = revocation(`${scope} ${reason}`, { scope, reason, grace_period, permissions });
  const instants = grace_period === 0 ? [-1, 0] : [-1, 0, 3599, 3600];
  const about = grace_period > 0 ? grounds.grace : (EFFECT_REASONS[reason] ?? grounds.scope);
  const name = `${scope}-${reason.replaceAll('_', '-')}-grace-${grace_period}`;
  return instants.map((after) => effect(about, `${name}-at-${after}`, [one], EFFECTIVE + after));
}

function timings(): Draft[] {
  const past = revocation('past', { effective_date: NOW - 86_400 });
  const long = revocation('long grace', { grace_period: 10 * 86_400 });
  const pastGrace = revocation('past grace', { effective_date: NOW - 7200, grace_period: 3600 });
  return [
    effect(grounds.when, 'date-that-has-passed-means-when-issued', [past], NOW),
    effect(grounds.when, 'grace-counts-from-when-issued', [pastGrace], NOW + 3599),
    effect(grounds.when, 'grace-from-when-issued-ends', [pastGrace], NOW + 3600),
    effect(grounds.grace, 'grace-is-a-day-at-most', [long], EFFECTIVE + 86_399),
    effect(grounds.grace, 'grace-ends-after-a-day', [long], EFFECTIVE + 86_400),
    effect(
      grounds.names,
      'unknown-permission-is-passed-over',
      [revocation('unknown', { scope: 'partial', permissions: ['admin', 'voice_calls'] })],
      EFFECTIVE,
    ),
    effect(
      grounds.names,
      'every-permission-partly-revoked',
      [revocation('all', { scope: 'partial', permissions: PERMISSIONS })],
      EFFECTIVE,
    ),
    effect(grounds.scope, 'none', [], EFFECTIVE),
  ];
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((head, at) =>
    permutations(list.toSpliced(at, 1)).map((rest) => [head, ...rest]),
  );
}

/** Every order of four, and repeats, at one instant. */
function orders(): Draft[] {
  const four = [
    revocation('a', { scope: 'partial', permissions: ['voice_calls'] }),
    revocation('b', {
      scope: 'partial',
      permissions: ['archive_sync'],
      reason: 'policy_violation',
    }),
    revocation('c', { scope: 'conditional', grace_period: 3600 }),
    revocation('d', { scope: 'full', effective_date: EFFECTIVE + 7200, reason: 'compromised_key' }),
  ];
  return [
    ...permutations([0, 1, 2, 3]).map((order) =>
      effect(
        grounds.order,
        `order-${order.join('')}`,
        order.flatMap((at) => four.slice(at, at + 1)),
        EFFECTIVE + 10,
      ),
    ),
    ...[-1, 0, 3600, 7200].map((after) =>
      effect(grounds.order, `all-four-at-${after}`, four, EFFECTIVE + after),
    ),
    effect(grounds.order, 'each-one-twice', [...four, ...four], EFFECTIVE + 10),
    effect(
      grounds.order,
      'partial-after-full',
      [
        revocation('full'),
        revocation('later', {
          scope: 'partial',
          permissions: ['voice_calls'],
          effective_date: EFFECTIVE + 10,
        }),
      ],
      EFFECTIVE + 20,
    ),
    effect(
      grounds.order,
      'gentle-after-security',
      [
        revocation('security', { reason: 'compromised_key' }),
        revocation('gentle', { grace_period: 3600 }),
      ],
      EFFECTIVE + 5,
    ),
  ];
}

const certified = certificate(bob, alice, 'verified');

const revoke = (change: JsonObject = {}): JsonObject => ({
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

const authorize = (body: JsonObject, record: JsonObject = certified): VectorValue => ({
  function: 'authorize',
  message: body,
  certificate: record,
  issuer_public_key: hex(bob.key.public),
  subject_public_key: hex(alice.key.public),
});

function authorities(): Draft[] {
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

function chains(): Draft[] {
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

const device = objectOf({
  device_id: text,
  user_id: text,
  public_key: octetsOf(32),
  revoked: flag,
});
const record = objectOf({
  revocation_id: text,
  scope: oneOf('full', 'partial', 'conditional'),
  reason: text,
  issued_at: from(0),
  effective_date: from(0),
  grace_period: from(0),
  permissions: listOf(text),
});

export const revocationSource: CategorySource = {
  category: 'revocation',
  prefix: 'V-REV',
  title: 'Revocation of devices and of trust',
  description:
    'device_revoke is signed by the user’s master key (signer user_master), by a device of the user that ' +
    'is not revoked (signer its id), or, with reason administrative and only then, by the home server ' +
    '(signer its server id). trust_revoke is signed by the issuer of the certificate, or by its subject ' +
    'for voluntary and compromised_key; revocable=false bars the issuer from voluntary, superseded and ' +
    'expired. Grace (at most a day) is given for those three reasons only; every unknown reason is ' +
    'compromised_key. A conditional one suspends and, after grace_period whatever its reason, revokes.',
  functions: {
    'sign-device-revoke': {
      does: 'canonical bytes, their hash and the signature.',
      input: { message, secret_key: octetsOf(32) },
      output: { canonical_hex: octets, blake3: octetsOf(32), signature: octetsOf(64) },
    },
    'verify-device-revoke': {
      does: 'whether the revocation counts; else reject.',
      input: {
        message,
        server_id: text,
        server_public_key: octetsOf(32),
        user_master_public_key: optional(octetsOf(32)),
        devices: listOf(device),
      },
      output: {},
    },
    effect: {
      does: 'what is left of the certificate at the time `at`: suspended during the grace of a full and the wait of a conditional revocation; permissions sorted, none unless active. A partial one takes its permissions away when its date and grace are over. A date before issued_at means issued_at.',
      input: { permissions: listOf(text), revocations: listOf(record), at: from(0) },
      output: { status: oneOf('active', 'suspended', 'revoked'), permissions: listOf(text) },
    },
    authorize: {
      does: 'whether the trust_revoke is signed by one who may revoke this certificate for this reason; a partial one must name permissions; else reject.',
      input: {
        message,
        certificate: message,
        issuer_public_key: octetsOf(32),
        subject_public_key: octetsOf(32),
      },
      output: {},
    },
    'verify-chain': {
      does: 'the hash of the last of all revocations of one issuer; reject where prev_revocation_hash is not the hash of the canonical message before (32 zero bytes for the first) or revocation_sequence does not rise by one from 1.',
      input: { messages: listOf(message) },
      output: { head: octetsOf(32) },
    },
  },
  flags: {
    'unsigned-revocation': {
      bug: 'The signature of a revocation is not checked in full.',
      effect: 'Anybody cuts anybody off.',
    },
    'foreign-signer': {
      bug: 'Whoever signs may revoke.',
      effect: 'A third server, or another user’s device, ends relations that are not its own.',
    },
    'wrong-effect': {
      bug: 'A scope takes away more or less than it says.',
      effect: 'Revoked permissions stay in force.',
    },
    'wrong-time': {
      bug: 'Dates in the past or future are not honoured.',
      effect: 'Revocation comes too late, or a grace is over before it was announced.',
    },
    'grace-for-attackers': {
      bug: 'Grace is given for compromised keys or unknown reasons.',
      effect: 'An attacker keeps the stolen key’s trust for another day.',
    },
    'order-matters': {
      bug: 'The outcome hangs on the order of arrival.',
      effect: 'Two servers disagree about who is trusted, and a later message un-revokes.',
    },
    'withheld-revocation': {
      bug: 'Gaps and forks in an issuer’s revocations are not noticed.',
      effect: 'Somebody on the path withholds the one that matters.',
    },
  },
  drafts: () => [
    signs('signs-section-13', DEVICE),
    signs('signs-with-signer', { ...DEVICE, signer: 'user_master' }),
    ...devices(),
    ...effects(),
    ...timings(),
    ...orders(),
    ...authorities(),
    ...chains(),
  ],
};
