/** Which check is the first to fail (T-CERT-09). */
import { type Draft, valid } from '../../category.ts';
import { hex } from '../../primitives/bytes.ts';
import { NOW } from '../../primitives/certificate.ts';
import { signed } from '../../primitives/signature.ts';
import { mallory } from '../../primitives/trust-run.ts';
import { grounds, made, type Question, RIGHT } from './scene.ts';
import { condition } from './terms.ts';

type Check = 'signature' | 'validity' | 'issuer' | 'permissions' | 'conditions' | 'revocation';

export const checks: readonly Check[] = [
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

export function orders(): Draft[] {
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
