/**
 * The census of 128 sources at once, where few scores are possible (`score-classes.ts`). A plane holds,
 * for each node, one bit a source: set where the source reaches the node at this level with this
 * score. The next level takes offers best first; a source that a better one has served is done. So an
 * edge is looked at for 128 sources, and a score is counted without being computed.
 */
import { lowBits, populationCount } from './bits.ts';
import type { Graph } from './graph.ts';
import type { Offer, ScoreClasses } from './score-classes.ts';

const WORDS = 4;
export const SOURCES_AT_ONCE = 32 * WORDS;

/** So many sources reach so many nodes in `hops` with this score. */
export type Counted = (hops: number, score: number, pairs: number) => void;

/** Into node v, edges of class c come from `nodes[offsets[v · classes + c] …]`. */
interface EdgesByClass {
  readonly classes: number;
  readonly offsets: Int32Array;
  readonly nodes: Int32Array;
}

interface Planes {
  /** Reached at this level, with whatever score. */
  readonly any: Int32Array;
  readonly byScore: readonly Int32Array[];
}

/** Of the node at hand: `WORDS` words. */
type Bits = Int32Array;

export function createClassCensus(graph: Graph, classes: ScoreClasses) {
  const edges = edgesByClass(graph, classes);
  const mostScores = mostScoresOf(classes);
  const unseen = new Int32Array(graph.nodeCount * WORDS);
  let front = emptyPlanes(graph.nodeCount, mostScores);
  let next = emptyPlanes(graph.nodeCount, mostScores);
  return (sources: Int32Array, counted: Counted): void => {
    begin(unseen, sources);
    const direct = firstLevel(graph, classes, front, unseen, sources);
    classes.levels.forEach(({ scores, offers }, level) => {
      const isLast = level === classes.levels.length - 1;
      const step = { edges, offers, unseen, front, next: isLast ? null : next };
      const pairs = level === 0 ? direct : spread(step, scores.length);
      pairs.forEach((count, score) => {
        counted(level + 1, scores[score] ?? 0, count);
      });
      if (level > 0) [front, next] = [next, front];
    });
  };
}

/** Bytes that a thread needs, so that a run which cannot fit is refused before. */
export function classCensusBytes(graph: Graph, classes: ScoreClasses): number {
  const offsets = 4 * classes.classOf.size * graph.nodeCount;
  const planes = 2 * (1 + mostScoresOf(classes));
  return (planes + 1) * 4 * WORDS * graph.nodeCount + offsets + 4 * graph.edgeCount;
}

/** Of a level from which another one comes. */
const mostScoresOf = ({ classOf, levels }: ScoreClasses) =>
  Math.max(classOf.size, ...levels.slice(0, -1).map(({ scores }) => scores.length));

function edgesByClass({ into, nodeCount, edgeCount }: Graph, { classOf }: ScoreClasses) {
  const classes = classOf.size;
  const edgeClasses = Uint8Array.from(into.weights, (weight) => classOf.get(weight) ?? 0);
  const offsets = new Int32Array(nodeCount * classes + 1);
  const nodes = new Int32Array(edgeCount);
  let filled = 0;
  for (let node = 0; node < nodeCount; node++)
    for (let edgeClass = 0; edgeClass < classes; edgeClass++) {
      const end = into.offsets[node + 1] as number;
      for (let edge = into.offsets[node] as number; edge < end; edge++)
        if (edgeClasses[edge] === edgeClass) nodes[filled++] = into.nodes[edge] as number;
      offsets[node * classes + edgeClass + 1] = filled;
    }
  return { classes, offsets, nodes };
}

function emptyPlanes(nodeCount: number, scores: number): Planes {
  const plane = () => new Int32Array(nodeCount * WORDS);
  return { any: plane(), byScore: Array.from({ length: scores }, plane) };
}

/** Every source has everybody before it, but itself. */
function begin(unseen: Int32Array, sources: Int32Array): void {
  for (let word = 0; word < WORDS; word++) {
    const bits = lowBits(sources.length - 32 * word);
    for (let at = word; at < unseen.length; at += WORDS) unseen[at] = bits;
  }
  sources.forEach((source, index) => {
    clearBit(unseen, source, index);
  });
}

function firstLevel(
  { out }: Graph,
  { classOf }: ScoreClasses,
  { any, byScore }: Planes,
  unseen: Int32Array,
  sources: Int32Array,
): readonly number[] {
  const pairs = new Array<number>(classOf.size).fill(0);
  any.fill(0);
  for (const plane of byScore.slice(0, classOf.size)) plane.fill(0);
  sources.forEach((source, index) => {
    const end = out.offsets[source + 1] as number;
    for (let edge = out.offsets[source] as number; edge < end; edge++) {
      const node = out.nodes[edge] as number;
      const score = classOf.get(out.weights[edge] as number) ?? 0;
      setBit(any, node, index);
      setBit(byScore[score] as Int32Array, node, index);
      clearBit(unseen, node, index);
      pairs[score] = (pairs[score] as number) + 1;
    }
  });
  return pairs;
}

