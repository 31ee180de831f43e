/**
 * A scenario with everything said that it drew or implied: the links of its topology, the faults of its
 * generator, who establishes trust with whom. What stands in lists of single things can be left
 * out thing by thing; names stay, and so do all draws (sim/purposes).
 */
import type { PlanItem } from '../plan/plan.ts';
import type { Scenario, ScenarioText } from '../scenario/compile.ts';
import { type ItemText, kindOf } from '../scenario/plan-reading.ts';
import { durationText } from '../scenario/units.ts';

/** `node-3.sim.test` is `node[3]`, where there are several nodes. */
export function selectorOf(id: string): string {
  const [name = ''] = id.split('.');
  const [group = '', place] = name.split('-');
  return place === undefined ? group : `${group}[${place}]`;
}

export function expanded(scenario: Scenario): ScenarioText {
  const { seed: _, trust: __, faults: ___, ...text } = scenario.text as unknown as ScenarioText;
  const between = scenario.edges.map(
    ([one, other]) => [selectorOf(one), selectorOf(other)] as const,
  );
  const { latency, jitter, bandwidth } = text.links;
  return {
    ...text,
    seed: scenario.world.seed,
    links: {
      ...{ shape: 'explicit', between },
      ...(latency !== undefined && { latency }),
      ...(jitter !== undefined && { jitter }),
      ...(bandwidth !== undefined && { bandwidth }),
    },
    timeline: timelineOf(scenario),
  };
}

/** Items with what they are called: draws of an item follow from its name. */
function timelineOf({ text, plan }: Scenario): readonly ItemText[] {
  const { timeline = [] } = text as unknown as ScenarioText;
  const said = new Map(timeline.map(named));
  return plan.map((item) => {
    const whole = said.get(item.id);
    if (whole) return whole;
    const series = said.get(item.id.replace(/\d+$/, ''));
    return series ? { ...series, ...drawnText(item, {}) } : drawnText(item, item.params);
  });
}

/** A series under what its items have in common of their names. */
function named(item: ItemText, place: number): readonly [string, ItemText] {
  const { every, ...rest } = item;
  const id = item.id ?? `${kindOf(item) ?? ''}-${place}`;
  return every === undefined ? [id, { ...rest, id }] : [`${id}-`, rest];
}

/** What is not in the file: one of a series, trust along a link, a fault that was drawn. */
function drawnText(
  { id, at, until, kind, target }: PlanItem,
  { level, keep, by }: PlanItem['params'],
): ItemText {
  const sides = target.map((ids) => ids.map(selectorOf));
  const alone = sides.length === 1 ? sides[0] : sides;
  return {
    ...{ id, at: durationText(at), [kind]: alone },
    ...(until !== null && { for: durationText(until - at) }),
    ...(level !== undefined && { level }),
    ...(keep !== undefined && { keep }),
    ...(typeof by === 'number' && { by: durationText(by) }),
  };
}
