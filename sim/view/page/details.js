// What the page says of the selected record: when, by whose clock, why, and what came of it.
import { eventAt, labelAt, lineAt, nameAt, secondsOf } from './load.js';
import { offsetText } from './pane.js';

const MOST_LISTED = 12;

export function showDetails(place, { run, row, lineage }, choose) {
  const { columns, picture } = run;
  const size = columns.size[row];
  place.replaceChildren(
    element('h2', lineAt(run, row)),
    facts([
      ['Record', `${row} of ${picture.rows}`],
      ['True time', secondsOf(columns.at[row])],
      ...clocksOf(run, row),
      ['Event', eventText(run, row)],
      ...(size > 0 ? [['Size', `${size} bytes`]] : []),
      ...fateOf(run, row),
    ]),
    list('Because', lineage.past, { run, choose, none: 'no record says why' }),
    list('Led to', lineage.next, { run, choose, none: 'nothing that is recorded' }),
    element('p', futureText(lineage), 'lead'),
  );
}

function eventText(run, row) {
  const [event, label] = [eventAt(run, row), labelAt(run, row)];
  return event === label ? event : `${event} ${label}`;
}

const futureText = ({ past, futureRows }) =>
  `${past.length} records led to it, one after the other; ${futureRows} came of it.`;

/** Of both ends, where a clock is not right. */
function clocksOf({ picture, columns, laneOf, ...run }, row) {
  return [columns.server[row], columns.peer[row]].flatMap((name) => {
    const server = picture.servers[laneOf[name]];
    if (!server) return [];
    const offset = offsetText(server.clock, columns.at[row]);
    return [[`Clock of ${nameAt({ picture, ...run }, name)}`, offset || 'right']];
  });
}

function fateOf(run, row) {
  if (eventAt(run, row) !== 'sent') return [];
  const arrival = run.arrivals[row];
  if (arrival < 0) return [['Arrives', 'never, or as something else']];
  const later = run.columns.at[arrival] - run.columns.at[row];
  return [['Arrives', `${secondsOf(later)} later, as record ${arrival}`]];
}

function list(title, rows, { run, choose, none }) {
  const section = element('section', '');
  section.append(element('h3', title));
  if (rows.length === 0) section.append(element('p', none, 'none'));
  const items = element('ol', '');
  for (const row of rows.slice(0, MOST_LISTED)) {
    const button = element('button', '', 'row');
    button.type = 'button';
    button.append(
      element('span', secondsOf(run.columns.at[row]), 'when'),
      element('span', lineAt(run, row)),
    );
    button.addEventListener('click', () => choose(row));
    const item = element('li', '');
    item.append(button);
    items.append(item);
  }
  section.append(items);
  const left = rows.length - MOST_LISTED;
  if (left > 0) section.append(element('p', `and ${left} more`, 'none'));
  return section;
}

function facts(rows) {
  const table = element('dl', '', 'facts');
  for (const [name, value] of rows) {
    const row = element('div', '');
    row.append(element('dt', name), element('dd', value));
    table.append(row);
  }
  return table;
}

export function element(name, text, className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
