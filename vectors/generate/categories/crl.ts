/** V-CRL: lists of revoked certificates (L-R02, L-R08). */
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { base64url, filled, flip, fromBase64url, hex, seededUuid } from '../primitives/bytes.ts';
import type { JsonObject } from '../primitives/canonical-json.ts';
import { NOW } from '../primitives/certificate.ts';
import { signed } from '../primitives/signature.ts';
import { bob, mallory } from '../primitives/trust-run.ts';
import { flag, from, listOf, mapOf, message, octetsOf, optional, text } from '../shape.ts';
import { eachChanged, eachDropped } from '../variation.ts';

const grounds = {
  value: { requirements: ['T-CRL-01'], readings: ['L-R08'], flags: ['unsigned-list'] },
  signature: { requirements: ['T-CRL-01'], readings: ['L-R08'], flags: ['unsigned-list'] },
  time: { requirements: ['T-CRL-01'], readings: ['L-R08'], flags: ['stale-list'] },
  life: { requirements: ['T-CRL-04'], readings: ['L-R08'], flags: ['long-life'] },
  number: { requirements: ['T-CRL-02'], readings: ['L-R08'], flags: ['rolled-back'] },
  gone: { requirements: ['T-CRL-03'], readings: ['L-R08'], flags: ['forgotten-entry'] },
  extension: { requirements: ['T-CERT-14'], readings: ['L-T14'], flags: ['critical-extension'] },
  reason: { requirements: ['T-REV-17', 'T-REV-18'], readings: ['L-R02'], flags: ['reason'] },
} satisfies Record<string, Grounds>;

const IDS = [1, 2, 3].map((number) => seededUuid(`revoked ${number}`));
const [ONE = '', TWO = '', THREE = ''] = IDS;
const DAY = 86_400;

const entry = (certificate_id: string, change: JsonObject = {}): JsonObject => ({
  certificate_id,
  revocation_date: NOW - 7200,
  revocation_reason: 'key_compromise',
  extensions: [],
  ...change,
});

const body = (change: JsonObject = {}): JsonObject => ({
  type: 'norc_crl',
  issuer_server: bob.name,
  this_update: NOW - 60,
  next_update: NOW - 60 + DAY,
  revoked_certificates: [entry(ONE), entry(TWO, { revocation_reason: 'superseded' })],
  crl_extensions: [],
  signature_algorithm: 'ed25519',
  crl_number: 7,
  ...change,
});
const listed = (change: JsonObject = {}): JsonObject => signed(bob.key, body(change));

interface Reading {
  readonly list: JsonObject;
  readonly previous: JsonObject | null;
  readonly now: number;
  readonly issuer_server: string;
  readonly issuer_public_key: string;
  readonly certificates: { readonly [id: string]: number };
}

const RIGHT: Reading = {
  list: listed(),
  previous: null,
  issuer_server: bob.name,
  issuer_public_key: hex(bob.key.public),
  now: NOW,
  certificates: { [ONE]: NOW + DAY, [TWO]: NOW + DAY, [THREE]: NOW - 1 },
};

const asked = (change: Partial<Reading>): VectorValue => ({
  function: 'read',
  ...RIGHT,
  ...change,
});
const reads = (
  about: Grounds,
  name: string,
  change: Partial<Reading>,
  revoked: readonly string[],
): Draft => valid(about, name, asked(change), { revoked: revoked.toSorted() });
const refuse = (about: Grounds, name: string, change: Partial<Reading>): Draft =>
  invalid(about, name, asked(change));

function signatures(): Draft[] {
  const right = listed();
  const bytes = fromBase64url(String(right.signature));
  const { signature: _, ...plain } = right;
  const added = { ...right, revoked_certificates: [entry(ONE), entry(TWO), entry(THREE)] };
  return [
    ...[...eachChanged(plain), ...eachDropped(right)].map(([what, list]) =>
      refuse(grounds.signature, `list-${what}`, { list }),
    ),
    ...[0, 31, 32, 63].map((at) =>
      refuse(grounds.signature, `signature-byte-${at}-changed`, {
        list: { ...right, signature: base64url(flip(bytes, 8 * at)) },
      }),
    ),
    refuse(grounds.signature, 'signature-zero', {
      list: { ...right, signature: base64url(filled(64, 0)) },
    }),
    refuse(grounds.signature, 'entry-added-after-signing', { list: added }),
    refuse(grounds.signature, 'entry-removed-after-signing', {
      list: { ...right, revoked_certificates: [entry(ONE)] },
    }),
    refuse(grounds.signature, 'emptied-after-signing', {
      list: { ...right, revoked_certificates: [] },
    }),
    refuse(grounds.signature, 'signed-by-another', { list: signed(mallory.key, body()) }),
    refuse(grounds.signature, 'of-another-issuer', {
      list: listed({ issuer_server: mallory.name }),
    }),
    refuse(grounds.signature, 'expected-of-another-issuer', { issuer_server: mallory.name }),
    refuse(grounds.signature, 'key-of-another', { issuer_public_key: hex(mallory.key.public) }),
    refuse(grounds.signature, 'another-type', { list: listed({ type: 'norc_trust_certificate' }) }),
  ];
}

