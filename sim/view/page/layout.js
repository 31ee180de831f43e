// Where a pane has its lanes and tracks.

export const LANE = 26;
export const AXIS = 22;
export const FAULT = 15;
const MOST_FAULTS = 4;
export const VERDICTS = 20;

export function createPane(run, canvas) {
  const pane = {
    ...{ run, canvas, context: canvas.getContext('2d'), width: 0, height: 0 },
    /** Lanes that are shown, by place. */
    lanes: run.picture.servers.map((_, lane) => lane),
    firstLane: 0,
    gutter: 120,
  };
  return pane;
}

/** `most`: pixels that it may be high. */
export function layOut(pane, { isNarrow, most }) {
  const { canvas, run } = pane;
  const lasting = run.picture.plan.filter(({ until }) => until !== null).length;
  pane.faultRows = Math.min(MOST_FAULTS, lasting);
  pane.top = AXIS + pane.faultRows * FAULT + (pane.faultRows > 0 ? 8 : 2);
  const wanted = pane.top + Math.max(2, run.picture.servers.length) * LANE + VERDICTS;
  canvas.style.height = `${Math.min(most, wanted)}px`;
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  pane.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  pane.width = width;
  pane.height = height;
  pane.gutter = isNarrow ? 78 : 132;
  pane.bottom = height - VERDICTS;
  clampLanes(pane);
}

export function clampLanes(pane) {
  const fit = Math.max(1, Math.floor((pane.bottom - pane.top) / LANE));
  pane.firstLane = Math.max(0, Math.min(pane.firstLane, pane.lanes.length - fit));
}

/** Middle of a lane; NaN: it is not shown. */
export function laneY(pane, lane) {
  const place = pane.placeOfLane ? pane.placeOfLane[lane] : lane;
  if (lane < 0 || place < 0) return Number.NaN;
  return pane.top + (place - pane.firstLane + 0.5) * LANE;
}

export function showLanes(pane, wanted) {
  const all = pane.run.picture.servers.map((_, lane) => lane);
  pane.lanes = wanted ? all.filter((lane) => wanted.has(lane)) : all;
  pane.placeOfLane = Int32Array.from(all, (lane) => pane.lanes.indexOf(lane));
  clampLanes(pane);
}
