/** Whether a subject stood an attempt: what it may never do, whatever is done to it. */
import { errorByCode } from '../../spec/emitted/registries.ts';
import type { ProtocolVersion } from '../conformance/case.ts';
import type { Attempted } from './attempt.ts';
import { type Change, isChoice, isRepeatable } from './choices.ts';
import { objectOf } from './mutate.ts';
import type { Plan } from './mutation.ts';
import type { Script } from './script.ts';
import type { Crossing } from './tampering.ts';

export interface Finding {
  readonly oracle: OracleId;
  readonly expected: string;
  readonly got: string;
  /** Index of the crossing that matters, where one does. */
  readonly crossing: number | null;
}

export const oracles = {
  'altered-is-not-granted': 'nothing is granted on a message that was altered',
  'extra-is-not-taken': 'a message that nobody sent, or sent again, is refused or changes nothing',
  'honest-is-granted': 'what was not altered is granted',
  'never-crashes': 'no message makes the subject fail inside',
  'always-answers': 'every request is answered, or its link closed',
  'registered-code': 'a refusal has a code of its layer and the text of the registry, no more',
  'well-formed': 'all that the subject sends is well-formed',
  'nothing-left-behind': 'the same done again honestly is granted',
  'memory-bounded': 'attacks do not make the subject remember more and more',
  'as-agreed': 'what the subject says is what the rules make of the messages it was sent',
} as const;

export type OracleId = keyof typeof oracles;

export interface Judged {
  readonly script: Script;
  readonly plan: Plan;
  readonly at: ProtocolVersion;
  readonly attempted: Attempted;
  /** What the subject has thrown, where it can be seen. */
  readonly crashed: Error | null;
}

/** The first thing that is wrong, or null. */
export function judge(judged: Judged): Finding | null {
  for (const oracle of inOrder) {
    const finding = oracle(judged);
    if (finding) return finding;
  }
  return null;
}

type Oracle = (judged: Judged) => Finding | null;

const inOrder: readonly Oracle[] = [
  crash,
  hang,
  granting,
  extras,
  codes,
  agreement,
  ({ attempted: { malformed } }) =>
    malformed[0] === undefined
      ? null
      : found('well-formed', 'a well-formed message', malformed[0], null),
  ({ attempted: { againFailed } }) =>
    againFailed === null
      ? null
      : found('nothing-left-behind', 'everything is granted', againFailed, null),
];

function crash({ crashed }: Judged): Finding | null {
  if (!crashed) return null;
  return found('never-crashes', 'no fault', crashed.message, null);
}

function hang({ attempted: { crossings } }: Judged): Finding | null {
  const at = crossings.findIndex(({ type }) => type.startsWith('(no answer'));
  return at < 0 ? null : found('always-answers', 'an answer', crossings[at]?.type ?? '', at);
}

/** The heart: what was altered grants nothing, and what was not grants all. */
function granting(judged: Judged): Finding | null {
  const { script, plan, attempted } = judged;
  const { granted, altered, crossings } = attempted;
  const excess = script.never?.find((name) => granted.has(name));
  if (excess) return found('extra-is-not-taken', `never ${excess}`, excess, null);
  for (const grant of script.grants) {
    const isGuilty = (type: string): boolean =>
      altered.has(type) && !isChoice(changeOf(judged, type));
    const type = grant.of.find(isGuilty);
    if (type !== undefined && granted.has(grant.name)) {
      const at = crossings.findIndex(({ standsFor, to }) => to === 'subject' && standsFor === type);
      const expected = `not ${grant.name}: ${type} is not what an honest party sent`;
      return found('altered-is-not-granted', expected, grant.name, at < 0 ? null : at);
    }
  }
  return isUntouched(plan, attempted) ? allGranted(script, granted) : null;
}

function changeOf({ at, script, attempted }: Judged, type: string): Change {
  const { effective, originals, finals } = attempted;
  const by = [...effective].filter(({ message }) => message === type);
  return {
    script: script.name,
    type,
    honest: originals.get(type),
    sent: finals.get(type),
    by,
    version: at,
  };
}

const isUntouched = (plan: Plan, { altered, crossings }: Attempted): boolean =>
  altered.size === 0 &&
  crossings.every(({ fate }) => fate === 'honest') &&
  !plan.some(
    ({ kind }) => kind === 'skip' || kind === 'swap' || kind === 'repeat' || kind === 'publish',
  );

