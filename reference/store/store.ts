/**
 * What must survive a restart. Cores emit `persist` effects; whoever runs the node writes them here
 * before anything later leaves. A store is rows of named tables; the last value of a key counts.
 */
import type { Row } from '../core.ts';

export interface Store {
  /** All rows that survive, in no particular order. */
  load(): readonly Row[];
  /** Durable when it returns. A row whose value is null is deleted. */
  write(rows: readonly Row[]): void;
  close(): void;
}
