// Where a record stands across: by its place among those that are shown, or by its time.

/** `kinds`: by number of the event, whether it is shown. */
export function createAxis({ columns }, kinds, byTime) {
  const shown = shownRows(columns, kinds);
  const at = (place) => columns.at[shown[place]];
  const length = shown.length;
  const span = byTime ? Math.max(1, columns.rows > 0 ? columns.at[columns.rows - 1] : 1) : length;
  return {
    shown,
    /** In units of the axis. */
    span,
    /** First place in `shown` at or after a record. */
    placeOf: (row) => lowest(length, (place) => shown[place] >= row),
    positionOf(row) {
      return byTime ? columns.at[row] : lowest(length, (place) => shown[place] >= row);
    },
    positionOfTick(tick) {
      return byTime ? tick : lowest(length, (place) => at(place) >= tick);
    },
    tickAt(position) {
      if (byTime) return position;
      const place = Math.min(length - 1, Math.max(0, Math.floor(position)));
      return length === 0 ? 0 : at(place);
    },
    /** Places of what stands between two positions. */
    within(from, to) {
      if (!byTime) return [Math.max(0, Math.floor(from)), Math.min(length, Math.ceil(to))];
      return [
        lowest(length, (place) => at(place) >= from),
        lowest(length, (place) => at(place) > to),
      ];
    },
  };
}

function shownRows({ rows, kind }, kinds) {
  const shown = new Int32Array(rows);
  let length = 0;
  for (let row = 0; row < rows; row += 1) {
    if (!kinds[kind[row]]) continue;
    shown[length] = row;
    length += 1;
  }
  return shown.subarray(0, length);
}

/** The first of `length` places for which it is true; `length` where it never is. */
function lowest(length, isReached) {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
