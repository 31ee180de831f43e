/** A worker of an in-process run: a thread with an authority and a ground of its own. */
import { createMust } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import { requirementRows } from '../../spec/rows.ts';
import { createAuthority } from './authority.ts';
import { takeShared } from './crew.ts';
import { createInProcessGround, prepareInProcess } from './grounds/in-process.ts';
import { allCases } from './registry.ts';
import { caseRunner, type Terms } from './run-on-threads.ts';
import type { Level } from './verdict.ts';

let levels: ReadonlyMap<string, Level> | undefined;

/** Read when something is broken, and not before. */
function levelOf(id: string): Level {
  levels ??= new Map(requirementRows().map((row) => [row.id, row.level]));
  return levels.get(id) ?? 'MUST';
}

await takeShared(async ({ ids, ...terms }: Terms) => {
  const parts = await prepareInProcess(await createAuthority());
  const byId = new Map(allCases.map((theCase) => [theCase.id, theCase]));
  const options = {
    ...terms,
    ground: createInProcessGround(parts, { seed: terms.seed }),
    cases: [],
    jobs: 1,
    authority: parts.authority,
    crypto: createCrypto(parts.primitives, createMust()),
    levelOf,
    // Whoever gathers the results knows how the run was asked for.
    rerun: () => '',
    onEvent: () => {},
    signal: new AbortController().signal,
  };
  return caseRunner(
    options,
    ids.flatMap((id) => byId.get(id) ?? []),
  );
});
