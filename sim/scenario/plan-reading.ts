/** The plan of a scenario: its timeline, the trust that is established, and faults that are drawn. */
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import { type DrawnKind, type FaultRange, generateFaults } from '../plan/generate.ts';
import type { PlanItem } from '../plan/plan.ts';
import { type ItemKind, itemKinds } from './item-kinds.ts';
import type { Reading } from './reading.ts';
import { itemSchemas } from './schema.ts';
import { shapeFaults } from './shape.ts';
import type { Path } from './source.ts';
import type { Edge } from './topology.ts';
import { bytesIn, ppmIn, thresholdIn, ticksBetween, ticksIn } from './units.ts';

export interface PlanText {
  readonly trust?: {
    readonly establish?: string;
    readonly level?: string;
    readonly at?: string;
    readonly every?: string;
  };
  readonly timeline?: readonly ItemText[];
  readonly faults?: {
    readonly count: number;
    readonly kinds: readonly DrawnKind[];
    readonly from: string;
    readonly to: string;
    readonly longest: string;
  };
}

export type ItemText = {
  readonly at: string;
  readonly for?: string;
  readonly id?: string;
  /** For each of the target in turn, so much later than the one before. */
  readonly every?: string;
} & { readonly [member: string]: unknown };

export type Selectors = string | readonly string[];

export function readPlan(
  { trust, timeline = [], faults }: PlanText,
  reading: Reading,
  { edges, seed }: { readonly edges: readonly Edge[]; readonly seed: number },
): readonly PlanItem[] {
  const said = timeline.flatMap((item, place) => readItem(item, place, reading));
  const servers = [...reading.groups.values()].flat();
  const drawn = faults ? generateFaults(rangeOf(faults), servers, seed) : [];
  const plan = [...(trust?.establish ? establishing(trust, edges) : []), ...said, ...drawn];
  const twice = plan.find(({ id }, place) => plan.findIndex((one) => one.id === id) !== place);
  if (twice) reading.fault(['timeline'], `two items are called ${twice.id}`);
  return plan;
}

const FIRST_TRUST = '1s';
const NEXT_TRUST = '10ms';

function establishing(
  { level = 'basic', at = FIRST_TRUST, every = NEXT_TRUST }: NonNullable<PlanText['trust']>,
  edges: readonly Edge[],
): readonly PlanItem[] {
  return edges.map(([one, other], place) => ({
    id: `establish-${one}-${other}`,
    at: ticksIn(at) + place * ticksIn(every),
    until: null,
    kind: 'establish',
    target: [[one], [other]],
    params: { level },
  }));
}

function rangeOf({ count, kinds, ...times }: NonNullable<PlanText['faults']>): FaultRange {
  const [from, to, longest] = [times.from, times.to, times.longest].map(ticksIn);
  return { count, kinds, from: from ?? 0, to: to ?? 0, longest: longest ?? 1 };
}

/** Undefined: nothing that is known. */
export const kindOf = (item: ItemText): ItemKind | undefined =>
  (Object.keys(itemKinds) as ItemKind[]).find((name) => name in item);

function readItem(item: ItemText, place: number, reading: Reading): readonly PlanItem[] {
  const path: Path = ['timeline', place];
  const kind = kindOf(item);
  if (kind === undefined) {
    reading.fault(path, `what shall happen? One of ${Object.keys(itemKinds).join(', ')}`);
    return [];
  }
  const shape = shapeFaults(reading.source, itemSchemas.get(kind) ?? {}, item, path);
  reading.faults.push(...shape);
  if (shape.length > 0) return [];
  const at = ticksIn(item.at);
  const base: PlanItem = {
    id: item.id ?? `${kind}-${place}`,
    at,
    until: item.for === undefined ? null : at + ticksIn(item.for),
    kind,
    target: targetOf(kind, item, path, reading),
    params: { ...paramsOf(item), ...serversIn(item, path, reading) },
  };
  if (item.every === undefined) return [base];
  if (isOfPairs(kind)) {
    reading.fault([...path, 'every'], `${kind} is between servers, which have no turn`, 'name');
  }
  return inTurn(base, ticksIn(item.every));
}

const isOfPairs = (kind: ItemKind): boolean => 'items' in itemKinds[kind].target;

/** Selectors become ids. */
function serversIn(item: ItemText, path: Path, reading: Reading): JsonObject {
  const idsOf = (name: string): string[] => [
    ...reading.servers(item[name] as Selectors, [...path, name]),
  ];
  if (item.stolen !== undefined) return { stolen: idsOf('stolen') };
  if (item['dns-spoofing'] === undefined) return {};
  const [names, answers] = [idsOf('name'), idsOf('answer')];
  if (answers.length > 1) reading.fault([...path, 'answer'], 'one server answers, not several');
  return { name: names, answer: answers[0] ?? '' };
}

/** One item for each server of the target. */
function inTurn(item: PlanItem, every: number): readonly PlanItem[] {
  return item.target.flat().map((server, place) => ({
    ...item,
    id: `${item.id}-${place}`,
    at: item.at + place * every,
    until: item.until === null ? null : item.until + place * every,
    target: [[server]],
  }));
}

function targetOf(
  kind: ItemKind,
  item: ItemText,
  path: Path,
  reading: Reading,
): PlanItem['target'] {
  const given = item[kind];
  const place = [...path, kind];
  if (kind === 'revoke') {
    const by = reading.servers(item.by as Selectors, [...path, 'by']);
    return [reading.servers(given as Selectors, place), by];
  }
  if (!isOfPairs(kind)) return [reading.servers(given as Selectors, place)];
  const [one, other] = given as readonly [Selectors, Selectors];
  const first = reading.servers(one, [...place, 0]);
  if (other !== 'rest') return [first, reading.servers(other, [...place, 1])];
  const all = [...reading.groups.values()].flat();
  return [first, all.filter((server) => !first.includes(server))];
}

/** Quantities become whole numbers. */
const quantities: { readonly [param: string]: (text: string) => number } = {
  share: thresholdIn,
  drift: ppmIn,
  by: ticksIn,
  flap: ticksIn,
  step: ticksIn,
  rate: ticksBetween,
  limit: bytesIn,
};
const timings = new Set(['at', 'for', 'every', 'id', ...Object.keys(itemKinds)]);

function paramsOf(item: ItemText): JsonObject {
  const own = Object.entries(item).filter(([name]) => !timings.has(name));
  const isRevocation = 'revoke' in item;
  return {
    ...('establish' in item && { level: 'basic' }),
    ...(isRevocation && { reason: 'compromised_key' }),
    ...(Object.fromEntries(
      own
        .filter(([name]) => !(isRevocation && name === 'by'))
        .map(([name, value]) => {
          const read = quantities[name];
          return [name, read && typeof value === 'string' ? read(value) : value];
        }),
    ) as JsonObject),
  };
}
