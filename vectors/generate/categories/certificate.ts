/** V-CRT: checks of a trust certificate, in order (T 4.2, L-T12 to L-T15). */
import { levelNames } from '../../../spec/emitted/registries.ts';
import type { CategorySource } from '../category.ts';
import { flag, from, message, octetsOf, oneOf, text } from '../shape.ts';
import { matches } from './certificate/decision.ts';
import { checks, orders } from './certificate/order.ts';
import { records, signatures, times } from './certificate/record.ts';
import { grounds, holds, made } from './certificate/scene.ts';
import { conditions, extensions, permissions, statuses } from './certificate/terms.ts';

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
      .filter((level) => level !== 'untrusted' && level !== 'verified')
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
