/**
 * What a verdict hangs on where the documents contradict each other: the reading taken and, where
 * it can be tested, what the other one accepts (architecture §4).
 */
import type { Lore } from './lore.ts';
import type { ChosenReadings } from './options.ts';

export function readingLines(id: string, lore: Lore, chosen: ChosenReadings): readonly string[] {
  const entry = lore.reading(id);
  if (!entry) return [id];
  const textOf = (wanted: string | undefined) =>
    entry.options?.find(({ key }) => key === wanted)?.text ?? 'the other option';
  const key = chosen.get(entry.id);
  if (key !== undefined && key !== entry.option) {
    return [`${id} by option ${key}: ${textOf(key)}`, `ours: ${entry.take} (leave --reading out)`];
  }
  const taken = `${id}: ${entry.take}`;
  const other = entry.testable_alternative;
  if (other === undefined) return [taken];
  return [taken, `the other reading accepts: ${textOf(other)} (--reading ${id}=${other})`];
}
