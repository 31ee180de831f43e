/** V-CRT: checks of a trust certificate, in order (T 4.2, L-T12 to L-T15). */
import {
  type Level,
  levelNames,
  levels,
  permissionNames,
} from '../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../vector-file.ts';
import {
  acceptable,
  type CategorySource,
  type Draft,
  type Grounds,
  invalid,
  valid,
} from '../category.ts';
import { base64url, filled, flip, fromBase64url, hex, seededUuid } from '../primitives/bytes.ts';
import type { JsonObject } from '../primitives/canonical-json.ts';
import { certificate as issue, NOW, YEAR } from '../primitives/certificate.ts';
import { signed } from '../primitives/signature.ts';
import { alice, bob, mallory } from '../primitives/trust-run.ts';
import { flag, from, message, octetsOf, oneOf, text } from '../shape.ts';
import { eachChanged, eachDropped } from '../variation.ts';

const grounds = {
  whole: { requirements: ['T-CERT-01'], readings: ['L-T14'], flags: ['loose-record'] },
  signature: { requirements: ['T-CERT-02'], readings: ['L-T14'], flags: ['unsigned'] },
  validity: {
    requirements: ['T-CERT-03', 'X-TIME-09'],
    readings: ['L-T15'],
    flags: ['outside-validity'],
  },
  issuer: { requirements: ['T-CERT-04'], readings: ['L-T11'], flags: ['stolen-certificate'] },
  permissions: {
    requirements: ['T-CERT-05', 'T-DEC-05'],
    readings: ['L-T20'],
    flags: ['beyond-level'],
  },
  conditions: { requirements: ['T-CERT-06'], readings: ['L-T13'], flags: ['overdue'] },
  revoked: {
    requirements: ['T-CERT-07', 'T-CERT-15'],
    readings: ['L-T15', 'L-R03'],
    flags: ['revoked-passes'],
  },
  unknown: { requirements: ['T-CERT-08'], readings: ['L-T15'], flags: ['unknown-status'] },
  extension: { requirements: ['T-CERT-14'], readings: ['L-T14'], flags: ['critical-extension'] },
  order: { requirements: ['T-CERT-09'], readings: ['L-T15'], flags: ['order-of-checks'] },
  match: {
    requirements: ['T-DEC-05', 'T-DEC-11'],
    readings: ['L-T12'],
    flags: ['decision-differs'],
  },
} satisfies Record<string, Grounds>;

interface Question {
  readonly certificate: JsonObject;
  readonly issuer_server: string;
  readonly issuer_public_key: string;
  readonly subject_server: string;
  readonly subject_public_key: string;
  readonly now: number;
  readonly revoked: boolean;
  readonly status_known: boolean;
}

const made = (changes: JsonObject = {}, level: Level = 'verified'): JsonObject =>
  issue(bob, alice, level, changes);

const RIGHT: Question = {
  certificate: made(),
  issuer_server: bob.name,
  issuer_public_key: hex(bob.key.public),
  subject_server: alice.name,
  subject_public_key: hex(alice.key.public),
  now: NOW + 3600,
  revoked: false,
  status_known: true,
};

const asked = (change: Partial<Question>): VectorValue => ({
  function: 'validate',
  ...RIGHT,
  ...change,
});
const holds = (about: Grounds, name: string, change: Partial<Question>): Draft =>
  valid(about, name, asked(change));
const refuse = (about: Grounds, name: string, change: Partial<Question>): Draft =>
  invalid(about, name, asked(change));

