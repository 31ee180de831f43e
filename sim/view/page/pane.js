// One run on a canvas: faults above, a lane for each server, verdicts below. Only what is in the
// window is drawn; where too much is, how much of it there is.
import { offsetAt } from '../local-clock.ts';
import { AXIS, FAULT, LANE, laneY, VERDICTS } from './layout.js';
import { shortName } from './load.js';
import { drawDensity, drawRecords } from './records.js';
import { drawDivergence, drawFaults, drawTimes, drawVerdicts } from './tracks.js';

/** Records in a window, above which only their density is drawn. */
const MOST_RECORDS = 8000;

export function draw(pane, view) {
  const { context, width, height } = pane;
  const { ink } = view;
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  const scene = sceneOf(pane, view);
  drawLanes(pane, view, scene);
  clipped(pane, { x: pane.gutter, y: 0, width, height }, () => {
    drawTimes(pane, view, scene);
    drawFaults(pane, view, scene);
    drawVerdicts(pane, view, scene);
    drawDivergence(pane, view, scene);
  });
  const lanes = { x: pane.gutter, y: pane.top, width, height: pane.bottom - pane.top };
  clipped(pane, lanes, () => {
    if (scene.to - scene.from > MOST_RECORDS) drawDensity(pane, view, scene);
    else drawRecords(pane, view, scene);
  });
  drawNames(pane, view);
}

/** What is in the window, and where a record of it stands. */
function sceneOf(pane, view) {
  const axis = view.axes[pane.run.number];
  const across = (pane.width - pane.gutter) / view.scale;
  const [from, to] = axis.within(view.start - 1, view.start + across + 1);
  const xOf = (position) => pane.gutter + (position - view.start) * view.scale;
  return {
    ...{ axis, from, to, xOf, across },
    xOfRow: (row) => xOf(axis.positionOf(row) + (view.byTime ? 0 : 0.5)),
    xOfTick: (tick) => xOf(axis.positionOfTick(tick)),
    y: (row) => laneY(pane, pane.run.laneOf[pane.run.columns.server[row]]),
  };
}

function clipped({ context }, { x, y, width, height }, paint) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  paint();
  context.restore();
}

function drawLanes(pane, { ink }, { xOfRow }) {
  const { context, width, lanes, run } = pane;
  for (const [place, lane] of lanes.entries()) {
    const y = laneY(pane, lane);
    if (y < pane.top - LANE || y > pane.bottom + LANE) continue;
    if (place % 2 === 1) {
      context.fillStyle = ink.sunk;
      context.fillRect(0, y - LANE / 2, width, LANE);
    }
    context.fillStyle = ink.edge;
    context.fillRect(pane.gutter, y - 0.5, width, 1);
    context.fillStyle = ink.faultTint;
    for (const [from, to] of run.downs[lane]) {
      const [left, right] = [xOfRow(from), to < run.columns.rows ? xOfRow(to) : width];
      if (right > pane.gutter && left < width) {
        context.fillRect(left, y - LANE / 2 + 2, right - left, LANE - 4);
      }
    }
  }
}

/** Over everything, so that nothing runs beneath it. */
function drawNames(pane, view) {
  const { context, lanes, run, gutter } = pane;
  const { ink, selected } = view;
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, gutter - 1, pane.height);
  context.fillStyle = ink.line;
  context.fillRect(gutter - 1, 0, 1, pane.height);
  const chosen = selected && selected.run === run.number ? selected.row : null;
  const tick = chosen === null ? null : run.columns.at[chosen];
  clipped(pane, { x: 0, y: pane.top, width: gutter - 1, height: pane.bottom - pane.top }, () => {
    for (const lane of lanes) drawName(pane, view, { lane, tick, chosen });
  });
  context.font = `12px ${ink.sans}`;
  context.fillStyle = ink.soft;
  context.textAlign = 'left';
  context.fillText(view.byTime ? 'time' : 'steps', 10, AXIS / 2);
  if (pane.faultRows > 0) context.fillText('faults', 10, AXIS + (pane.faultRows * FAULT) / 2 + 2);
  context.fillText('verdicts', 10, pane.height - VERDICTS / 2);
}

function drawName(pane, { ink }, { lane, tick, chosen }) {
  const { context, run, gutter } = pane;
  const y = laneY(pane, lane);
  if (y < pane.top - LANE || y > pane.bottom + LANE) return;
  const { id, clock } = run.picture.servers[lane];
  const isChosen = chosen !== null && run.laneOf[run.columns.server[chosen]] === lane;
  const offset = tick === null ? '' : offsetText(clock, tick);
  context.fillStyle = isChosen ? ink.link : ink.ink;
  context.font = `${isChosen ? '600 ' : ''}12px ${ink.sans}`;
  context.textAlign = 'left';
  context.fillText(shortName(run, id), 10, offset ? y - 6 : y, gutter - 18);
  if (!offset) return;
  context.font = `10px ${ink.mono}`;
  context.fillStyle = ink.soft;
  context.fillText(offset, 10, y + 7, gutter - 18);
}

/** How far the clock of the server is off; empty where it is right. */
export function offsetText(clock, tick) {
  if (clock.length === 0) return '';
  const micros = offsetAt(clock, tick);
  if (micros === 0) return '';
  const sign = micros < 0 ? '−' : '+';
  const size = Math.abs(micros);
  return size < 1_000_000
    ? `${sign}${(size / 1000).toFixed(1)} ms`
    : `${sign}${(size / 1_000_000).toFixed(3)} s`;
}

/** The record nearest to a place on the canvas; null: there is none near. */
export function recordAt(pane, view, { x, y }) {
  const scene = sceneOf(pane, view);
  const { axis } = scene;
  const position = view.start + (x - pane.gutter) / view.scale;
  const reach = Math.max(10 / view.scale, 0.6);
  const [from, to] = axis.within(position - reach - 1, position + reach);
  let best = { row: null, distance: 20 };
  for (let place = from; place < to; place += 1) {
    const row = axis.shown[place];
    const lane = scene.y(row);
    // What concerns no server stands in no lane.
    const distance = Math.hypot(scene.xOfRow(row) - x, (Number.isNaN(lane) ? y : lane) - y);
    if (distance < best.distance) best = { row, distance };
  }
  return best.row;
}
