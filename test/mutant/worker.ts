/** A worker of `npm run mutants`: a thread with a laboratory of its own. */
import { takeShared } from '../conformance/crew.ts';
import { allCases } from '../conformance/registry.ts';
import { openLaboratory } from './laboratory.ts';
import { runnerOf, type Terms } from './threads.ts';

await takeShared(async (terms: Terms) => {
  const byId = new Map(allCases.map((theCase) => [theCase.id, theCase]));
  const cases = terms.ids.flatMap((id) => byId.get(id) ?? []);
  return runnerOf(await openLaboratory(), terms, cases);
});
