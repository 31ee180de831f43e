/** What a scenario expects, from names to monitors. */
import { type RequirementId, requirementIds } from '../../spec/emitted/requirement-ids.ts';
import { type Condition, conditions } from '../monitors/conditions.ts';
import type { Expectation } from '../monitors/monitor.ts';
import type { Occurrence } from '../monitors/occurrence.ts';
import { grantedTo, occurrences, refusalOf, sessionAt } from '../monitors/occurrences.ts';
import type { Reading } from './reading.ts';
import type { Path } from './source.ts';
import { ticksIn } from './units.ts';

export interface ExpectationText {
  readonly never?: string;
  readonly sometimes?: string;
  readonly always?: string;
  readonly finally?: string;
  readonly within?: string;
  readonly after?: string;
  readonly holds?: string;
  readonly 'leads-to'?: string;
  readonly converges?: string;
}

export function readExpectation(
  text: ExpectationText,
  place: number,
  reading: Reading,
): Expectation {
  const path: Path = ['expect', place];
  const event = (member: keyof ExpectationText) => occurrenceAt(text, member, path, reading);
  const state = (member: keyof ExpectationText) => conditionAt(text, member, path, reading);
  const name = nameOf(text);
  if (text.never !== undefined) return { kind: 'never', name, event: event('never') };
  if (text.sometimes !== undefined) return { kind: 'sometimes', name, event: event('sometimes') };
  if (text.always !== undefined) return { kind: 'always', name, state: state('always') };
  if (text.finally !== undefined) return { kind: 'finally', name, state: state('finally') };
  const ticks = ticksIn(text.within ?? '0s');
  if (text.within === undefined) reading.fault(path, 'within what time?');
  if (text.converges !== undefined) {
    return { kind: 'converges', name, ticks, state: state('converges') };
  }
  const after = event('after');
  if (text['leads-to'] !== undefined) {
    return { kind: 'leads-to', name, ticks, after, event: event('leads-to') };
  }
  return { kind: 'within', name, ticks, after, state: state('holds') };
}

const nameOf = (text: ExpectationText): string =>
  Object.entries(text)
    .map(([member, value]) => `${member} ${value}`)
    .join(' ');

const PARAMETER = /^([a-z-]+)\(([^)]+)\)$/;
const known: ReadonlySet<string> = new Set(requirementIds);

function occurrenceAt(
  text: ExpectationText,
  member: keyof ExpectationText,
  path: Path,
  reading: Reading,
): Occurrence {
  const name = text[member] ?? '';
  const [, kind, parameter = ''] = PARAMETER.exec(name) ?? [];
  if (kind === 'refused' && known.has(parameter)) return refusalOf(parameter as RequirementId);
  if (kind === 'session') return sessionAt(parameter);
  if (kind === 'granted' && everybody(reading).includes(parameter)) return grantedTo(parameter);
  const found = occurrences[name];
  if (found) return found;
  const names = [
    ...Object.keys(occurrences),
    'refused(ID)',
    'session(VERSION)',
    'granted(SERVER)',
  ].join(', ');
  reading.fault([...path, member], `nothing is called ${name}: there are ${names}`);
  return { summary: '', ids: [], matches: () => false };
}

const everybody = ({ groups }: Reading): readonly string[] => [...groups.values()].flat();

function conditionAt(
  text: ExpectationText,
  member: keyof ExpectationText,
  path: Path,
  reading: Reading,
): Condition {
  const name = text[member] ?? '';
  const found = conditions[name];
  if (found) return found;
  const names = Object.keys(conditions).join(', ');
  reading.fault([...path, member], `no state is called ${name}: there are ${names}`);
  return { summary: '', ids: [], missing: () => null };
}
