/**
 * What of a server survives a crash. Rows are kept as text, as on a disk: what a node changes
 * afterwards does not reach them. `synced` is a disk that loses what was written since its last
 * sync, `torn` one that loses a part of it as well in the middle of the last write.
 */
import type { Row } from '../../reference/core.ts';
import type { Store } from '../../reference/store/store.ts';
import type { Tick } from '../kernel/kernel.ts';

export type Survival = 'all' | 'synced' | 'torn';

export interface DurableStore extends Store {
  /** The machine fails: rows that do not survive are gone. */
  fail(survival: Survival): void;
  /** While true, nothing can be written. */
  isFull: boolean;
}

interface Unsynced {
  readonly at: Tick;
  readonly key: string;
  readonly text: string | null;
}

export function createDurableStore(now: () => Tick, syncTicks: Tick): DurableStore {
  const rows = new Map<string, string>();
  let unsynced: Unsynced[] = [];
  const apply = ({ key, text }: Unsynced): void => {
    if (text === null) rows.delete(key);
    else rows.set(key, text);
  };
  const syncUpTo = (tick: Tick): void => {
    unsynced.filter(({ at }) => at < tick).forEach(apply);
    unsynced = unsynced.filter(({ at }) => at >= tick);
  };
  return {
    isFull: false,
    load: () => {
      unsynced.forEach(apply);
      unsynced = [];
      return [...rows.values()].map((text) => JSON.parse(text) as Row);
    },
    write(changes) {
      if (this.isFull) throw new Error('the disk is full');
      const at = now();
      const synced = at - (at % syncTicks);
      if ((unsynced[0]?.at ?? synced) < synced) syncUpTo(synced);
      for (const row of changes) {
        const text = row.value === null ? null : JSON.stringify(row);
        unsynced.push({ at, key: `${row.table}/${row.key}`, text });
      }
    },
    fail(survival) {
      if (survival === 'all') return;
      const at = now();
      syncUpTo(at - (at % syncTicks));
      // Half of what was under way has reached the disk, in the order written.
      if (survival === 'torn') unsynced.slice(0, unsynced.length >> 1).forEach(apply);
      unsynced = [];
    },
    close() {},
  };
}
