// The page of a run: what is selected and what is shown, and everything that changes either.
import { lineageOf } from '../lineage.ts';
import { mermaidOf } from '../mermaid.ts';
import { createAxis } from './axis.js';
import { listen } from './controls.js';
import { showDetails } from './details.js';
import { groups, inkOfKinds, readInk } from './ink.js';
import { createPane, layOut, showLanes } from './layout.js';
import { loadDivergence, loadRuns } from './load.js';
import { draw } from './pane.js';
import { search } from './search.js';

const by = (id) => document.getElementById(id);
/** Pixels a record, when the page opens. */
const FIRST_SCALE = 16;

const runs = await loadRuns();
const panes = runs.map((run) => createPane(run, by(`pane-${run.number}`)));
const eventNames = runs[0].picture.eventNames;
const view = {
  ...{ start: 0, scale: FIRST_SCALE, byTime: false, axes: [], selected: null, lineage: null },
  ...{ divergence: loadDivergence(), ink: readInk(), kindInk: [], onlyConcerned: false },
  kinds: eventNames.map(() => true),
};

let pending = 0;
const redraw = () => {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(() => {
    for (const pane of panes) draw(pane, view);
  });
};

const width = () => Math.max(1, panes[0].width - panes[0].gutter);
const span = () => Math.max(...view.axes.map((axis) => axis.span));

/** Into bounds: never past the ends, never nearer than one can see. */
function move(start, scale = view.scale) {
  const whole = width() / (span() * 1.02);
  view.scale = Math.min(Math.max(scale, whole), view.byTime ? 40 : 80);
  const most = span() - (width() / view.scale) * 0.6;
  view.start = Math.max(-10 / view.scale, Math.min(start, most));
  redraw();
}

function zoom(factor, x = panes[0].gutter + width() / 2) {
  const across = x - panes[0].gutter;
  const held = view.start + across / view.scale;
  move(view.start, view.scale * factor);
  move(held - across / view.scale);
}

function remakeAxes() {
  view.axes = runs.map((run) => createAxis(run, view.kinds, view.byTime));
}

const MOST_HIGH = 560;
const room = () => ({
  isNarrow: window.innerWidth < 700,
  most: panes.length > 1 ? MOST_HIGH * 0.6 : MOST_HIGH,
});

function relay() {
  for (const pane of panes) layOut(pane, room());
  move(view.start);
}

/** Keeps in the middle what is there, when the axis changes. */
function changeAxis(change) {
  const tick = view.axes[0].tickAt(view.start + width() / view.scale / 2);
  const share = width() / view.scale / span();
  change();
  remakeAxes();
  const { selected } = view;
  const middle = selected
    ? view.axes[selected.run].positionOf(selected.row)
    : view.axes[0].positionOfTick(tick);
  view.scale = width() / (share * span());
  move(middle - width() / view.scale / 2, view.scale);
}

function select(number, row, { isCentred = true } = {}) {
  const run = runs[number];
  view.selected = { run: number, row };
  view.lineage = lineageOf(run.columns, row);
  if (view.onlyConcerned) concern();
  if (isCentred) reveal(number, row);
  showDetails(by('details'), { run, row, lineage: view.lineage }, (other) => select(number, other));
  history.replaceState(null, '', `#${number > 0 ? 'second-' : ''}record-${row}`);
  redraw();
}

function reveal(number, row) {
  const position = view.axes[number].positionOf(row);
  const across = width() / view.scale;
  if (position < view.start + across * 0.1 || position > view.start + across * 0.85) {
    move(position - across * 0.45);
  }
  const pane = panes[number];
  const lane = pane.run.laneOf[pane.run.columns.server[row]];
  const place = pane.placeOfLane ? pane.placeOfLane[lane] : lane;
  const fit = Math.floor((pane.bottom - pane.top) / 26);
  if (place >= 0 && (place < pane.firstLane || place >= pane.firstLane + fit)) {
    pane.firstLane = Math.max(0, place - (fit >> 1));
    layOut(pane, room());
  }
}

