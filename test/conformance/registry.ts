/** All cases of the suite. Two with one id are a mistake that no run may start with. */
import type { Case } from './case.ts';
import { cases as client } from './cases/client/index.ts';
import { cases as federation } from './cases/federation/index.ts';
import { cases as trust } from './cases/trust/index.ts';
import { cases as wire } from './cases/wire/index.ts';

export const allCases: readonly Case[] = unique([...wire, ...client, ...federation, ...trust]);

function unique(cases: readonly Case[]): readonly Case[] {
  const seen = new Set<string>();
  for (const { id } of cases) {
    if (seen.has(id)) throw new Error(`two cases have the id ${id}`);
    seen.add(id);
  }
  return cases;
}
