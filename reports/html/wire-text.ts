/**
 * What was on the wire, as text that can be trusted: every byte of it is in the order in which it
 * came, hidden characters are named, and a line break on the page is never a byte. Long texts are
 * cut, and the page says by how much.
 */
import { needsBytes } from '../characters.ts';
import { grouped } from '../counts.ts';
import type { ExchangeEntry } from '../results.ts';
import { html, type Markup, verbatim } from './markup.ts';

/**
 * How much of an exchange the page holds: a case has dozens of messages, a run has hundreds of
 * cases, and a page of thirty megabytes is read by nobody. The results file holds all of it.
 */
export type Detail = 'brief' | 'some' | 'full';
export const shown: {
  readonly [detail in Detail]: {
    readonly firstEntries: number;
    readonly lastEntries: number;
    readonly messageBytes: number;
  };
} = {
  brief: { firstEntries: 2, lastEntries: 10, messageBytes: 500 },
  some: { firstEntries: 8, lastEntries: 20, messageBytes: 1200 },
  full: { firstEntries: 40, lastEntries: 20, messageBytes: 6000 },
};

/** Bytes shown of an expectation or a reason, and of a name. */
const SENTENCE_BYTES = 1200;
const NAME_BYTES = 240;
/** Bytes of the hexadecimal view: enough to see where a hidden character sits. */
const DUMPED_BYTES = 256;
const DUMP_ROW_BYTES = 16;

export function wireText(entry: ExchangeEntry, detail: Detail): Markup {
  const text = firstBytes(entry.text ?? '', shown[detail].messageBytes);
  return html`<pre class="wire">${lines(text, detail)}</pre>
${cutNote(entry, Buffer.byteLength(text))}${needsBytes(text) ? dump(text) : null}`;
}

/** The beginning of what the subject brought into a sentence of ours: expected, got, a reason. */
export const cutText = (text: string): Markup => beginning(text, SENTENCE_BYTES);

/** The beginning of what the subject calls itself and its things, and of what held anyway. */
export const cutName = (text: string): Markup => beginning(text, NAME_BYTES);

function beginning(text: string, limitBytes: number): Markup {
  const kept = firstBytes(text, limitBytes);
  const left = text.length - kept.length;
  if (left === 0) return html`${text}`;
  return html`${kept}<span class="cut">… ${grouped(left)} more characters</span>`;
}

function cutNote({ sizeBytes }: ExchangeEntry, shownLengthBytes: number): Markup | null {
  const left = sizeBytes - shownLengthBytes;
  if (left <= 0) return null;
  return html`<p class="cut">The first ${grouped(shownLengthBytes)} of ${grouped(sizeBytes)} bytes;
${grouped(left)} are cut.</p>`;
}

/** As many whole characters as fit. */
function firstBytes(text: string, limitBytes: number): string {
  if (text.length * 3 <= limitBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(limitBytes));
  return text.slice(0, read);
}

/** Unlike a line feed of the message, which is named, this one only breaks the line. */
const BREAK = verbatim('\n');

/** A line for each member of the outermost object, so that a message can be read without a tool. */
function lines(text: string, detail: Detail): readonly Markup[] {
  const members = membersOf(text);
  if (detail === 'brief')
    return members.map((member, at) => html`${at > 0 ? BREAK : null}${member}`);
  return members.map((member) => {
    const [, name, rest] = /^("[^"\\]*")(:.*)$/s.exec(member) ?? [];
    return name === undefined || rest === undefined
      ? html`<span>${member}</span>`
      : html`<span><b>${name}</b>${rest}</span>`;
  });
}

/** The text cut after the brace that opens it and after each comma of the outermost object. */
function membersOf(text: string): readonly string[] {
  if (!text.startsWith('{')) return [text];
  const members: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted) {
      depth += depthChange(character);
      if (depth === 1 && (character === ',' || at === 0)) {
        members.push(text.slice(start, at + 1));
        start = at + 1;
      }
    }
  }
  return [...members, text.slice(start)].filter((member) => member !== '');
}

function depthChange(character: string | undefined): number {
  if (character === '{' || character === '[') return 1;
  return character === '}' || character === ']' ? -1 : 0;
}

function dump(text: string): Markup {
  const bytes = Buffer.from(text);
  const rows: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, DUMPED_BYTES); at += DUMP_ROW_BYTES) {
    rows.push(dumpRow(bytes.subarray(at, at + DUMP_ROW_BYTES), at));
  }
  return html`<details class="dump"><summary>First ${Math.min(bytes.length, DUMPED_BYTES)} bytes in
hexadecimal</summary><pre
class="hex">${rows.map((row) => html`<span>${row}</span>`)}</pre></details>`;
}

function dumpRow(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex').replace(/../g, '$& ');
  const ascii = bytes.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
  return `${at.toString(16).padStart(4, '0')}  ${hex.padEnd(DUMP_ROW_BYTES * 3)} ${ascii}`;
}
