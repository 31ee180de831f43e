/**
 * What of a server survives a crash. Rows are copies, as on a disk: what a node changes afterwards
 * does not reach them, and what it reads is its own. What cannot change is not copied. `synced` is a disk that loses what was written since its last
 * sync, `torn` one that loses a part of it as well in the middle of the last write.
 */
import type { Row } from '../../reference/core.ts';
import type { Store } from '../../reference/store/store.ts';
import { copyOf } from '../../reference/wire/settled.ts';
import type { Tick } from '../kernel/kernel.ts';

export type Survival = 'all' | 'synced' | 'torn';

export interface DurableStore extends Store {
  /** Lets go of what has been on the disk for long. Changes nothing that can be seen. */
  sync(): void;
  /** The machine fails: rows that do not survive are gone. */
  fail(survival: Survival): void;
  /** While true, nothing can be written. */
  isFull: boolean;
}

interface Unsynced {
  readonly at: Tick;
  readonly key: string;
  /** Null: the row is gone. */
  readonly row: Row | null;
}

export function createDurableStore(now: () => Tick, syncTicks: Tick): DurableStore {
  const rows = new Map<string, Row>();
  let unsynced: Unsynced[] = [];
  const apply = ({ key, row }: Unsynced): void => {
    if (row === null) rows.delete(key);
    else rows.set(key, row);
  };
  const sync = (): void => {
    const synced = now() - (now() % syncTicks);
    if ((unsynced[0]?.at ?? synced) >= synced) return;
    unsynced.filter(({ at }) => at < synced).forEach(apply);
    unsynced = unsynced.filter(({ at }) => at >= synced);
  };
  return {
    isFull: false,
    sync,
    load: () => {
      unsynced.forEach(apply);
      unsynced = [];
      return JSON.parse(JSON.stringify([...rows.values()])) as Row[];
    },
    write(changes) {
      if (this.isFull) throw new Error('the disk is full');
      sync();
      const at = now();
      for (const { table, key, value } of changes) {
        const row = value === null ? null : { table, key, value: copyOf(value) };
        unsynced.push({ at, key: `${table}/${key}`, row });
      }
    },
    fail(survival) {
      if (survival === 'all') return;
      sync();
      // Half of what was under way has reached the disk, in the order written.
      if (survival === 'torn') unsynced.slice(0, unsynced.length >> 1).forEach(apply);
      unsynced = [];
    },
    close() {},
  };
}
