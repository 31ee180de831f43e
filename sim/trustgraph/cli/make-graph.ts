/** `norc trust gen`. */

import { generate } from '../generate/generate.ts';
import type { Json } from '../question.ts';
import { writeGraph } from './write-graph.ts';

export async function makeGraph(model: string, given: Readonly<Record<string, Json>>) {
  const whole = (name: string) => Number(given[name]);
  const attackEdges = whole('attackEdges');
  const attack = {
    edges: attackEdges,
    sybils: whole('sybils'),
    attackWeight: whole('attackWeight'),
  };
  const graph = generate({
    model,
    nodes: whole('nodes'),
    degree: whole('degree'),
    probability: whole('probability'),
    blocks: whole('blocks'),
    seed: whole('seed'),
    weights: given.weights as readonly number[],
    ...(attackEdges > 0 ? { attack } : {}),
  });
  await writeGraph(graph, given.output as string | undefined, given.format as string | undefined);
  console.error(`${model}: ${graph.nodeCount} nodes, ${graph.edgeCount} edges, seed ${given.seed}`);
}
