/** A store that survives as long as the process: for the simulator and for tests of restarts. */
import type { Row } from '../core.ts';
import type { Store } from './store.ts';

export function createMemoryStore(): Store {
  const rows = new Map<string, Row>();
  return {
    load: () => [...rows.values()],
    write(changes) {
      for (const row of changes) {
        const key = `${row.table}/${row.key}`;
        if (row.value === null) rows.delete(key);
        else rows.set(key, row);
      }
    },
    close() {},
  };
}
