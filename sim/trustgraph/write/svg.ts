/**
 * Plots as SVG that stand alone: axes with round ticks, lines with confidence bands, bars. Colours
 * follow the reader's light or dark setting, and are told apart by people who see colours differently
 * (Okabe and Ito), and each series by its dash as well.
 */
import type { Plot, Series } from '../answer.ts';
import { type Scale, scaleOf, tickText } from './scale.ts';
import { escapeXml } from './xml.ts';

const WIDTH = 720;
const HEIGHT = 420;
const INSIDE = { left: 84, right: 24, top: 52, bottom: 58 };
const LEGEND_LINE = 18;

const style = `
  :root{color-scheme:light dark}
  svg{font:13px system-ui,"DejaVu Sans",sans-serif;background:#fff}
  text{fill:#1b1b1b}.title{font-size:15px;font-weight:600}.axis{stroke:#555}.grid{stroke:#ddd}
  .s0{--c:#0072b2}.s1{--c:#d55e00}.s2{--c:#009e73}.s3{--c:#a6467f}.s4{--c:#8a6d00}.s5{--c:#3d8fc0}
  .line{fill:none;stroke:var(--c);stroke-width:2}.band{fill:var(--c);opacity:.18}.bar,.dot{fill:var(--c)}
  .s1 .line{stroke-dasharray:7 3}.s2 .line{stroke-dasharray:2 3}.s3 .line{stroke-dasharray:9 3 2 3}
  .s4 .line{stroke-dasharray:12 4}.s5 .line{stroke-dasharray:4 4}
  @media (prefers-color-scheme:dark){svg{background:#16181c}text{fill:#e8e8e8}.axis{stroke:#9aa0a6}
  .grid{stroke:#33373d}.s0{--c:#56b4e9}.s1{--c:#e69f00}.s2{--c:#2bc49a}.s3{--c:#dd8fc0}.s4{--c:#f0e442}
  .s5{--c:#a9d5f5}.band{opacity:.25}}`;

export function svgOf(plot: Plot): string {
  const x = scaleOf(domainX(plot), [INSIDE.left, WIDTH - INSIDE.right]);
  const y = scaleOf(domainY(plot), [HEIGHT - INSIDE.bottom, INSIDE.top]);
  const height = HEIGHT + (plot.series.length > 1 ? plot.series.length * LEGEND_LINE : 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escapeXml(plot.title)}</title><style>${style}</style>`,
    `<text class="title" x="${INSIDE.left}" y="26">${escapeXml(plot.title)}</text>`,
    ...axes(plot, x, y),
    ...plot.series.map((series, at) => drawn(plot, series, at, x, y)),
    ...(plot.series.length > 1 ? plot.series.map(legendLine) : []),
    '</svg>\n',
  ].join('\n');
}

const pointsOf = (plot: Plot) => plot.series.flatMap(({ points }) => points);

function domainX(plot: Plot): readonly [number, number] {
  const values = pointsOf(plot).map(([x]) => x);
  const half = plot.kind === 'bars' ? barStep(plot) / 2 : 0;
  return [Math.min(...values, Infinity) - half, Math.max(...values, -Infinity) + half];
}

function domainY(plot: Plot): readonly [number, number] {
  const bands = plot.series.flatMap(({ band = [] }) =>
    band.flatMap(([, low, high]) => [low, high]),
  );
  const values = [...pointsOf(plot).map(([, y]) => y), ...bands];
  return [Math.min(0, ...values), Math.max(0, ...values)];
}

/** The smallest distance between two bars of a series. */
function barStep({ series }: Plot): number {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))].sort(
    (a, b) => a - b,
  );
  const steps = xs.slice(1).map((x, at) => x - (xs[at] ?? 0));
  return Math.min(...steps, xs.length > 1 ? Infinity : 1);
}

function axes(plot: Plot, x: Scale, y: Scale): readonly string[] {
  const [left, right] = [INSIDE.left, WIDTH - INSIDE.right];
  const [top, bottom] = [INSIDE.top, HEIGHT - INSIDE.bottom];
  const rows = y.ticks.map(
    (tick) =>
      `<line class="grid" x1="${left}" x2="${right}" y1="${y.at(tick)}" y2="${y.at(tick)}"/>` +
      `<text x="${left - 8}" y="${y.at(tick)}" dy=".35em" text-anchor="end">${tickText(tick)}</text>`,
  );
  const columns = x.ticks.map(
    (tick) =>
      `<line class="axis" x1="${x.at(tick)}" x2="${x.at(tick)}" y1="${bottom}" y2="${bottom + 5}"/>` +
      `<text x="${x.at(tick)}" y="${bottom + 20}" text-anchor="middle">${tickText(tick)}</text>`,
  );
  const middle = (top + bottom) / 2;
  return [
    ...rows,
    ...columns,
    `<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
    `<text x="${(left + right) / 2}" y="${bottom + 42}" text-anchor="middle">${escapeXml(plot.x)}</text>`,
    `<text transform="translate(18 ${middle}) rotate(-90)" text-anchor="middle">${escapeXml(plot.y)}</text>`,
  ];
}

function drawn(plot: Plot, series: Series, at: number, x: Scale, y: Scale): string {
  const inside = plot.kind === 'bars' ? bars(plot, series, at, x, y) : lines(series, x, y);
  return `<g class="s${at % 6}">${inside}</g>`;
}

function bars(plot: Plot, { points }: Series, at: number, x: Scale, y: Scale): string {
  const group = Math.abs(x.at(barStep(plot)) - x.at(0)) * 0.86;
  const width = group / plot.series.length;
  return points
    .map(([px, py]) => {
      const left = x.at(px) - group / 2 + at * width;
      const height = Math.max(0, y.at(0) - y.at(py));
      return `<rect class="bar" x="${rounded(left)}" y="${y.at(py)}" width="${rounded(width)}" height="${rounded(height)}"/>`;
    })
    .join('');
}

function lines({ points, band = [] }: Series, x: Scale, y: Scale): string {
  const path = (list: readonly (readonly [number, number])[]) =>
    list.map(([px, py]) => `${x.at(px)},${y.at(py)}`).join(' ');
  const upper = band.map(([px, , high]) => [px, high] as const);
  const lower = band.map(([px, low]) => [px, low] as const).reverse();
  const area =
    band.length > 0 ? `<polygon class="band" points="${path([...upper, ...lower])}"/>` : '';
  const dots = points.map(
    ([px, py]) => `<circle class="dot" cx="${x.at(px)}" cy="${y.at(py)}" r="2.6"/>`,
  );
  return `${area}<polyline class="line" points="${path(points)}"/>${dots.join('')}`;
}

function legendLine({ name }: Series, at: number): string {
  const y = HEIGHT + at * LEGEND_LINE;
  return (
    `<g class="s${at % 6}"><line class="line" x1="${INSIDE.left}" x2="${INSIDE.left + 32}" y1="${y}" y2="${y}"/>` +
    `<text x="${INSIDE.left + 42}" y="${y}" dy=".35em">${escapeXml(name)}</text></g>`
  );
}

const rounded = (value: number) => Math.round(value * 100) / 100;
