/**
 * Which characters of a foreign text must not reach a reader as they are: those that show nothing,
 * reorder their neighbours or end a document early. A subject chooses the bytes that we print, so a
 * report that showed them raw would let it write its own verdict.
 */

export interface Piece {
  readonly text: string;
  /** The name to show instead, `U+202E` or `LF`; null where the text is harmless. */
  readonly name: string | null;
}

const controlNames =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI ' +
  'DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US';
const nameOfControl = controlNames.split(' ');

/**
 * Controls, formats (bidirectional overrides, zero width, tags), line and paragraph separators,
 * lone surrogates, private and unassigned characters, variation selectors, and the letters that are
 * drawn as nothing.
 */
const hidden = new RegExp(
  '[\\p{C}\\p{Zl}\\p{Zp}\\p{Variation_Selector}' +
    '\\u{34f}\\u{115f}\\u{1160}\\u{17b4}\\u{17b5}\\u{3164}\\u{ffa0}]',
  'u',
);
const hiddenRuns = new RegExp(`(${hidden.source})`, 'gu');

/** The text in pieces, in order; every hidden character is a piece of its own. */
export function piecesOf(text: string): readonly Piece[] {
  if (!needsBytes(text)) return text === '' ? [] : [{ text, name: null }];
  return text
    .split(hiddenRuns)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, name: hidden.test(part) ? nameOf(part) : null }));
}

/** Plain text in which hidden characters are named, `{U+202E}`. For formats without markup. */
export function plainText(text: string): string {
  return piecesOf(text)
    .map((piece) => (piece.name === null ? piece.text : `{${piece.name}}`))
    .join('');
}

/** True where the shown text may mislead about the bytes: anything but printable ASCII. */
export function needsBytes(text: string): boolean {
  return /[^\x20-\x7e]/.test(text);
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return 'DEL';
  return nameOfControl[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
