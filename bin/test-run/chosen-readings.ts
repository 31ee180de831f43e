/** `--reading L-V02=a`: judge by another option of the ledger where one can be tested. */
import { readingRows } from '../../spec/rows.ts';
import { UsageError } from '../usage-error.ts';
import type { ChosenReadings } from './options.ts';

export function chosen(words: readonly string[]): ChosenReadings {
  const ledger = readingRows();
  const choices = words.map((text) => {
    const [, id, key] = /^(L-[A-Z]\d{2})=([a-z])$/.exec(text) ?? [];
    const entry = ledger.find((each) => each.id === id);
    if (!key || !entry) {
      throw new UsageError(`--reading ${text}: say for example L-V02=a (norc explain L-V02)`);
    }
    if (entry.testable_alternative !== key && entry.option !== key) {
      const offered = entry.testable_alternative ?? 'none';
      const what = `${entry.id} has no such alternative (testable: ${offered})`;
      throw new UsageError(`--reading ${text}: ${what}`);
    }
    return [entry.id, key] as const;
  });
  const readings = new Map(choices);
  const torn = choices.find(([id, key]) => readings.get(id) !== key);
  if (torn) throw new UsageError(`--reading ${torn[0]}: chosen twice, differently`);
  return readings;
}
