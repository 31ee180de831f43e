/** The certificate that is right, and how questions about others are asked. */
import type { Level } from '../../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../../vector-file.ts';
import { type Draft, type Grounds, invalid, valid } from '../../category.ts';
import { hex } from '../../primitives/bytes.ts';
import type { JsonObject } from '../../primitives/canonical-json.ts';
import { certificate as issue, NOW } from '../../primitives/certificate.ts';
import { alice, bob } from '../../primitives/trust-run.ts';

export const grounds = {
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

export interface Question {
  readonly certificate: JsonObject;
  readonly issuer_server: string;
  readonly issuer_public_key: string;
  readonly subject_server: string;
  readonly subject_public_key: string;
  readonly now: number;
  readonly revoked: boolean;
  readonly status_known: boolean;
}

export const made = (changes: JsonObject = {}, level: Level = 'verified'): JsonObject =>
  issue(bob, alice, level, changes);

export const RIGHT: Question = {
  certificate: made(),
  issuer_server: bob.name,
  issuer_public_key: hex(bob.key.public),
  subject_server: alice.name,
  subject_public_key: hex(alice.key.public),
  now: NOW + 3600,
  revoked: false,
  status_known: true,
};

export const asked = (change: Partial<Question>): VectorValue => ({
  function: 'validate',
  ...RIGHT,
  ...change,
});

export const holds = (about: Grounds, name: string, change: Partial<Question>): Draft =>
  valid(about, name, asked(change));

export const refuse = (about: Grounds, name: string, change: Partial<Question>): Draft =>
  invalid(about, name, asked(change));
