/** X-CAN-05 to 07, X-FMT-03: the strict reader against JSON.parse, noise and mutation. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import type { Json } from '../../../reference/wire/json.ts';
import { parseStrict } from '../../../reference/wire/parse.ts';
import { invalidUtf8At } from '../../../reference/wire/utf8.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { objects, scrambled, texts, values } from './json-values.ts';

const maxBytes = 1 << 24;
const must = createMust();
const utf8 = new TextEncoder();
const guards = ['X-CAN-01', 'X-CAN-05', 'X-CAN-06', 'X-CAN-07', 'X-FMT-03'] as const;
const guardSets = fc.subarray<RequirementId>([...guards]).map((off) => new Set(off));
const runs = { numRuns: 1000 };

function expected(text: string): unknown {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

const jsonTexts = values.chain(scrambled);
/** Texts near JSON: a few characters of a good one removed or replaced by significant ones. */
const nearJson = fc
  .tuple(
    jsonTexts,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', ...'{}[]",:\\u0-+.eE1 tfn\u0001é\u{1f600}')), {
      maxLength: 3,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, [place, character]) => {
      const at = place % (edited.length + 1);
      return edited.slice(0, at) + character + edited.slice(at + (place % 2));
    }, text),
  );
const nearBytes = fc
  .tuple(jsonTexts, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
  .map(([text, edits]) => {
    const bytes = utf8.encode(text);
    for (const [place, byte] of edits) bytes[place % bytes.length] = byte;
    return bytes;
  });

describe('the strict reader', () => {
  test('reads valid JSON as JSON.parse does', () =>
    fc.assert(
      fc.property(jsonTexts, (text) => {
        expect(parseStrict(utf8.encode(text), { maxBytes, must })).toEqual(expected(text));
      }),
      runs,
    ));
  test('refuses what JSON.parse refuses, and reads the rest alike or names a stricter rule', () =>
    fc.assert(
      fc.property(nearJson, (edited) => {
        const bytes = utf8.encode(edited); // an edit may have split a surrogate pair
        const result = parseStrict(bytes, { maxBytes, must });
        const other = expected(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        if (result.ok || result.error.requirement === 'X-CAN-01') {
          expect(result).toMatchObject(other as object);
        } else {
          expect(guards).toContain(result.error.requirement);
        }
      }),
      runs,
    ));
  test('refuses a second member of any name anywhere in an object', () =>
    fc.assert(
      fc.property(objects, texts, values, values, fc.nat(), (object, name, a, b, place) => {
        const { [name]: _, ...others } = object;
        const members = Object.entries(others).map(pair);
        members.splice(place % (members.length + 1), 0, pair([name, a]));
        const text = `{${[...members, pair([name, b])].join()}}`;
        expect(parseStrict(utf8.encode(text), { maxBytes, must })).toMatchObject({
          error: { requirement: 'X-CAN-05' },
        });
      }),
    ));
  test('refuses a valid text cut anywhere, when it is an object', () =>
    fc.assert(
      fc.property(objects, fc.nat(), (object, place) => {
        const bytes = utf8.encode(JSON.stringify(object));
        const cut = bytes.subarray(0, place % bytes.length);
        expect(parseStrict(cut, { maxBytes, must }).ok).toBe(false);
      }),
    ));
  test('never throws on noise, whichever guards are off, and what it gives can be written', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 64 }),
          nearBytes,
          nearJson.map((t) => utf8.encode(t)),
        ),
        guardSets,
        (bytes, off) => {
          const result = parseStrict(bytes, { maxBytes, must: createMust({ off }) });
          if (result.ok) expect(() => canonicalText(result.value)).not.toThrow();
          else
            expect(off.has(result.error.requirement) && !isHard(result.error.requirement)).toBe(
              false,
            );
        },
      ),
      runs,
    ));
  test('calls valid UTF-8 what a fatal decoder accepts', () =>
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 8 }), nearBytes, sequences), (bytes) => {
        expect(invalidUtf8At(bytes) < 0).toBe(decodes(bytes));
      }),
      { numRuns: 5000 },
    ));
});

/** Bytes around the edges of what RFC 3629 allows. */
const sequences = fc
  .array(
    fc.constantFrom(
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xec,
      0xed,
      0xee,
      0xef,
      0xf0,
      0xf1,
      0xf3,
      0xf4,
      0xf5,
      0xff,
    ),
    { maxLength: 6 },
  )
  .map((bytes) => Uint8Array.from(bytes));

/** Rules that no switch lifts altogether: what is no JSON, and the depth of the stack. */
function isHard(requirement: RequirementId): boolean {
  return requirement === 'X-CAN-01' || requirement === 'X-FMT-03';
}

function pair([name, value]: readonly [string, Json]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