function allGranted({ grants }: Script, granted: ReadonlySet<string>): Finding | null {
  const missing = grants.find(({ name }) => !granted.has(name));
  if (!missing) return null;
  return found('honest-is-granted', missing.name, 'a refusal', null);
}

/** Whoever has altered nothing on the way knows what was agreed on. */
function agreement({ plan, attempted: { complaints, effective } }: Judged): Finding | null {
  const isOnTheWay = plan.some((each) => !('hand' in each) || each.hand === 'path');
  // With the public key of another, a sender cannot know what was agreed on.
  const isBlind = [...effective].some((each) => 'path' in each && blinding.has(each.path[0] ?? ''));
  const [complaint] = complaints;
  if (isOnTheWay || isBlind || complaint === undefined) return null;
  return found('as-agreed', 'an answer by the rules', complaint, null);
}

const blinding: ReadonlySet<string> = new Set(['ephemeral_public_key', 'pq_public_key']);

/**
 * On links every request has its answer, and an extra one is refused. A device is told less: after an
 * extra message that is not refused nothing of what follows is granted.
 */
function extras(judged: Judged): Finding | null {
  return judged.script.name === 'client' ? passedOver(judged) : answeredExtra(judged);
}

function passedOver({ script, attempted: { crossings, granted } }: Judged): Finding | null {
  const at = crossings.findIndex(
    (each) => each.fate === 'extra' && each.to === 'subject' && !isRepeatable(each, crossings),
  );
  const isRefused = crossings.slice(at).some(({ type, to }) => to === 'us' && type === 'error');
  if (at < 0 || isRefused) return null;
  const later = crossings
    .slice(at + 1)
    .filter(({ fate, to }) => to === 'subject' && fate !== 'extra');
  const taken = script.grants.find(
    ({ name, of }) => granted.has(name) && later.some(({ standsFor }) => of.includes(standsFor)),
  );
  if (!taken) return null;
  return found('extra-is-not-taken', `not ${taken.name} after it`, taken.name, at);
}

function answeredExtra({ attempted: { crossings } }: Judged): Finding | null {
  for (const [index, crossing] of crossings.entries()) {
    if (crossing.to !== 'us' || crossing.fate !== 'extra') continue;
    const asked = crossings[crossing.answers ?? -1];
    if (isRefusal(crossing) || !asked || isRepeatable(asked, crossings)) continue;
    const got = `${crossing.type} ${crossing.status}`;
    return found('extra-is-not-taken', 'a refusal', got, crossing.answers ?? index);
  }
  return null;
}

export const isRefusal = ({ type, status }: Crossing): boolean =>
  type === 'federation_error' || status === 0 || (status ?? 200) >= 400;

function codes({ script, attempted: { crossings } }: Judged): Finding | null {
  for (const [index, crossing] of crossings.entries()) {
    if (crossing.to !== 'us') continue;
    if ((crossing.status ?? 0) >= 500) {
      return found('registered-code', 'a refusal below 500', String(crossing.status), index);
    }
    const wrong = codeFault(script, crossing);
    if (wrong) return found('registered-code', wrong.expected, wrong.got, index);
  }
  return null;
}

/** A device takes part in a relay, and trust in all that goes over links. */
const layersOf: Readonly<Record<Script['name'], readonly string[]>> = {
  client: ['common', 'client'],
  federation: ['common', 'federation'],
  relay: ['common', 'client', 'federation'],
  trust: ['common', 'federation', 'trust'],
  renewal: ['common', 'federation', 'trust'],
  revocation: ['common', 'federation', 'trust'],
};

function codeFault({ name }: Script, { type, text }: Crossing) {
  if (type !== 'error' && type !== 'federation_error') return null;
  const { error_code, error_category, message } = objectOf(text) ?? {};
  const row = Object.values(errorByCode).find(
    ({ code, layer }) => code === error_code && layersOf[name].includes(layer),
  );
  if (!row || row.category === 'server') {
    return { expected: `a code of ${layersOf[name].join(', ')}`, got: String(error_code) };
  }
  if (row.category !== error_category || row.message !== message) {
    return {
      expected: `${row.code} ${row.category}: ${row.message}`,
      got: `${error_code} ${error_category}: ${message}`,
    };
  }
  return null;
}

function found(oracle: OracleId, expected: string, got: string, crossing: number | null): Finding {
  return { oracle, expected, got, crossing };
}
