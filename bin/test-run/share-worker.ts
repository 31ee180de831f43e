/** A thread that does its share of a run over sockets, with an authority and subjects of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { allCases } from '../../test/conformance/registry.ts';
import { type RunEvent, runCases } from '../../test/conformance/run.ts';
import { type ShareTerms, type Told, takerOf } from '../../test/conformance/run-shared.ts';
import { prepareGround } from './ground.ts';
import { createLore } from './lore.ts';
import type { Subject } from './subject.ts';

const { subject, ids, place, of, counter, ...terms } = workerData as ShareTerms<Subject>;
const halt = new AbortController();
parentPort?.once('message', () => halt.abort());
const tell = (told: Told): void => parentPort?.postMessage(told);

function onEvent(event: RunEvent): void {
  if (event.type === 'case-started') tell({ type: 'case-started', id: event.case.id });
  if (event.type === 'case-ended') tell({ type: 'case-ended', result: event.result });
}

const { ground, ...parts } = await prepareGround({ ground: 'sockets', subject, seed: terms.seed });
const byId = new Map(allCases.map((theCase) => [theCase.id, theCase]));
const { facts, unreachable, consulted } = await runCases({
  ...{ ...terms, ...parts, ground, onEvent, levelOf: createLore().levelOf },
  cases: ids.flatMap((id) => byId.get(id) ?? []),
  // Whoever gathers the results knows how the run was asked for.
  rerun: () => '',
  signal: halt.signal,
  share: { place, of, next: takerOf(counter) },
});
const lost = unreachable && { message: unreachable.message, output: unreachable.output };
tell({ type: 'outcome', facts, unreachable: lost, consulted: [...consulted] });
await ground.close();
// Whatever is only starting is ended with the thread; nobody waits for it.
process.exit();
