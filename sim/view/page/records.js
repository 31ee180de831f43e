// The records of a window: a mark each, an arrow for each message, words where there is room.
import { FUTURE, PAST } from '../lineage.ts';
import { laneY } from './layout.js';
import { eventAt, labelAt } from './load.js';

/** Pixels a record, from which on arrows have heads and words are tried. */
const WORDS_FROM = 4;

export function drawRecords(pane, view, scene) {
  const tone = toneOf(pane, view);
  drawArrows(pane, view, scene, tone);
  drawMarks(pane, view, scene, tone);
  if (scene.to - scene.from < 600) drawWords(pane, view, scene, tone);
  drawSelected(pane, view, scene);
}

/** How strong a record is drawn, and in which colour: all that belongs to the selected one stands out. */
function toneOf({ run }, { selected, lineage, ink, kindInk }) {
  const kind = (row) => kindInk[run.columns.kind[row]];
  if (!selected || selected.run !== run.number) return { ink: kind, alpha: () => 1 };
  const { marks } = lineage;
  return {
    ink: (row) => (marks[row] === PAST ? ink.past : marks[row] === FUTURE ? ink.future : kind(row)),
    alpha: (row) => (row === selected.row || marks[row] > 0 ? 1 : 0.28),
  };
}

/** What was sent before the window and arrives behind it crosses it unseen. */
function drawArrows(pane, view, scene, tone) {
  const { run, context } = pane;
  const { arrivals } = run;
  const { axis, from, to, xOfRow, y } = scene;
  const end = (row) => [xOfRow(row), y(row)];
  const last = axis.shown[to - 1] ?? -1;
  for (let place = from; place < to; place += 1) {
    const row = axis.shown[place];
    const sent = run.columns.parent[row];
    const arrival = arrivals[row];
    if (sent >= 0 && arrivals[sent] === row) line(context, tone, row, end(sent), end(row));
    else if (arrival > last) line(context, tone, row, end(row), end(arrival));
    else if (arrival < 0 && eventAt(run, row) === 'sent') lost(pane, view, scene, { tone, row });
  }
}

function line(context, tone, row, [x1, y1], [x2, y2]) {
  if (Number.isNaN(y1) || Number.isNaN(y2)) return;
  context.globalAlpha = tone.alpha(row) * 0.75;
  context.strokeStyle = tone.ink(row);
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length > WORDS_FROM * 3) head(context, [x1, y1], [x2, y2], length);
  context.globalAlpha = 1;
}

function head(context, [x1, y1], [x2, y2], length) {
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [bx, by] = [x2 - ux * 9, y2 - uy * 9];
  context.fillStyle = context.strokeStyle;
  context.beginPath();
  context.moveTo(x2 - ux * 3, y2 - uy * 3);
  context.lineTo(bx - uy * 3.2, by + ux * 3.2);
  context.lineTo(bx + uy * 3.2, by - ux * 3.2);
  context.fill();
}

/** A short way, and a cross. */
function lost(pane, { ink, scale }, { xOfRow, y }, { tone, row }) {
  const { context, run } = pane;
  const from = y(row);
  const there = laneY(pane, run.laneOf[run.columns.peer[row]]);
  if (Number.isNaN(from) || Number.isNaN(there)) return;
  const x = xOfRow(row) + Math.max(10, Math.min(24, scale * 4));
  const at = from + Math.sign(there - from) * 9;
  context.globalAlpha = tone.alpha(row);
  context.strokeStyle = ink.broken;
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(xOfRow(row), from);
  context.lineTo(x, at);
  for (const side of [-3, 3]) {
    context.moveTo(x - 3, at + side);
    context.lineTo(x + 3, at - side);
  }
  context.stroke();
  context.globalAlpha = 1;
}

function drawMarks({ context }, view, { axis, from, to, xOfRow, y }, tone) {
  const radius = Math.max(1.6, Math.min(4, view.byTime ? 3 : view.scale / 3));
  for (let place = from; place < to; place += 1) {
    const row = axis.shown[place];
    const at = y(row);
    if (Number.isNaN(at)) continue;
    context.globalAlpha = tone.alpha(row);
    context.fillStyle = tone.ink(row);
    context.beginPath();
    context.arc(xOfRow(row), at, radius, 0, 7);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Beside its mark, as long as the next one of the same lane is far enough. */
function drawWords({ context, run, width }, { ink, scale, byTime }, scene, tone) {
  const { axis, from, to, xOfRow, y } = scene;
  const nextX = new Map();
  context.font = `11px ${ink.sans}`;
  context.textAlign = 'left';
  for (let place = to - 1; place >= from; place -= 1) {
    const row = axis.shown[place];
    const [x, at] = [xOfRow(row), y(row)];
    if (Number.isNaN(at)) continue;
    const room = (nextX.get(at) ?? width + 200) - x - 14;
    nextX.set(at, x);
    if (room < 26 || (!byTime && scale < WORDS_FROM)) continue;
    const text = fitted(context, labelAt(run, row).replaceAll('_', ' '), room);
    context.globalAlpha = Math.max(0.55, tone.alpha(row));
    context.fillStyle = ink.soft;
    context.fillText(text, x + 7, at - 7);
  }
  context.globalAlpha = 1;
}

/** About six pixels a letter: measuring every one would cost more than it gives. */
function fitted(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  const letters = Math.floor(room / 6.2) - 1;
  return letters < 3 ? '' : `${text.slice(0, letters)}…`;
}

function drawSelected(pane, { selected, ink }, { xOfRow, y }) {
  if (!selected || selected.run !== pane.run.number) return;
  const { context } = pane;
  const [x, at] = [xOfRow(selected.row), y(selected.row)];
  context.strokeStyle = ink.link;
  context.lineWidth = 1;
  context.globalAlpha = 0.5;
  context.beginPath();
  context.moveTo(x, pane.top);
  context.lineTo(x, pane.bottom);
  context.stroke();
  context.globalAlpha = 1;
  if (Number.isNaN(at)) return;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, at, 7, 0, 7);
  context.stroke();
}

/** So many that each would hide the next: how many of them fall on each pixel of each lane. */
export function drawDensity(pane, { ink }, { axis, from, to, xOf }) {
  const { run, context, gutter } = pane;
  const across = Math.max(1, Math.ceil(pane.width - gutter));
  const counts = new Map();
  let most = 1;
  for (let place = from; place < to; place += 1) {
    const row = axis.shown[place];
    const lane = run.laneOf[run.columns.server[row]];
    if (lane < 0) continue;
    const x = Math.floor(xOf(axis.positionOf(row)) - gutter);
    const key = lane * across + Math.min(across - 1, Math.max(0, x));
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > most) most = count;
  }
  context.fillStyle = ink.message;
  for (const [key, count] of counts) {
    const at = laneY(pane, Math.floor(key / across));
    if (Number.isNaN(at)) continue;
    const height = 3 + 17 * Math.sqrt(count / most);
    context.fillRect(gutter + (key % across), at - height / 2, 1, height);
  }
}
