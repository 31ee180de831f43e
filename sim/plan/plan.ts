/**
 * What is done to a world, and when. Everything, whether a scenario says it or a generator drew it,
 * is an item of one kind of list; a run follows the list and draws nothing.
 */
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import type { Tick } from '../kernel/kernel.ts';
import type { ItemKind } from '../scenario/item-kinds.ts';

export interface PlanItem {
  readonly id: string;
  readonly at: Tick;
  /** When it ends; null: it is over at once, or lasts. */
  readonly until: Tick | null;
  readonly kind: ItemKind;
  /** Server ids: one group, or the two sides of what is between servers. */
  readonly target: readonly (readonly string[])[];
  /** In ticks and other whole numbers. */
  readonly params: JsonObject;
}
