/**
 * From a scenario that fails to the smallest that fails in the same way: end earlier, fewer things
 * that happen, less work, fewer servers, and once more fewer things that happen.
 *
 * Every trial is a whole run. Two failures are the same when the same expectation is broken, or a
 * node throws during the same kind of event.
 */
import type { RunResult } from '../run.ts';
import { compileScenario, type Scenario, type ScenarioText, sizesOf } from '../scenario/compile.ts';
import { itemKinds } from '../scenario/item-kinds.ts';
import { type ItemText, kindOf, type Selectors } from '../scenario/plan-reading.ts';
import { groupsOf, select } from '../scenario/selector.ts';
import { durationText, ticksIn } from '../scenario/units.ts';
import { expanded } from './expand.ts';
import { type Shrunk, smallestFailing } from './smallest-failing.ts';

/** How a run has failed, in a word that another run can be held against. */
export type Failure =
  | { readonly kind: 'broken'; readonly expectation: string; readonly at: number | null }
  | { readonly kind: 'threw'; readonly what: string };

/** Null: it has not failed, or only never came to what it waits for: nothing does that soonest. */
export function failureOf({
  verdicts,
  thrown,
}: Pick<RunResult, 'verdicts' | 'thrown'>): Failure | null {
  const [first] = thrown;
  if (first !== undefined) return { kind: 'threw', what: first.replace(/^[^,]*, /, '') };
  const broken = verdicts.find(({ status }) => status === 'broken');
  return broken ? { kind: 'broken', expectation: broken.name, at: broken.at } : null;
}

export function isSameFailure(one: Failure, other: Failure | null): boolean {
  if (other === null) return false;
  if (one.kind === 'threw') return other.kind === 'threw' && other.what === one.what;
  return other.kind === 'broken' && other.expectation === one.expectation;
}

export const stages = ['time', 'timeline', 'workload', 'servers', 'timeline again'] as const;

export interface ShrinkOptions {
  readonly run: (scenario: Scenario) => RunResult;
  /** Runs at most. */
  readonly budget: number;
  /** It does fail, so it may be made smaller. */
  readonly onFailure?: (failure: Failure) => void;
  readonly onTrial?: (stage: (typeof stages)[number], trials: number, text: ScenarioText) => void;
  /** Asked before each run; true: what has been found so far is enough. */
  readonly isStopped?: () => boolean | Promise<boolean>;
}

export interface ShrunkScenario {
  readonly text: ScenarioText;
  readonly failure: Failure;
  readonly trials: number;
  /** Nothing single can be left out. */
  readonly isMinimal: boolean;
  /** Somebody had enough before. */
  readonly isStopped: boolean;
}

interface Search {
  readonly scenario: Scenario;
  readonly failure: Failure;
  readonly options: ShrinkOptions;
  trials: number;
  stage: (typeof stages)[number];
  isStopped: boolean;
}

/** Throws RangeError when the scenario does not fail. */
export async function shrinkScenario(
  scenario: Scenario,
  options: ShrinkOptions,
): Promise<ShrunkScenario> {
  const failure = failureOf(options.run(scenario));
  if (failure === null) throw new RangeError('the scenario does not fail');
  options.onFailure?.(failure);
  const search: Search = {
    ...{ scenario, failure, options, trials: 1, stage: 'time', isStopped: false },
  };
  const whole = expanded(scenario);
  const isTheSame = await fails(search, whole);
  if (!isTheSame && !search.isStopped) {
    throw new RangeError('what it says in full does not fail as it does');
  }
  let text = await endEarlier(search, whole);
  let isMinimal = true;
  const take = async <T>(
    items: readonly T[],
    textWith: (kept: readonly T[]) => ScenarioText,
  ): Promise<void> => {
    const trial = (kept: readonly T[]) =>
      kept.length === items.length || fails(search, textWith(kept));
    const left = options.budget - search.trials;
    const found: Shrunk<T> = await smallestFailing(items, trial, Math.max(1, left));
    isMinimal &&= found.isMinimal;
    if (found.items.length < items.length) text = textWith(found.items);
  };
  const lessHappens = () => take(text.timeline ?? [], (timeline) => ({ ...text, timeline }));
  search.stage = 'timeline';
  await lessHappens();
  search.stage = 'workload';
  await take(text.workload ?? [], (workload) => ({ ...text, workload }));
  search.stage = 'servers';
  const before = text;
  const ids = scenario.world.servers.map(({ id }) => id);
  await take(ids, (kept) => withServers(before, new Set(kept)));
  search.stage = 'timeline again';
  await lessHappens();
  const { trials, isStopped } = search;
  return { text, failure, trials, isStopped, isMinimal: isMinimal && !isStopped };
}

async function fails(search: Search, text: ScenarioText): Promise<boolean> {
  const { options, scenario, failure, stage } = search;
  search.isStopped ||= (await options.isStopped?.()) ?? false;
  if (search.isStopped) return false;
  const candidate = compiled(scenario, text);
  if (candidate === null) return false;
  search.trials += 1;
  options.onTrial?.(stage, search.trials, text);
  return isSameFailure(failure, failureOf(options.run(candidate)));
}

/** Null where what is left cannot be meant. */
function compiled({ title, world }: Scenario, text: ScenarioText): Scenario | null {
  try {
    // JSON is YAML.
    return compileScenario(title, JSON.stringify(text), { off: [...world.off] });
  } catch {
    return null;
  }
}

/** Right after the breach, if it is one that does not wait for the end. */
async function endEarlier(search: Search, text: ScenarioText): Promise<ScenarioText> {
  const { failure } = search;
  if (failure.kind !== 'broken' || failure.at === null) return text;
  const until = failure.at + 1;
  const shorter: ScenarioText = {
    ...text,
    for: durationText(until),
    timeline: (text.timeline ?? []).filter(({ at }) => isBefore(at, until)),
  };
  return (await fails(search, shorter)) ? shorter : text;
}

const isBefore = (at: string, until: number): boolean => ticksIn(at) < until;

/** Without what needs a server that is not there. */
function withServers(text: ScenarioText, kept: ReadonlySet<string>): ScenarioText {
  const places = groupsOf(sizesOf(text.servers)).places;
  const left = Object.entries(text.servers).flatMap(([name, server]) => {
    const absent = (places.get(name) ?? []).flatMap((id, place) => (kept.has(id) ? [] : [place]));
    if (absent.length === places.get(name)?.length) return [];
    return [[name, absent.length > 0 ? { ...server, absent } : server] as const];
  });
  const servers = Object.fromEntries(left);
  const there = groupsOf(sizesOf(servers));
  const isThere = (selectors: Selectors): boolean =>
    [selectors].flat().some((selector) => {
      if (selector === 'rest') return true;
      const selected = select(there.groups, there.places, selector);
      return selected.ok && selected.ids.length > 0;
    });
  return {
    ...{ ...text, servers },
    links: {
      ...text.links,
      between: (text.links.between ?? []).filter((ends) => ends.every(isThere)),
    },
    timeline: (text.timeline ?? []).filter((item) => sidesOf(item).every(isThere)),
    workload: (text.workload ?? []).filter(({ relay }) => [relay.from, relay.to].every(isThere)),
  };
}

function sidesOf(item: ItemText): readonly Selectors[] {
  const kind = kindOf(item);
  if (kind === undefined) return [];
  const target = item[kind] as Selectors | readonly Selectors[];
  const sides = 'items' in itemKinds[kind].target ? (target as readonly Selectors[]) : [target];
  return kind === 'revoke'
    ? [...(sides as Selectors[]), item.by as Selectors]
    : (sides as Selectors[]);
}
