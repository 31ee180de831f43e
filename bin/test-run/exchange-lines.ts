/** `--verbose`: what went over which channel when, with its bytes as far as they fit. */
import { plainText } from '../../reports/characters.ts';
import type { ExchangeEntry } from '../../reports/results.ts';
import { cut, durationText, wrap } from '../text.ts';

/** Of one message on a terminal; the report has the whole. */
const MOST_LINES = 3;
const MOST_CHARACTERS = 480;
/** Texts stand below the events they belong to, not below the times. */
const INDENT = ' '.repeat(9);

/** `room`: columns that a line may have; Infinity where nothing is wrapped. */
export function exchangeLines(exchange: readonly ExchangeEntry[], room: number): readonly string[] {
  return exchange.flatMap((entry) => [eventLine(entry, room), ...textLines(entry, room)]);
}

function eventLine(
  { atMicros, channel, from, type, text, sizeBytes }: ExchangeEntry,
  room: number,
) {
  const time = durationText(atMicros / 1000).padStart(7);
  const way = from === 'subject' ? '←' : '→';
  const size = text === null ? '' : `  ${sizeBytes} bytes`;
  return cut(plainText(`${time}  ${channel} ${way} ${type}${size}`), room);
}

function textLines({ text, invalidBecause }: ExchangeEntry, room: number): readonly string[] {
  const width = room - INDENT.length;
  const most = Number.isFinite(width) ? width * MOST_LINES : MOST_CHARACTERS;
  return [
    ...(invalidBecause ? wrap(plainText(`invalid: ${invalidBecause}`), width) : []),
    ...(text ? wrap(cut(plainText(text), most), width) : []),
  ].map((line) => INDENT + line);
}