function setBit(plane: Int32Array, node: number, index: number): void {
  const word = node * WORDS + (index >>> 5);
  plane[word] = (plane[word] as number) | (1 << (index & 31));
}

function clearBit(plane: Int32Array, node: number, index: number): void {
  const word = node * WORDS + (index >>> 5);
  plane[word] = (plane[word] as number) & ~(1 << (index & 31));
}

interface Step {
  readonly edges: EdgesByClass;
  readonly offers: readonly Offer[];
  readonly unseen: Int32Array;
  readonly front: Planes;
  /** Null at the last level: nothing comes of it any more. */
  readonly next: Planes | null;
}

/** One level; pairs by score. */
function spread(step: Step, scores: number): readonly number[] {
  const { edges, unseen, front, next } = step;
  const { classes, offsets, nodes } = edges;
  const pairs = new Array<number>(scores).fill(0);
  next?.any.fill(0);
  for (const plane of next?.byScore.slice(0, scores) ?? []) plane.fill(0);
  const left: Bits = new Int32Array(WORDS);
  const nodeCount = unseen.length / WORDS;
  for (let node = 0; node < nodeCount; node++) {
    const at = node * WORDS;
    if (!hasBits(unseen, at)) continue;
    const first = offsets[node * classes] as number;
    const end = offsets[(node + 1) * classes] as number;
    if (first === end) continue;
    gather(front.any, nodes, first, end, left);
    if (!keepUnseen(unseen, at, left)) continue;
    if (next) store(next.any, at, left);
    serve(step, node, left, pairs);
  }
  return pairs;
}

const hasBits = (plane: Int32Array, at: number) =>
  ((plane[at] as number) |
    (plane[at + 1] as number) |
    (plane[at + 2] as number) |
    (plane[at + 3] as number)) !==
  0;

/** What any of these nodes has: here a run spends its time. */
function gather(
  plane: Int32Array,
  nodes: Int32Array,
  from: number,
  until: number,
  into: Bits,
): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let edge = from; edge < until; edge++) {
    const at = (nodes[edge] as number) * WORDS;
    a |= plane[at] as number;
    b |= plane[at + 1] as number;
    c |= plane[at + 2] as number;
    d |= plane[at + 3] as number;
  }
  put(into, a, b, c, d);
}

/** Leaves in `bits` the sources that reach the node now, and takes them out of `unseen`. */
function keepUnseen(unseen: Int32Array, at: number, bits: Bits): boolean {
  const a = (bits[0] as number) & (unseen[at] as number);
  const b = (bits[1] as number) & (unseen[at + 1] as number);
  const c = (bits[2] as number) & (unseen[at + 2] as number);
  const d = (bits[3] as number) & (unseen[at + 3] as number);
  if ((a | b | c | d) === 0) return false;
  put(bits, a, b, c, d);
  exclude(unseen, at, bits);
  return true;
}

function put(bits: Bits, a: number, b: number, c: number, d: number): void {
  bits[0] = a;
  bits[1] = b;
  bits[2] = c;
  bits[3] = d;
}

/** For bits that are all set in the plane. */
function exclude(plane: Int32Array, at: number, bits: Bits): void {
  plane[at] = (plane[at] as number) ^ (bits[0] as number);
  plane[at + 1] = (plane[at + 1] as number) ^ (bits[1] as number);
  plane[at + 2] = (plane[at + 2] as number) ^ (bits[2] as number);
  plane[at + 3] = (plane[at + 3] as number) ^ (bits[3] as number);
}

function store(plane: Int32Array, at: number, bits: Bits): void {
  plane[at] = (plane[at] as number) | (bits[0] as number);
  plane[at + 1] = (plane[at + 1] as number) | (bits[1] as number);
  plane[at + 2] = (plane[at + 2] as number) | (bits[2] as number);
  plane[at + 3] = (plane[at + 3] as number) | (bits[3] as number);
}

const served: Bits = new Int32Array(WORDS);

/** Gives each source that is left the best offer that it has. */
function serve({ edges, offers, front, next }: Step, node: number, left: Bits, pairs: number[]) {
  const { classes, offsets, nodes } = edges;
  for (const { from, to, edgeClass } of offers) {
    const place = node * classes + edgeClass;
    const first = offsets[place] as number;
    const end = offsets[place + 1] as number;
    if (first === end) continue;
    gather(front.byScore[from] as Int32Array, nodes, first, end, served);
    const count = takeServed(left);
    if (count === 0) continue;
    pairs[to] = (pairs[to] as number) + count;
    if (next) store(next.byScore[to] as Int32Array, node * WORDS, served);
    if (!hasBits(left, 0)) return;
  }
}

/** How many of those left are served; they are left no more. */
function takeServed(left: Bits): number {
  const a = (served[0] as number) & (left[0] as number);
  const b = (served[1] as number) & (left[1] as number);
  const c = (served[2] as number) & (left[2] as number);
  const d = (served[3] as number) & (left[3] as number);
  if ((a | b | c | d) === 0) return 0;
  put(served, a, b, c, d);
  exclude(left, 0, served);
  return populationCount(a) + populationCount(b) + populationCount(c) + populationCount(d);
}