function times(): Draft[] {
  const at = (name: string, now: number): Draft => {
    const isFresh = now >= NOW - 60 && now < NOW - 60 + DAY;
    if (!isFresh) return refuse(grounds.time, name, { now });
    return reads(grounds.time, name, { now }, [ONE, TWO]);
  };
  const lasting = (name: string, seconds: number): Draft => {
    const list = listed({ next_update: NOW - 60 + seconds });
    if (seconds > DAY || seconds <= 0) return refuse(grounds.life, name, { list });
    return reads(grounds.life, name, { list }, [ONE, TWO]);
  };
  return [
    at('at-its-first-second', NOW - 60),
    at('a-second-before-its-time', NOW - 61),
    at('a-day-before-its-time', NOW - DAY),
    at('at-its-last-second', NOW - 61 + DAY),
    at('at-next-update', NOW - 60 + DAY),
    at('an-hour-stale', NOW + 3600 + DAY),
    lasting('for-an-hour', 3600),
    lasting('for-a-day-and-a-second', DAY + 1),
    lasting('for-a-year', 365 * DAY),
    lasting('for-no-time', 0),
    lasting('ends-before-it-begins', -1),
  ];
}

function numbers(): Draft[] {
  const previous = listed();
  const after = (name: string, crl_number: number, change: JsonObject = {}): Draft => {
    const list = listed({ crl_number, this_update: NOW - 30, ...change });
    if (crl_number <= 7) return refuse(grounds.number, name, { list, previous });
    return reads(grounds.number, name, { list, previous }, [ONE, TWO]);
  };
  const fewer = (name: string, list: JsonObject, change: Partial<Reading> = {}): Draft =>
    refuse(grounds.gone, name, { list, previous, ...change });
  const next = (entries: readonly JsonObject[]): JsonObject =>
    listed({ crl_number: 8, this_update: NOW - 30, revoked_certificates: entries });
  const old = listed({ revoked_certificates: [entry(ONE), entry(THREE)] });
  return [
    after('one-number-up', 8),
    after('many-numbers-up', 1_734_900_000),
    after('one-number-down', 6),
    after('number-zero', 0),
    after('number-negative', -1),
    after('same-number-at-another-time', 7),
    after('same-number-with-fewer-entries', 7, {
      revoked_certificates: [entry(ONE)],
      this_update: NOW - 60,
    }),
    after('same-number-with-more-entries', 7, {
      revoked_certificates: IDS.map((id) => entry(id)),
      this_update: NOW - 60,
    }),
    after('same-number-for-another-reason', 7, {
      revoked_certificates: [entry(ONE), entry(TWO)],
      this_update: NOW - 60,
    }),
    reads(grounds.number, 'the-same-list-again', { previous }, [ONE, TWO]),
    fewer('first-entry-gone', next([entry(TWO)])),
    fewer('second-entry-gone', next([entry(ONE)])),
    fewer('all-entries-gone', next([])),
    fewer('entry-exchanged', next([entry(ONE), entry(THREE)])),
    reads(
      grounds.gone,
      'entries-in-another-order',
      { list: next([entry(TWO), entry(ONE)]), previous },
      [ONE, TWO],
    ),
    reads(grounds.gone, 'entry-added', { list: next(IDS.map((id) => entry(id))), previous }, IDS),
    reads(grounds.gone, 'expired-entry-gone', { list: next([entry(ONE)]), previous: old }, [ONE]),
    fewer('entry-gone-on-its-last-day', next([entry(ONE)]), {
      previous: listed({ revoked_certificates: [entry(ONE), entry(TWO)] }),
      certificates: { ...RIGHT.certificates, [TWO]: NOW + 1 },
    }),
  ];
}

