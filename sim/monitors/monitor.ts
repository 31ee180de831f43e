/**
 * Expectations as incremental monitors. They are fed the journal, entry by entry, and end with a
 * verdict: held, broken (when, and why), or never reached what they wait for.
 */
import { assertNever } from '../../reference/assert.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Tick } from '../kernel/kernel.ts';
import { secondsText } from '../ticks.ts';
import type { Entry } from '../trace/journal.ts';
import type { Condition } from './conditions.ts';
import { apply, createModel, type Model, type Watched } from './model.ts';
import type { Occurrence } from './occurrence.ts';

export type Expectation =
  | { readonly kind: 'never' | 'sometimes'; readonly name: string; readonly event: Occurrence }
  /** `finally`: when the run ends. */
  | { readonly kind: 'always' | 'finally'; readonly name: string; readonly state: Condition }
  /** So long after each event the state holds. */
  | {
      readonly kind: 'within';
      readonly name: string;
      readonly ticks: Tick;
      readonly after: Occurrence;
      readonly state: Condition;
    }
  /** Each event is followed by the other in time. */
  | {
      readonly kind: 'leads-to';
      readonly name: string;
      readonly ticks: Tick;
      readonly after: Occurrence;
      readonly event: Occurrence;
    }
  /** So long after the last trouble is over the state holds, and then to the end. */
  | {
      readonly kind: 'converges';
      readonly name: string;
      readonly ticks: Tick;
      readonly state: Condition;
    };

export interface Verdict {
  readonly name: string;
  readonly ids: readonly RequirementId[];
  readonly status: 'held' | 'broken' | 'unreached';
  /** Of the breach. */
  readonly at: Tick | null;
  readonly why: string;
}

/** Null while nothing is wrong. */
type Breach = { readonly at: Tick; readonly why: string } | null;

interface Monitor {
  readonly expectation: Expectation;
  breach: Breach;
  reached: boolean;
  /** Instants at which something is due, earliest first. */
  readonly due: Tick[];
}

export interface Watch {
  observe(entry: Entry): void;
  /** True when something is broken already. */
  isBroken(): boolean;
  finish(now: Tick): readonly Verdict[];
}

export function createWatch(expectations: readonly Expectation[], of: Watched): Watch {
  const model = createModel(of);
  const monitors = expectations.map(
    (expectation): Monitor => ({ expectation, breach: null, reached: false, due: [] }),
  );
  return {
    observe(entry) {
      for (const monitor of monitors) if (monitor.breach === null) before(monitor, entry, model);
      apply(model, entry);
      for (const monitor of monitors) if (monitor.breach === null) after(monitor, entry, model);
    },
    isBroken: () => monitors.some(({ breach }) => breach !== null),
    finish: (now) => monitors.map((monitor) => finish(monitor, now, model)),
  };
}

/** With the model as it was: what is due by now, and events. */
function before(monitor: Monitor, entry: Entry, model: Model): void {
  const { expectation, due } = monitor;
  if ((due[0] ?? Number.POSITIVE_INFINITY) < entry.at) settle(monitor, entry.at, model);
  if (monitor.breach !== null) return;
  switch (expectation.kind) {
    case 'never':
      if (isOfRogue(entry, model) || !expectation.event.matches(entry, model)) return;
      return breach(monitor, entry.at, textOf(entry));
    case 'sometimes':
      monitor.reached ||= expectation.event.matches(entry, model);
      return;
    case 'within':
    case 'leads-to':
      if (expectation.kind === 'leads-to' && expectation.event.matches(entry, model)) due.shift();
      if (!expectation.after.matches(entry, model)) return;
      monitor.reached = true;
      due.push(entry.at + expectation.ticks);
      return;
    case 'always':
    case 'finally':
    case 'converges':
      return;
    default:
      assertNever(expectation);
  }
}

/** What a device shows is nobody's deed but its own: its server may be the very attacker. */
function isOfRogue({ server, happening }: Entry, { rogues }: Model): boolean {
  return rogues.has(server) && happening.event !== 'shown';
}

/** With the model as it is now. */
function after(monitor: Monitor, { at, happening }: Entry, model: Model): void {
  const { expectation, due } = monitor;
  if (expectation.kind === 'always') hold(monitor, expectation.state, at, model);
  if (expectation.kind !== 'converges') return;
  if (happening.event === 'plan') {
    monitor.reached = true;
    due.splice(0, 1, at + expectation.ticks);
  } else if (due.length === 0) due.push(expectation.ticks);
}

/** The time of the first that is due has passed. */
function settle(monitor: Monitor, now: Tick, model: Model): void {
  const { expectation, due } = monitor;
  switch (expectation.kind) {
    case 'within':
      while ((due[0] ?? Number.POSITIVE_INFINITY) < now && monitor.breach === null) {
        hold(monitor, expectation.state, due.shift() as Tick, model);
      }
      return;
    case 'leads-to':
      return breach(monitor, due[0] as Tick, 'what must follow did not');
    case 'converges':
      // From then on at every entry, unless there is trouble again.
      if (model.troubles.size === 0) hold(monitor, expectation.state, now, model);
      return;
    default:
      return;
  }
}

function hold(monitor: Monitor, state: Condition, at: Tick, model: Model): void {
  const missing = state.missing(model);
  if (missing !== null) breach(monitor, at, missing);
}

function breach(monitor: Monitor, at: Tick, why: string): void {
  monitor.breach = { at, why };
}

function finish(monitor: Monitor, now: Tick, model: Model): Verdict {
  const { expectation } = monitor;
  if (monitor.breach === null) atTheEnd(monitor, now, model);
  const common = { name: expectation.name, ids: idsOf(expectation) };
  if (monitor.breach) return { ...common, status: 'broken', ...monitor.breach };
  const isReached = monitor.reached || !waits(expectation);
  return { ...common, status: isReached ? 'held' : 'unreached', at: null, why: '' };
}

/** Whether the verdict means nothing when nothing was seen. */
const waits = ({ kind }: Expectation): boolean =>
  kind === 'sometimes' || kind === 'within' || kind === 'leads-to';

function atTheEnd(monitor: Monitor, now: Tick, model: Model): void {
  const { expectation, due } = monitor;
  if (expectation.kind === 'within' && due.length > 0) hold(monitor, expectation.state, now, model);
  const isOfTheEnd = expectation.kind === 'converges' || expectation.kind === 'finally';
  if (isOfTheEnd) hold(monitor, expectation.state, now, model);
  if (expectation.kind === 'leads-to' && (due[0] ?? now + 1) <= now) settle(monitor, now, model);
}

function idsOf(expectation: Expectation): readonly RequirementId[] {
  switch (expectation.kind) {
    case 'never':
    case 'sometimes':
      return expectation.event.ids;
    case 'always':
    case 'finally':
    case 'converges':
      return expectation.state.ids;
    case 'within':
      return [...expectation.after.ids, ...expectation.state.ids];
    case 'leads-to':
      return [...expectation.after.ids, ...expectation.event.ids];
    default:
      return assertNever(expectation);
  }
}

function textOf({ at, server, happening }: Entry): string {
  const peer = 'peer' in happening && happening.peer ? ` ${happening.peer}` : '';
  const what =
    'parcel' in happening ? (happening.parcel.message?.type ?? happening.parcel.kind) : '';
  return `${server || 'the world'} ${happening.event} ${what}${peer} at ${secondsText(at)}`;
}