function records(): Draft[] {
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

function signatures(): Draft[] {
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

function times(): Draft[] {
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

/** Levels × permissions, each permission alone. */
function permissions(): Draft[] {
  const granted = levelNames.filter((level) => level !== 'untrusted');
  return [
    ...granted.flatMap((level) => {
      const allowed: readonly string[] = levels[level].permissions;
      return permissionNames.map((name) =>
        (allowed.includes(name) ? holds : refuse)(
          grounds.permissions,
          `${name.replaceAll('_', '-')}-at-${level}`,
          {
            certificate: made({ permissions: [name] }, level),
          },
        ),
      );
    }),
    holds(grounds.permissions, 'no-permission', { certificate: made({ permissions: [] }) }),
    holds(grounds.permissions, 'in-another-order', {
      certificate: made({ permissions: [...levels.verified.permissions].reverse() }),
    }),
    refuse(grounds.permissions, 'permission-twice', {
      certificate: made({ permissions: ['message_relay', 'message_relay'] }),
    }),
    ...['admin', '', 'MESSAGE_RELAY', '*', 'message-relay'].map((name, at) =>
      refuse(grounds.permissions, `unknown-permission-${at + 1}`, {
        certificate: made({ permissions: ['message_relay', name] }),
      }),
    ),
    refuse(grounds.permissions, 'permissions-as-a-map', {
      certificate: made({ permissions: { message_relay: true } }),
    }),
  ];
}

const condition = (change: JsonObject = {}): JsonObject => ({
  condition_type: 'compliance_audit',
  parameters: {},
  deadline: NOW + 7200,
  auto_action: 'revoke',
  ...change,
});

function conditions(): Draft[] {
  const of = (...list: readonly JsonObject[]): Partial<Question> => ({
    certificate: made({ conditions: list }),
  });
  return [
    holds(grounds.conditions, 'condition-open', of(condition())),
    holds(grounds.conditions, 'condition-a-second-before-its-deadline', {
      ...of(condition()),
      now: NOW + 7199,
    }),
    refuse(grounds.conditions, 'condition-at-its-deadline', {
      ...of(condition()),
      now: NOW + 7200,
    }),
    refuse(grounds.conditions, 'condition-overdue', of(condition({ deadline: NOW }))),
    refuse(
      grounds.conditions,
      'second-condition-overdue',
      of(condition(), condition({ deadline: NOW + 1 })),
    ),
    refuse(
      grounds.conditions,
      'condition-of-unknown-type',
      of(condition({ condition_type: 'fee' })),
    ),
    refuse(
      grounds.conditions,
      'condition-of-unknown-action',
      of(condition({ auto_action: 'ignore' })),
    ),
    ...eachDropped(condition()).map(([what, changed]) =>
      refuse(grounds.conditions, `condition-${what}`, of(changed)),
    ),
  ];
}

function extensions(): Draft[] {
  const of = (...list: readonly JsonObject[]): Partial<Question> => ({
    certificate: made({ extensions: list }),
  });
  const unknown = { id: 'x_new', critical: false, value: 'x' };
  const limits = {
    id: 'limits',
    critical: true,
    value: { max_message_size: 1, messages_per_second: 1, bandwidth_mbps: 1 },
  };
  return [
    holds(grounds.extension, 'no-extension', of()),
    holds(grounds.extension, 'unknown-extension', of(unknown)),
    holds(grounds.extension, 'known-critical-extension', of(limits)),
    refuse(grounds.extension, 'unknown-critical-extension', of({ ...unknown, critical: true })),
    refuse(
      grounds.extension,
      'unknown-critical-among-others',
      of(limits, unknown, { ...unknown, id: 'y_new', critical: true }),
    ),
    refuse(grounds.extension, 'critical-in-another-case', of({ ...limits, id: 'Limits' })),
    ...eachDropped(unknown).map(([what, changed]) =>
      refuse(grounds.whole, `extension-${what}`, of(changed)),
    ),
  ];
}

function statuses(): Draft[] {
  const granted = levelNames.filter((level) => level !== 'untrusted');
  return [
    ...granted.flatMap((level) => [
      refuse(grounds.revoked, `revoked-at-${level}`, {
        certificate: made({}, level),
        revoked: true,
      }),
      (level === 'basic' ? holds : refuse)(grounds.unknown, `status-unknown-at-${level}`, {
        certificate: made({}, level),
        status_known: false,
      }),
    ]),
    refuse(grounds.revoked, 'revoked-though-not-revocable', {
      certificate: made({ revocable: false }),
      revoked: true,
    }),
    refuse(grounds.revoked, 'revoked-though-renewable', {
      certificate: made({ renewable: true }),
      revoked: true,
    }),
  ];
}

type Check = 'signature' | 'validity' | 'issuer' | 'permissions' | 'conditions' | 'revocation';
const checks: readonly Check[] = [
  'signature',
  'validity',
  'issuer',
  'permissions',
  'conditions',
  'revocation',
];

/** A certificate in which exactly these checks fail. */
function failing(failed: readonly Check[]): Question {
  const has = (check: Check): boolean => failed.includes(check);
  const record = made({
    ...(has('validity') ? { not_after: NOW + 1 } : {}),
    ...(has('permissions') ? { permissions: ['media_relay'] } : {}),
    ...(has('conditions') ? { conditions: [condition({ deadline: NOW })] } : {}),
  });
  const stranger = { subject_server: mallory.name, subject_public_key: hex(mallory.key.public) };
  return {
    ...RIGHT,
    certificate: has('signature') ? signed(mallory.key, record) : record,
    ...(has('issuer') ? stranger : {}),
    revoked: has('revocation'),
  };
}

/** Revoked outranks expired (profile 2.5). */
function firstOf(failed: readonly Check[]): string {
  const isBoth = failed.includes('revocation');
  return (
    checks.find((check) => failed.includes(check) && !(check === 'validity' && isBoth)) ?? 'none'
  );
}

function orders(): Draft[] {
  const pairs = checks.flatMap((one, at) => checks.slice(at + 1).map((other) => [one, other]));
  const sets: readonly (readonly Check[])[] = [
    [],
    ...checks.map((check) => [check]),
    ...pairs,
    [...checks],
    checks.slice(1),
    checks.slice(2),
  ];
  return sets.map((failed) =>
    valid(
      grounds.order,
      `fails-${failed.join('-and-') || 'nothing'}`,
      { function: 'first-failure', ...failing(failed) },
      { check: firstOf(failed) },
    ),
  );
}

function decisionFor(record: JsonObject): { readonly [name: string]: JsonObject } {
  const list = record.permissions as readonly string[];
  return {
    federation_permissions: {
      ...Object.fromEntries(permissionNames.map((name) => [name, list.includes(name)])),
      max_message_size: levels.verified.maxMessageBytes,
      rate_limits: { messages_per_second: 500, bandwidth_mbps: 50 },
    },
    trust_metadata: {
      established_at: NOW,
      expires_at: NOW + YEAR,
      renewable: true,
      revocable: true,
      trust_score: 96,
      validation_evidence: [],
    },
  };
}

function matches(): Draft[] {
  const record = made();
  const { federation_permissions: map = {}, trust_metadata: told = {} } = decisionFor(record);
  const input = {
    function: 'match-decision',
    certificate: record,
    granted_trust_level: 'verified',
    federation_permissions: map,
    trust_metadata: told,
  };
  const differ = (name: string, change: JsonObject): Draft =>
    invalid(grounds.match, name, { ...input, ...change });
  return [
    valid(grounds.match, 'decision-is-that-of-the-certificate', input),
    ...permissionNames.map((name) =>
      differ(`decision-differs-in-${name.replaceAll('_', '-')}`, {
        federation_permissions: { ...map, [name]: !map[name] },
      }),
    ),
    ...[0, 1, 16_777_215, 16_777_217].map((size) =>
      differ(`decision-has-size-${size}`, {
        federation_permissions: { ...map, max_message_size: size },
      }),
    ),
    ...[
      { messages_per_second: 501, bandwidth_mbps: 50 },
      { messages_per_second: 500, bandwidth_mbps: 51 },
      { messages_per_second: 50, bandwidth_mbps: 500 },
    ].map((rate_limits, at) =>
      differ(`decision-has-other-rates-${at + 1}`, {
        federation_permissions: { ...map, rate_limits },
      }),
    ),
    ...levelNames
      .filter((level) => level !== 'verified')
      .map((level) => differ(`decision-grants-${level}`, { granted_trust_level: level })),
    differ('decision-is-renewable-otherwise', { trust_metadata: { ...told, renewable: false } }),
    differ('decision-is-revocable-otherwise', { trust_metadata: { ...told, revocable: false } }),
    differ('decision-ends-later', { trust_metadata: { ...told, expires_at: NOW + YEAR + 1 } }),
    differ('decision-ends-sooner', { trust_metadata: { ...told, expires_at: NOW + YEAR - 1 } }),
    differ('decision-begins-later', { trust_metadata: { ...told, established_at: NOW + 1 } }),
    differ('certificate-has-less', { certificate: made({ permissions: ['message_relay'] }) }),
    differ('certificate-is-of-another-level', { certificate: made({}, 'basic') }),
    // The extension is ours: where it is missing, the level decides (L-V12).
    acceptable({ ...grounds.match, readings: ['L-T12', 'L-V12'] }, 'certificate-without-limits', {
      ...input,
      certificate: made({ extensions: [] }),
    }),
    differ('another-certificate', {
      certificate: made({ certificate_id: seededUuid('other'), not_after: NOW + 60 }),
    }),
  ];
}

const question = {
  certificate: message,
  issuer_server: text,
  issuer_public_key: octetsOf(32),
  subject_server: text,
  subject_public_key: octetsOf(32),
  now: from(0),
  revoked: flag,
  status_known: flag,
};

export const certificate: CategorySource = {
  category: 'certificate',
  prefix: 'V-CRT',
  title: 'Trust certificate',
  description:
    'A norc_trust_certificate as JSON, signed by its issuer over the canonical record without signature. ' +
    'Checks: all members there and of the right kind (version 1, ed25519, a level that can be granted), ' +
    'signature, not_before ≤ now < not_after, issuer, subject and key as expected, permissions known, ' +
    'once each and grantable at the level, no unknown critical extension (known: limits), conditions ' +
    'well-formed and before their deadline, not revoked; status unknown suffices at basic only.',
  functions: {
    validate: { does: 'whether every check holds; else reject.', input: question, output: {} },
    'first-failure': {
      does: 'the first check that fails in the order of T 4.2; revoked outranks expired.',
      input: question,
      output: { check: oneOf('none', ...checks) },
    },
    'match-decision': {
      does: 'whether a decision says of level, permissions, limits and validity exactly what the certificate says; else reject.',
      input: {
        certificate: message,
        granted_trust_level: text,
        federation_permissions: message,
        trust_metadata: message,
      },
      output: {},
    },
  },
  flags: {
    'loose-record': {
      bug: 'Members are missing or of another kind, and get a default.',
      effect: 'A certificate without limits, conditions or end is unlimited.',
    },
    unsigned: {
      bug: 'The signature is not that of the issuer over the whole record.',
      effect: 'Anybody issues trust in anybody’s name.',
    },
    'outside-validity': {
      bug: 'Validity is compared wrongly, or not at all.',
      effect: 'Trust that has ended goes on.',
    },
    'stolen-certificate': {
      bug: 'Issuer, subject or key are not those expected.',
      effect: 'A certificate issued to one server is used by another.',
    },
    'beyond-level': {
      bug: 'Permissions are not bounded by the level.',
      effect: 'A basic peer relays media or reads archives.',
    },
    overdue: {
      bug: 'Conditions are not looked at.',
      effect: 'Audits that never took place have no consequence.',
    },
    'revoked-passes': {
      bug: 'Revocation is not asked for, or can be barred by the certificate.',
      effect: 'A compromised server stays trusted.',
    },
    'unknown-status': {
      bug: 'An unknown status counts as good at every level.',
      effect: 'Whoever blocks the list un-revokes himself.',
    },
    'critical-extension': {
      bug: 'Unknown critical extensions are passed over.',
      effect: 'Restrictions that the issuer meant to be obeyed are not.',
    },
    'order-of-checks': {
      bug: 'Checks come in another order.',
      effect: 'Answers tell strangers what a forged certificate would have to say.',
    },
    'decision-differs': {
      bug: 'Decision and certificate are not compared.',
      effect: 'A server believes it may more, or less, than was signed.',
    },
  },
  drafts: () => [
    holds(grounds.whole, 'whole', {}),
    ...levelNames
      .filter((level) => level !== 'untrusted')
      .map((level) => holds(grounds.whole, `whole-at-${level}`, { certificate: made({}, level) })),
    ...records(),
    ...signatures(),
    ...times(),
    ...permissions(),
    ...conditions(),
    ...extensions(),
    ...statuses(),
    ...orders(),
    ...matches(),
  ],
};
