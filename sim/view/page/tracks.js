// What stands above and below the lanes: times, faults as bars, verdicts where they were broken.
import { AXIS, FAULT, VERDICTS } from './layout.js';

const STEP_PIXELS = 110;

export function drawTimes({ context, width, gutter, bottom }, view, { axis, xOf }) {
  const { ink } = view;
  const step = view.byTime
    ? roundStep(STEP_PIXELS / view.scale)
    : Math.max(1, Math.round(STEP_PIXELS / view.scale));
  context.font = `11px ${ink.mono}`;
  context.textAlign = 'left';
  const first = Math.floor(view.start / step) * step;
  for (let position = first; xOf(position) < width; position += step) {
    const x = xOf(position) + (view.byTime ? 0 : view.scale / 2);
    if (x < gutter - STEP_PIXELS || position < 0 || position > axis.span) continue;
    context.fillStyle = ink.line;
    context.fillRect(x, AXIS - 4, 1, bottom - AXIS + 4);
    context.fillStyle = ink.soft;
    context.fillText(timeText(axis.tickAt(position), view), x + 4, AXIS / 2);
  }
}

/** Without digits that are all the same. */
const timeText = (tick, { byTime, scale }) => {
  const digits = byTime && scale < 0.05 ? (scale < 0.005 ? 0 : 1) : 3;
  return `${(tick / 10_000).toFixed(digits)} s`;
};

/** One, two or five, times a power of ten. */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= least);
}

export function drawFaults(pane, { ink }, { xOfTick }) {
  const { context, run, width, gutter, faultRows } = pane;
  const ends = new Array(faultRows).fill(Number.NEGATIVE_INFINITY);
  context.font = `11px ${ink.sans}`;
  for (const { at, until, id, kind } of run.picture.plan) {
    if (until === null) continue;
    const [left, right] = [xOfTick(at), Math.max(xOfTick(until), xOfTick(at) + 2)];
    // In the row that has been free for the longest.
    const place = ends.indexOf(Math.min(...ends));
    ends[place] = right;
    if (right < gutter || left > width) continue;
    const y = AXIS + place * FAULT + 3;
    context.fillStyle = ink.faultTint;
    context.fillRect(left, y, right - left, FAULT - 3);
    context.fillStyle = ink.fault;
    context.fillRect(left, y, 2, FAULT - 3);
    inside(
      context,
      { left: Math.max(left, gutter), right, y: y + 6 },
      wordsOf(kind, id),
      ink.faultInk,
    );
  }
  drawInstants(pane, ink, xOfTick);
}

const wordsOf = (kind, id) => (id.startsWith(kind) ? id : `${kind}, ${id}`);

/** What is over at once, and is not one of the many that establish trust. */
function drawInstants({ context, run, gutter, width, bottom }, ink, xOfTick) {
  for (const { at, until, kind } of run.picture.plan) {
    if (until !== null || kind === 'establish') continue;
    const x = xOfTick(at);
    if (x < gutter || x > width) continue;
    context.fillStyle = ink.fault;
    context.globalAlpha = 0.6;
    context.fillRect(x, AXIS, 1, bottom - AXIS);
    context.globalAlpha = 1;
    context.font = `11px ${ink.sans}`;
    context.fillStyle = ink.faultInk;
    context.fillText(kind, x + 4, bottom - 6);
  }
}

function inside(context, { left, right, y }, text, colour) {
  if (right - left < 30) return;
  context.save();
  context.beginPath();
  context.rect(left, y - 8, right - left - 4, 16);
  context.clip();
  context.fillStyle = colour;
  context.textAlign = 'left';
  context.fillText(text, left + 6, y);
  context.restore();
}

export function drawVerdicts({ context, run, width, gutter, height, top }, { ink }, { xOfTick }) {
  const y = height - VERDICTS / 2;
  context.fillStyle = ink.line;
  context.fillRect(gutter, height - VERDICTS, width, 1);
  const broken = run.picture.verdicts.filter(({ at }) => at !== null);
  context.font = `11px ${ink.sans}`;
  context.textAlign = 'left';
  for (const { name, at } of broken) {
    const x = xOfTick(at);
    context.fillStyle = ink.broken;
    context.fillRect(x, top, 1, height - top);
    context.beginPath();
    context.moveTo(x, y - 6);
    context.lineTo(x + 6, y);
    context.lineTo(x, y + 6);
    context.lineTo(x - 6, y);
    context.fill();
    context.fillStyle = ink.brokenInk;
    context.fillText(name, x + 10, y);
  }
  if (broken.length > 0 || run.picture.verdicts.length === 0) return;
  context.fillStyle = ink.held;
  context.textAlign = 'right';
  context.fillText('nothing was broken', width - 8, y);
}

export function drawDivergence({ context, height, width }, { divergence, ink }, { xOfRow }) {
  if (!divergence) return;
  const x = xOfRow(divergence.row);
  if (x > width) return;
  context.fillStyle = ink.brokenInk;
  context.fillRect(x - 1, 0, 2, height);
  context.font = `600 11px ${ink.sans}`;
  context.textAlign = 'left';
  context.fillText('they part here', x + 6, height - VERDICTS / 2);
}
