// What the page holds, unpacked: one run, or two, and where they part.
import { arrivalsOf, unpack } from '../columns.ts';

const textOf = (id) => document.getElementById(id).textContent;

export async function loadRuns() {
  const pictures = JSON.parse(textOf('pictures'));
  return Promise.all(pictures.map((picture, number) => loadRun(picture, number)));
}

export const loadDivergence = () => JSON.parse(textOf('divergence'));

async function loadRun(picture, number) {
  const columns = unpack(await inflated(textOf(`columns-${number}`)), picture.rows);
  const lanes = new Map(picture.servers.map(({ id }, lane) => [id, lane]));
  // By the number of a name: its lane; -1: none.
  const laneOf = Int32Array.from(['', ...picture.names], (name) => lanes.get(name) ?? -1);
  const run = { number, picture, columns, laneOf, arrivals: arrivalsOf(columns) };
  return { ...run, downs: downsOf(run), ending: commonEnding(picture.servers) };
}

async function inflated(text) {
  const packed = Uint8Array.from(atob(text.trim()), (unit) => unit.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** By lane: the records between which its server was down. */
function downsOf({ picture: { eventNames, servers }, columns, laneOf }) {
  const [crashed, started] = [eventNames.indexOf('crashed'), eventNames.indexOf('started')];
  const downs = servers.map(() => []);
  for (let row = 0; row < columns.rows; row += 1) {
    const kind = columns.kind[row];
    const down = downs[laneOf[columns.server[row]]];
    if (kind === crashed) down.push([row, columns.rows]);
    if (kind === started && down.length > 0) down.at(-1)[1] = row;
  }
  return downs;
}

/** `.sim.test`, which every name has and nobody needs to read. */
function commonEnding(servers) {
  const [first] = servers;
  const ending = /\..*$/.exec(first?.id ?? '')?.[0] ?? '';
  return servers.every(({ id }) => id.endsWith(ending)) ? ending : '';
}

export const shortName = ({ ending }, id) =>
  ending && id.endsWith(ending) ? id.slice(0, -ending.length) : id;

export const nameAt = (run, place) =>
  place === 0 ? 'the world' : shortName(run, run.picture.names[place - 1]);

export const eventAt = ({ picture, columns }, row) => picture.eventNames[columns.kind[row]];
export const labelAt = ({ picture, columns }, row) => picture.labels[columns.label[row]];

const TICKS_PER_SECOND = 10_000;
export const secondsOf = (ticks) => `${(ticks / TICKS_PER_SECOND).toFixed(4)} s`;

/** `hub received trust_request, leaf-3`, as one line. */
export function lineAt(run, row) {
  const [event, label] = [eventAt(run, row), labelAt(run, row)];
  const peer = run.columns.peer[row];
  const what = label === event ? event : `${event} ${label}`;
  return `${nameAt(run, run.columns.server[row])} ${what}${peer ? `, ${nameAt(run, peer)}` : ''}`;
}
