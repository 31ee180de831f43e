/** Commands whose arguments need the graph before they are a question. */
import { GraphFault } from '../fault.ts';
import { type Graph, nodeNamed } from '../graph.ts';
import type { Json } from '../question.ts';
import { explainPath } from '../questions/path.ts';
import { highestDegrees } from '../questions/revoke.ts';
import { standingBefore } from '../questions/superseded.ts';
import { ask, askOf, openSubject, type Subject, writeOracle } from './ask.ts';
import { deliver } from './deliver.ts';
import { type Given, loadOptionsOf } from './options.ts';

type Own = Readonly<Record<string, Json>>;

export async function askPath(
  path: string,
  ends: { readonly from: string; readonly to: string },
  given: Given,
): Promise<void> {
  const subject = await openSubject(path, 'path', { ...ends }, given);
  if (given.emitOracle !== undefined) await writeOracle(subject, 'path', given.emitOracle);
  await deliver(explainPath(subject.inquiry, ends.from, ends.to), subject.provenance, given);
}

export async function askRevoke(
  path: string,
  labels: readonly string[],
  given: Given,
  own: Own,
): Promise<void> {
  const ways = [labels.length > 0, own.each === true, own.top !== undefined].filter(Boolean);
  if (ways.length !== 1) throw new GraphFault('name nodes, or say --each, or --top');
  const subject = await openSubject(path, 'revoke', { ...own, labels }, given);
  const sets = setsOf(subject.inquiry.graph, labels, own);
  const standing = standingOf(subject, labels, own, given);
  const options = { ...own, labels, ...(sets ? { sets } : {}), ...(standing ? { standing } : {}) };
  const inquiry = { ...subject.inquiry, options };
  await askOf({ ...subject, inquiry }, 'revoke', given);
}

/** Superseded servers keep what they said before; so its time must be known. */
function standingOf({ loaded }: Subject, labels: readonly string[], own: Own, given: Given) {
  if (typeof own.superseded !== 'number') return null;
  if (labels.length === 0) throw new GraphFault('--superseded is of nodes that are named');
  const { graph, rows } = loaded;
  if (!rows.times) throw new GraphFault('the file has no times: --superseded needs them');
  const revoked = labels.map((label) => nodeNamed(graph, label));
  return standingBefore(graph, rows, loadOptionsOf(given), revoked, own.superseded);
}

function setsOf(graph: Graph, labels: readonly string[], { each, top }: Own) {
  if (each === true) return null;
  if (typeof top === 'number') return highestDegrees(graph, top).map((node) => [node]);
  return [labels.map((label) => nodeNamed(graph, label))];
}

export const askSweep = (path: string, given: Given & Own, own: Own) => {
  const lists = {
    decay: given.decayList,
    hops: given.hopsList,
    firstHop: given.firstHopList,
    tie: given.tieList,
    verified: given.verifiedList,
  };
  const asked = Object.entries(lists).flatMap(([name, list]) => (list ? [[name, list]] : []));
  return ask({ path, question: 'sweep', options: { ...own, ...Object.fromEntries(asked) } }, given);
};

/** Exit code 1 where an invariant does not hold, as for a requirement that failed. */
export async function askCheck(path: string, given: Given, own: Own): Promise<void> {
  const answer = await ask({ path, question: 'check', options: own }, given);
  const isBroken = answer.tables[0]?.rows.some((row) => row.at(-1) === 'BROKEN');
  if (isBroken && !process.exitCode) process.exitCode = 1;
}
