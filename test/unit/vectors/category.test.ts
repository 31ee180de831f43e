import { describe, expect, test } from 'vitest';
import { sources } from '../../../vectors/generate/categories.ts';
import { type CategorySource, fileOf, invalid } from '../../../vectors/generate/category.ts';

const idsOf = (source: CategorySource): readonly string[] =>
  fileOf(source).vectors.map(({ id }) => id);

describe.each(sources.map((source) => [source.category, source] as const))('%s', (_, source) => {
  const drafts = source.drafts();
  const ids = idsOf({ ...source, drafts: () => drafts });

  test('names a vector by its category and what it is, in the order in which it was written', () => {
    expect(ids).toEqual(drafts.map(({ name }) => `${source.category}/${name}`));
  });

  test('keeps every other id when a vector comes', () => {
    const [{ requirements, flags } = { requirements: [], flags: [] }] = drafts;
    const newcomer = invalid({ requirements, flags }, 'newcomer', { function: 'any' });
    for (const at of [0, Math.floor(drafts.length / 2), drafts.length]) {
      const more = idsOf({ ...source, drafts: () => drafts.toSpliced(at, 0, newcomer) });
      expect(more).toEqual(ids.toSpliced(at, 0, `${source.category}/newcomer`));
    }
  });

  test('keeps every other id when a vector goes', () => {
    for (const at of [0, Math.floor(drafts.length / 2), drafts.length - 1]) {
      const fewer = idsOf({ ...source, drafts: () => drafts.toSpliced(at, 1) });
      expect(fewer).toEqual(ids.toSpliced(at, 1));
    }
  });
});