/** Lanes of the selected record, its past and its future; all where nothing is selected. */
function concern() {
  for (const pane of panes) {
    const { run } = pane;
    const isMeant = view.onlyConcerned && view.selected?.run === run.number;
    showLanes(pane, isMeant ? lanesConcerned(run) : null);
  }
  redraw();
}

function lanesConcerned({ columns, laneOf }) {
  const { marks } = view.lineage;
  const lanes = new Set([laneOf[columns.server[view.selected.row]]]);
  for (let row = 0; row < columns.rows; row += 1) {
    if (marks[row] > 0) lanes.add(laneOf[columns.server[row]]);
  }
  return lanes;
}

/** The next shown record that is `wanted`; the selected one, or the left of the window, is where it starts. */
function step(direction, wanted = () => true) {
  const number = view.selected?.run ?? 0;
  const { shown, placeOf, within } = view.axes[number];
  const [first] = within(Math.max(0, view.start), view.start + 1);
  let place = view.selected ? placeOf(view.selected.row) : first - 1;
  if (direction < 0 && !view.selected) place = first;
  do place += direction;
  while (place >= 0 && place < shown.length && !wanted(shown[place]));
  if (place >= 0 && place < shown.length) select(number, shown[place]);
}

function stepInLane(direction) {
  if (!view.selected) return step(direction);
  const { run, row } = view.selected;
  const { server } = runs[run].columns;
  step(direction, (other) => server[other] === server[row]);
}

function follow(relative) {
  if (!view.selected) return;
  const [row] = relative === 'cause' ? view.lineage.past : view.lineage.next;
  if (row !== undefined) select(view.selected.run, row);
}

let found = { text: '', rows: [] };
function find(text, direction) {
  const number = view.selected?.run ?? 0;
  if (text !== found.text)
    found = { text, rows: search(runs[number], view.axes[number].shown, text) };
  const from = view.selected?.row ?? -1;
  const { rows } = found;
  const next =
    direction > 0
      ? (rows.find((row) => row > from) ?? rows[0])
      : (rows.findLast((row) => row < from) ?? rows.at(-1));
  by('found').textContent = text ? `${rows.length} found` : '';
  if (next !== undefined) select(number, next);
}

function mermaid() {
  const number = view.selected?.run ?? 0;
  const { shown, within } = view.axes[number];
  const [from, to] = within(Math.max(0, view.start), view.start + width() / view.scale);
  const rows = Array.from(shown.subarray(from, to));
  return mermaidOf({ ...runs[number], rows });
}

function repaint() {
  view.ink = readInk();
  view.kindInk = inkOfKinds(eventNames, view.ink);
  redraw();
}

function show(name, isShown) {
  const { kinds } = groups.find((group) => group.name === name);
  changeAxis(() => {
    for (const kind of kinds) view.kinds[eventNames.indexOf(kind)] = isShown;
  });
  found = { text: '', rows: [] };
}

/** A link into the page. */
function openHash() {
  const [, second, number] = /^#(second-)?record-(\d+)$/.exec(location.hash) ?? [];
  const run = second ? 1 : 0;
  const row = number === undefined ? firstOfInterest() : Number(number);
  if (row !== null && runs[run] && row < runs[run].columns.rows) select(run, row);
}

/** Where two runs part, or something was broken; otherwise nothing. */
function firstOfInterest() {
  if (view.divergence) return Math.min(view.divergence.row, runs[0].columns.rows - 1);
  const breach = runs[0].picture.verdicts.find(({ at }) => at !== null);
  if (!breach) return null;
  return view.axes[0].shown[Math.floor(view.axes[0].positionOfTick(breach.at))] ?? null;
}

remakeAxes();
relay();
repaint();
listen({
  ...{ view, panes, by, move, zoom, select, step, stepInLane, follow, find, mermaid, show },
  ...{ repaint, relay, redraw, width },
  toggleTime: (byTime) => changeAxis(() => Object.assign(view, { byTime })),
  toggleConcerned(isOn) {
    view.onlyConcerned = isOn;
    concern();
  },
  goTo(tick) {
    move(view.axes[0].positionOfTick(tick) - width() / view.scale / 2);
  },
});
openHash();
document.body.dataset.ready = 'true';
