/** Which servers a scenario means: `hub`, `leaf`, `leaf[3]`, `leaf[0..24]`, `any`, `rest`. */

/** Ids of each group, in order. */
export type Groups = ReadonlyMap<string, readonly string[]>;

/** How many places a group has, and which of them are empty. */
export interface GroupSize {
  readonly count: number;
  readonly absent: readonly number[];
}

const SELECTOR = /^([a-z][a-z0-9]*)(?:\[(\d+)(?:\.\.(\d+))?\])?$/;

export type Selected =
  | { readonly ok: true; readonly ids: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** Who there is, and beside it all places, those that are empty too. */
export function groupsOf(sizes: ReadonlyMap<string, GroupSize>): {
  readonly groups: Groups;
  readonly places: Groups;
} {
  const places = new Map([...sizes].map(([name, { count }]) => [name, serverIds(name, count)]));
  const groups = new Map(
    [...places].map(([name, ids]) => {
      const absent = sizes.get(name)?.absent ?? [];
      return [name, ids.filter((_, place) => !absent.includes(place))] as const;
    }),
  );
  return { groups, places };
}

/** `places`: of each group, those that are empty too. */
export function select(groups: Groups, places: Groups, selector: string): Selected {
  const [, name = '', first, last] = SELECTOR.exec(selector) ?? [];
  if (name === 'any' && first === undefined) return { ok: true, ids: [...groups.values()].flat() };
  const group = groups.get(name);
  if (!group) {
    const known = [...groups.keys(), 'any'].join(', ');
    return { ok: false, why: `no servers are called ${selector}: there are ${known}` };
  }
  if (first === undefined) return { ok: true, ids: group };
  const [from, to] = [Number(first), Number(last ?? first)];
  const all = places.get(name) ?? [];
  const ids = all.slice(from, to + 1);
  if (to >= from && ids.length === to - from + 1) {
    return { ok: true, ids: ids.filter((id) => group.includes(id)) };
  }
  return { ok: false, why: `${selector}: ${name} has the places 0 to ${all.length - 1}` };
}

/** A group of one has the bare name. */
export function serverIds(name: string, count: number): readonly string[] {
  if (count === 1) return [`${name}.sim.test`];
  return Array.from({ length: count }, (_, place) => `${name}-${place}.sim.test`);
}
