/** What the parts of a scenario are read with: where they stand, and who there is. */
import type { ScenarioFault } from './fault.ts';
import { type GroupSize, type Groups, groupsOf, select } from './selector.ts';
import type { Path, Source } from './source.ts';

/** What the parts of a scenario are read with. */
export interface Reading {
  readonly source: Source;
  readonly groups: Groups;
  readonly faults: ScenarioFault[];
  fault(path: Path, message: string, part?: 'name' | 'value'): void;
  /** Ids of a selector or a list of them; what does not exist becomes a fault at `path`. */
  servers(selectors: string | readonly string[], path: Path): readonly string[];
}

export function createReading(source: Source, sizes: ReadonlyMap<string, GroupSize>): Reading {
  const { groups, places } = groupsOf(sizes);
  const faults: ScenarioFault[] = [];
  const reading: Reading = {
    ...{ source, groups, faults },
    fault: (path, message, part) => void faults.push(source.faultAt(path, message, part)),
    servers(selectors, path) {
      const list = typeof selectors === 'string' ? [selectors] : selectors;
      return list.flatMap((selector, place) => {
        const selected = select(groups, places, selector);
        if (selected.ok) return selected.ids;
        reading.fault(typeof selectors === 'string' ? path : [...path, place], selected.why);
        return [];
      });
    },
  };
  return reading;
}
