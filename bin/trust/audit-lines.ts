/** An audit log as text. Peers choose some of its words, so none reaches a terminal as it is. */
import type { AuditEntry } from '../../reference/audit/chain.ts';
import { plainText } from '../../reports/characters.ts';
import type { Terminal } from '../terminal.ts';
import type { AuditFolder } from './audit-folder.ts';
import { type AuditFault, type AuditVerdict, dateOf, type EventProof } from './audit-verdict.ts';

/** Oldest first, as they happened. */
export function eventLines(events: readonly AuditEntry[], terminal: Terminal): readonly string[] {
  if (events.length === 0) return ['No events.'];
  const rows = events.map((event) => {
    const { sequence, timestamp, event_type, target_server, result, risk_level, action } = event;
    const cells = [sequence, momentOf(timestamp), event_type, target_server, result, risk_level];
    return [...cells, action].map((cell) => plainText(String(cell)));
  });
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)),
    [],
  );
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const note = `${events.length} events, not verified: add --verify`;
  return [...lines, '', terminal.paint('gray', note)];
}

export function verdictLines(
  { rows }: AuditFolder,
  { judged, fault }: AuditVerdict,
  terminal: Terminal,
): readonly string[] {
  const { base, chain, days } = judged;
  const count = judged.entries.length;
  if (fault) {
    const held = count > 0 ? [`  entries ${base.length} to ${chain.length - 1} hold`] : [];
    return [...faultLines(fault, rows.entries.length, terminal), ...held];
  }
  const from =
    base.length > 0 ? `, from entry ${base.length} on: earlier ones are no longer kept` : '';
  return [
    `${terminal.paint('green', '✓')} the chain holds: ${count} entries${from}`,
    `${terminal.paint('green', '✓')} the roots of ${days.length} days hold, under the key of the server`,
    `  head  ${chain.head}`,
  ];
}

function faultLines(fault: AuditFault, of: number, terminal: Terminal): readonly string[] {
  const { place, detail, requirement, expected, found } = fault;
  const id = requirement === null ? '' : ` (${requirement})`;
  const mark = terminal.paint('red', '✗ broken');
  const pair = (name: string, value: string | null) =>
    value === null ? [] : [`    ${name.padEnd(8)}  ${plainText(value)}`];
  return [
    `${mark} at ${plainText(place)}, of ${of} entries: ${detail}${id}`,
    ...pair('expected', expected),
    ...pair('found', found),
  ];
}

/** What an earlier start of the server has found broken, and moved out of the way. */
export function asideLine({ rows: { aside } }: AuditFolder): string | null {
  if (aside.length === 0) return null;
  return `! ${aside.length} records did not hold when the server started; it has set them aside`;
}

export function proofLines(proof: EventProof, terminal: Terminal): readonly string[] {
  const { entry, day, index, count, siblings, tree, isSealed, isIncluded } = proof;
  const seal = isSealed ? 'which the server has signed' : 'as it stands: the day is not over';
  const mark = isIncluded ? terminal.paint('green', '✓') : terminal.paint('red', '✗');
  return [
    '',
    `event ${plainText(entry.event_id)}: ${plainText(entry.event_type)} ${plainText(entry.target_server)}`,
    `  entry ${entry.sequence}, number ${index + 1} of ${count} of ${dateOf(day)}`,
    `  hash      ${entry.hash}`,
    ...siblings.map((sibling, at) => `  ${at === 0 ? 'siblings' : '        '}  ${sibling}`),
    `  root      ${tree}`,
    `${mark} it ${isIncluded ? 'lies' : 'does not lie'} under the root of its day, ${seal}`,
  ];
}

function momentOf(seconds: number): string {
  const moment = new Date(seconds * 1000);
  return Number.isNaN(moment.getTime()) ? '?' : moment.toISOString().replace('.000Z', 'Z');
}
