/** Paths between two nodes as a drawing: a column a hop, the path that decides in colour. */
import type { Graph } from '../graph.ts';
import type { ScoredPath } from '../tied-paths.ts';
import { dotId } from './dot-text.ts';
import { escapeXml } from './xml.ts';

const COLUMN = 190;
const ROW = 54;
const BOX = { width: 124, height: 30 };
const MARGIN = 24;

/** Each edge once, by its ends. */
function edgesOfPaths(paths: readonly ScoredPath[]) {
  const edges = new Map<string, { from: number; to: number; weight: number }>();
  for (const { nodes, weights } of paths)
    weights.forEach((weight, hop) => {
      const [from = 0, to = 0] = [nodes[hop], nodes[hop + 1]];
      edges.set(`${from} ${to}`, { from, to, weight });
    });
  return [...edges.values()];
}

export function pathDot({ labels }: Graph, paths: readonly ScoredPath[]): string {
  const lines = edgesOfPaths(paths).map(
    ({ from, to, weight }) =>
      `  ${dotId(labels[from] ?? '')} -> ${dotId(labels[to] ?? '')} [weight=${weight}, label="${weight}"];`,
  );
  return ['digraph paths {', '  rankdir=LR;', ...lines, '}', ''].join('\n');
}

const style = `
  svg{font:13px system-ui,"DejaVu Sans",sans-serif;background:#fff}text{fill:#1b1b1b}
  .weight{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
  rect{fill:#f4f6f8;stroke:#7a828a}line{stroke:#9aa0a6}.chosen{stroke:#0072b2;stroke-width:2.5}
  @media (prefers-color-scheme:dark){svg{background:#16181c}text{fill:#e8e8e8}.weight{stroke:#16181c}
  rect{fill:#23272d;stroke:#868e96}.chosen{stroke:#56b4e9}}`;

export function pathSvg(graph: Graph, paths: readonly ScoredPath[], chosen: ScoredPath): string {
  const places = placesOf(paths);
  const size = {
    width: MARGIN * 2 + COLUMN * (chosen.nodes.length - 1) + BOX.width,
    height: MARGIN * 2 + ROW * Math.max(...[...places.values()].map(({ row }) => row + 1)),
  };
  const isChosen = (from: number, to: number) =>
    chosen.nodes.some((node, hop) => node === from && chosen.nodes[hop + 1] === to);
  const lines = edgesOfPaths(paths).map(({ from, to, weight }) =>
    drawnEdge(places.get(from), places.get(to), weight, isChosen(from, to)),
  );
  const boxes = [...places].map(([node, place]) => drawnNode(graph.labels[node] ?? '', place));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img">`,
    `<title>Paths of trust</title><style>${style}</style>`,
    ...lines,
    ...boxes,
    '</svg>\n',
  ].join('\n');
}

interface Place {
  readonly column: number;
  readonly row: number;
}

/** A node stands in the column of its hop, below those that were there before. */
function placesOf(paths: readonly ScoredPath[]): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>();
  const used: number[] = [];
  for (const { nodes } of paths)
    nodes.forEach((node, column) => {
      if (places.has(node)) return;
      places.set(node, { column, row: used[column] ?? 0 });
      used[column] = (used[column] ?? 0) + 1;
    });
  return places;
}

const left = ({ column }: Place) => MARGIN + column * COLUMN;
const top = ({ row }: Place) => MARGIN + row * ROW;

function drawnEdge(from: Place | undefined, to: Place | undefined, weight: number, isOn: boolean) {
  if (!from || !to) return '';
  const [x1, y1] = [left(from) + BOX.width, top(from) + BOX.height / 2];
  const [x2, y2] = [left(to), top(to) + BOX.height / 2];
  // Near the node that is left, so that weights of edges that cross do not lie upon each other.
  const [x, y] = [x1 + (x2 - x1) * 0.35, y1 + (y2 - y1) * 0.35 - 4];
  return (
    `<line class="${isOn ? 'chosen' : 'other'}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>` +
    `<text class="weight" x="${Math.round(x)}" y="${Math.round(y)}" text-anchor="middle">${weight}</text>`
  );
}

const drawnNode = (label: string, place: Place) =>
  `<rect x="${left(place)}" y="${top(place)}" width="${BOX.width}" height="${BOX.height}" rx="6"/>` +
  `<text x="${left(place) + BOX.width / 2}" y="${top(place) + BOX.height / 2}" dy=".35em" text-anchor="middle">${escapeXml(label.length > 16 ? `${label.slice(0, 15)}…` : label)}</text>`;
