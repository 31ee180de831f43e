/** How a text is asked about. */
import type { VectorValue } from '../../../vector-file.ts';
import { type Draft, type Grounds, invalid, valid } from '../../category.ts';
import { hex, textHex } from '../../primitives/bytes.ts';
import { canonicalBytes } from '../../primitives/canonical-json.ts';
import { blake3 } from '../../primitives/hash.ts';

export const grounds = {
  sorted: { requirements: ['X-CAN-01'], readings: ['L-S01', 'L-S06'], flags: ['order'] },
  nulls: { requirements: ['X-CAN-03'], readings: ['L-S04'], flags: ['null-member'] },
  empty: { requirements: ['X-CAN-04'], readings: ['L-S04'], flags: ['empty-dropped'] },
  strings: { requirements: ['X-CAN-01'], readings: ['L-S06'], flags: ['escaping'] },
  normal: { requirements: ['X-CAN-07'], readings: ['L-S06'], flags: ['normalisation'] },
  numbers: { requirements: ['X-CAN-06'], readings: ['L-S03'], flags: ['number-range'] },
  decimals: { requirements: ['X-CAN-06'], readings: ['L-S03'], flags: ['number-form'] },
  duplicate: { requirements: ['X-CAN-05'], readings: ['L-S06'], flags: ['duplicate-member'] },
  unicode: { requirements: ['X-CAN-07'], readings: ['L-S06'], flags: ['bad-text'] },
  grammar: { requirements: ['X-CAN-01'], readings: ['L-S06'], flags: ['loose-grammar'] },
  depth: { requirements: ['X-FMT-03'], readings: ['L-W05'], flags: ['depth'] },
  unknown: { requirements: ['X-CAN-08'], readings: ['L-S05'], flags: ['unknown-member'] },
  binary: { requirements: ['X-CAN-02'], readings: ['L-S07'], flags: ['second-spelling'] },
  uuid: { requirements: ['X-CAN-13'], readings: ['L-S09'], flags: ['loose-uuid'] },
} satisfies Record<string, Grounds>;

export function answerOf(value: VectorValue): VectorValue {
  const canonical = canonicalBytes(value);
  return { canonical_hex: hex(canonical), blake3: hex(blake3(canonical)) };
}

export const asked = (json: string | Uint8Array): VectorValue => ({
  function: 'canonicalize',
  json_hex: typeof json === 'string' ? textHex(json) : hex(json),
});

export function reads(about: Grounds, name: string, json: string): Draft {
  return valid(about, name, asked(json), answerOf(JSON.parse(json)));
}

export const refuses = (about: Grounds, name: string, json: string | Uint8Array): Draft =>
  invalid(about, name, asked(json));
