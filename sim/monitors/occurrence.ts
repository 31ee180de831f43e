/** One kind of thing that may happen, and what it says about requirements. */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Entry, Happening } from '../trace/journal.ts';
import type { Model } from './model.ts';

export interface Occurrence {
  readonly summary: string;
  readonly ids: readonly RequirementId[];
  matches(entry: Entry, model: Model): boolean;
}

type Of<E extends Happening['event']> = Extract<Happening, { event: E }>;

/** Takes the entries of one kind only. */
export function on<E extends Happening['event']>(
  event: E,
  matches: (happening: Of<E>, entry: Entry, model: Model) => boolean,
): Occurrence['matches'] {
  return (entry, model) =>
    entry.happening.event === event && matches(entry.happening as Of<E>, entry, model);
}
