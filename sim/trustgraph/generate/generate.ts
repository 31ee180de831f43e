/** From a model and a seed to a graph. */

import { createDraw } from '../../topologies/draw.ts';
import { models, type Shape } from '../../topologies/models.ts';
import { GraphFault } from '../fault.ts';
import { fromEdges, type Graph } from '../graph.ts';
import { purposes, sample } from '../question.ts';
import { type Attack, withAttack } from '../questions/sybil.ts';

export interface Wanted extends Shape {
  readonly model: string;
  readonly seed: number;
  /** Weights are drawn from these, each as likely as the others. */
  readonly weights: readonly number[];
  /** An attacker with sybils, trusted by so many honest nodes. */
  readonly attack?: Attack & { readonly edges: number };
}

export function generate(wanted: Wanted): Graph {
  const model = models[wanted.model];
  if (!model)
    throw new GraphFault(`no model ${wanted.model}: there are ${Object.keys(models).join(', ')}`);
  if (wanted.nodes < 2 || wanted.degree < 1 || wanted.blocks < 1)
    throw new GraphFault('a graph needs two nodes, a degree and a block at least');
  if (!wanted.weights.every((weight) => weight > 0 && weight <= 1))
    throw new GraphFault('weights lie in (0, 1]');
  const draw = createDraw(wanted.nodes, wanted.seed);
  model.draw(wanted, draw);
  const labels = Array.from({ length: wanted.nodes }, (_, node) => `s${node}`);
  const graph = fromEdges(labels, draw.edges.finish(wanted.weights));
  return wanted.attack ? attacked(graph, wanted.attack, wanted.seed) : graph;
}

function attacked(graph: Graph, attack: Attack & { readonly edges: number }, seed: number): Graph {
  const everybody = Int32Array.from({ length: graph.nodeCount }, (_, node) => node);
  const deceived = sample(everybody, attack.edges, { seed, entity: 0, purpose: purposes.attack });
  return withAttack(graph, deceived, attack);
}