function extensions(): Draft[] {
  const extension = (critical: boolean): JsonObject => ({ id: 'x_new', critical, value: 'x' });
  const inList = (critical: boolean): JsonObject =>
    listed({ crl_extensions: [extension(critical)] });
  const inEntry = (critical: boolean): JsonObject =>
    listed({ revoked_certificates: [entry(ONE, { extensions: [extension(critical)] })] });
  return [
    reads(grounds.extension, 'unknown-extension', { list: inList(false) }, [ONE, TWO]),
    refuse(grounds.extension, 'unknown-critical-extension', { list: inList(true) }),
    reads(grounds.extension, 'unknown-extension-of-an-entry', { list: inEntry(false) }, [ONE]),
    refuse(grounds.extension, 'unknown-critical-extension-of-an-entry', { list: inEntry(true) }),
  ];
}

/** L-R02: what a revocation says, and what the list says of it. */
const REASONS: Readonly<Record<string, string | null>> = {
  compromised_key: 'key_compromise',
  policy_violation: 'privilege_withdrawn',
  voluntary: 'cessation_of_operation',
  superseded: 'superseded',
  expired: null,
  // Unknown ones count as the worst.
  stolen_hardware: 'key_compromise',
  unspecified: 'key_compromise',
  '': 'key_compromise',
};

const reasons = (): Draft[] =>
  Object.entries(REASONS).map(([reason, crl_reason]) =>
    valid(
      grounds.reason,
      `reason-${reason.replaceAll('_', '-') || 'empty'}`,
      { function: 'map-reason', reason },
      crl_reason === null ? { listed: false } : { listed: true, crl_reason },
    ),
  );

export const crl: CategorySource = {
  category: 'crl',
  title: 'Revocation list',
  description:
    'A norc_crl as JSON, signed by its issuer. It is good when this_update ≤ now < next_update and no ' +
    'longer than a day, its number is above that of the list before (or it is the same list), no entry ' +
    'of the list before is missing whose certificate has not expired, and no unknown extension of the ' +
    'list or of an entry is critical.',
  functions: {
    read: {
      does: 'the ids of the certificates that a good list revokes, sorted; else reject. certificates holds not_after by id; previous is the list read before, or null.',
      input: {
        list: message,
        previous: { type: ['object', 'null'] },
        issuer_server: text,
        issuer_public_key: octetsOf(32),
        now: from(0),
        certificates: mapOf(from(0)),
      },
      output: { revoked: listOf(text) },
    },
    'map-reason': {
      does: 'whether a revocation for this reason is listed, and under which reason of the list.',
      input: { reason: text },
      output: { listed: flag, crl_reason: optional(text) },
    },
  },
  flags: {
    'unsigned-list': {
      bug: 'The signature is not that of the issuer over the whole list.',
      effect: 'Whoever serves the list decides who is revoked.',
    },
    'stale-list': {
      bug: 'An old list, or one of the future, counts as knowledge.',
      effect: 'The list of yesterday un-revokes what was revoked today.',
    },
    'long-life': {
      bug: 'The life of a list is not bounded.',
      effect: 'A list made before the compromise serves for years.',
    },
    'rolled-back': {
      bug: 'Numbers may fall, or one number may have two contents.',
      effect: 'An issuer, or somebody before it, tells different stories to different servers.',
    },
    'forgotten-entry': {
      bug: 'Entries may disappear before their certificates have expired.',
      effect: 'What was revoked comes back.',
    },
    'critical-extension': {
      bug: 'Unknown critical extensions are passed over.',
      effect: 'A partial list is taken for a whole one.',
    },
    reason: {
      bug: 'Reasons are mapped to milder ones, or unknown ones are dropped.',
      effect: 'A compromised key is listed as a matter of convenience, and grace is given.',
    },
  },
  drafts: () => [
    reads(grounds.value, 'first-list-for-a-day', {}, [ONE, TWO]),
    reads(grounds.value, 'empty-list', { list: listed({ revoked_certificates: [] }) }, []),
    reads(
      grounds.value,
      'unknown-reason-revokes',
      { list: listed({ revoked_certificates: [entry(THREE, { revocation_reason: 'mystery' })] }) },
      [THREE],
    ),
    ...signatures(),
    ...times(),
    ...numbers(),
    ...extensions(),
    ...reasons(),
  ],
};
