/** What crossed the wire in a case: the diagram, and under it each message with its bytes. */
import { amount, grouped } from '../counts.ts';
import type { CaseResult, ExchangeEntry } from '../results.ts';
import { html, type Markup } from './markup.ts';
import { type DiagramRow, sequenceDiagram } from './sequence-diagram.ts';
import { type Detail, shown, wireText } from './wire-text.ts';
import { span } from './words.ts';

/** Fewer are not worth the reader's question what they were. */
const WORTH_LEAVING_OUT = 4;
/**
 * Of a case that did not pass, the last messages are open: what came is what a reader looks for.
 */
const OPEN_ENTRIES = 2;

export function exchange(
  { exchange: entries, verdict }: CaseResult,
  { position, detail }: { position: number; detail: Detail },
): Markup {
  if (entries.length === 0) return html`<p class="none">Nothing crossed the wire.</p>`;
  const rows = rowsOf(entries, detail);
  const prefix = `m${position}-`;
  const opensFrom = verdict === 'pass' ? Number.POSITIVE_INFINITY : entries.length - OPEN_ENTRIES;
  const messages = rows.map((row) => {
    if ('left' in row) return skipped(row.left);
    const earlier = entries[row.number - 2]?.atMicros ?? 0;
    const id = `${prefix}${row.number}`;
    return message(row.entry, { id, number: row.number, earlier, detail, opensFrom });
  });
  return html`${sequenceDiagram(rows, prefix)}<div class="messages">${messages}</div>`;
}

function rowsOf(entries: readonly ExchangeEntry[], detail: Detail): readonly DiagramRow[] {
  const rows = entries.map((entry, at) => ({ number: at + 1, entry }));
  const { firstEntries, lastEntries } = shown[detail];
  const left = entries.length - firstEntries - lastEntries;
  if (left < WORTH_LEAVING_OUT) return rows;
  return [...rows.slice(0, firstEntries), { left }, ...rows.slice(-lastEntries)];
}

function skipped(left: number): Markup {
  return html`<p class="cut">${amount(left, 'more entry', 'more entries')} in the results
file.</p>`;
}

interface Place {
  readonly id: string;
  readonly number: number;
  /** When the entry before it happened. */
  readonly earlier: number;
  readonly detail: Detail;
  /** Entries after this number are open from the start. */
  readonly opensFrom: number;
}

function message(entry: ExchangeEntry, { id, number, earlier, detail, opensFrom }: Place): Markup {
  const route = html`<span class="route">${entry.from} → ${entry.to}</span>`;
  const head = html`<span class="nth">${number}</span><b class="type">${entry.type}</b>${route}`;
  const waited = entry.atMicros > earlier ? `+${span(entry.atMicros - earlier)}` : null;
  const at = html`<span class="at">${waited}</span>`;
  if (entry.text === null) return html`<p class="message event" id="${id}">${head}${at}</p>`;
  const facts = [`${grouped(entry.sizeBytes)} B`, ...(waited === null ? [] : [waited])].join(', ');
  const size = html`<span class="at">${facts}</span>`;
  const open =
    number > opensFrom ? html`<details class="message" open>` : html`<details class="message">`;
  return html`${open}<summary>${head}${size}</summary><div class="body" id="${id}">
${flaw(entry)}${wireText(entry, detail)}</div></details>`;
}

function flaw({ invalidBecause }: ExchangeEntry): Markup | null {
  if (invalidBecause === null) return null;
  return html`<p class="flaw">Not as its schema wants it: ${invalidBecause}</p>`;
}
