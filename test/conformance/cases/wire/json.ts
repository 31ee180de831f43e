/**
 * JSON as a protocol must read it that hashes what it reads (X-CAN-01, -05 to -07, X-FMT-03, L-S03
 * to L-S06).
 */

import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { openingRequest, upgraded } from '../client/steps/opening.ts';
import { checkRefused, openingReaction } from '../client/steps/reaction.ts';

interface Spoilt {
  readonly what: string;
  /** From the text of an honest connection_request to the frame. */
  readonly make: (text: string) => string | Uint8Array;
}

interface Family {
  readonly name: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly spoilt: readonly Spoilt[];
}

/** One more member, as text: what it holds decides nothing, and yet it must have one meaning. */
const member = (json: string) => (text: string) => text.replace(/\}$/, `,"extra":${json}}`);

const bytesWith = (text: string, at: number, inserted: readonly number[]): Uint8Array => {
  const bytes = new TextEncoder().encode(text);
  return Uint8Array.from([...bytes.subarray(0, at), ...inserted, ...bytes.subarray(at)]);
};

const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + close.repeat(depth);

/** The message itself is the first level. */
const DEEPEST = limits.jsonDepth - 1;

const families: readonly Family[] = [
  {
    name: 'duplicate-names',
    title: 'A frame with two members of one name is malformed, wherever they stand',
    verifies: 'X-CAN-05',
    spoilt: [
      { what: 'type twice', make: (text) => text.replace('{', '{"type":"connection_request",') },
      { what: 'in an unknown member', make: member('{"a":1,"a":1}') },
      { what: 'one of them escaped', make: member('{"a":1,"\\u0061":2}') },
      { what: 'one of them null', make: member('{"a":null,"a":2}') },
    ],
  },
  {
    name: 'numbers',
    title: 'A frame with a number that is not exact is malformed',
    verifies: 'X-CAN-06',
    spoilt: [
      { what: '2^53', make: member('9007199254740992') },
      { what: '-2^53', make: member('-9007199254740992') },
      { what: 'minus zero', make: member('-0') },
      { what: 'minus zero with a fraction', make: member('-0.0') },
      { what: 'beyond every double', make: member('1e400') },
      { what: 'too small for a double', make: member('1e-400') },
      { what: 'inside a list', make: member('[1,[2,9007199254740993]]') },
    ],
  },
  {
    name: 'characters',
    title: 'A frame with a byte order mark or half a surrogate pair is malformed',
    verifies: 'X-CAN-07',
    spoilt: [
      { what: 'a byte order mark', make: (text) => `\ufeff${text}` },
      { what: 'a lone high surrogate', make: member('"\\ud83d"') },
      { what: 'a lone low surrogate', make: member('"\\ude00"') },
      { what: 'a pair the wrong way round', make: member('"\\ude00\\ud83d"') },
      { what: 'a lone surrogate in a name', make: member('{"\\udfff":1}') },
    ],
  },
  {
    name: 'grammar',
    title: 'What is nearly JSON is malformed',
    verifies: 'X-CAN-01',
    spoilt: [
      { what: 'a comma before the end', make: (text) => text.replace(/\}$/, ',}') },
      { what: 'text after the value', make: (text) => `${text} {}` },
      { what: 'a bare line feed in a string', make: member('"a\nb"') },
      { what: 'a comma before the end of a list', make: member('[1,]') },
    ],
  },
  {
    name: 'depth',
    title: 'A frame nested deeper than 32 is malformed, whatever it is made of',
    verifies: 'X-FMT-03',
    spoilt: [
      { what: 'lists', make: member(nested(DEEPEST + 1, '[', ']')) },
      {
        what: 'objects',
        make: member(`${'{"a":'.repeat(DEEPEST + 1)}1${'}'.repeat(DEEPEST + 1)}`),
      },
      { what: 'a million lists without an end (S-17)', make: member('['.repeat(1_000_000)) },
    ],
  },
];

const refused: readonly Case[] = families.map(({ name, title, verifies, spoilt }) =>
  defineCase({
    id: `wire/json/${name}`,
    title,
    verifies: [verifies],
    async run(stage) {
      for (const { what, make } of spoilt) {
        const connection = await upgraded(stage);
        await connection.sendRaw(make(JSON.stringify(openingRequest(stage))));
        checkRefused(stage, verifies, await openingReaction(connection), {
          what,
          codes: [errorCode.common.protocolError],
          after: 'closed',
        });
      }
    },
  }),
);

/** What looks unusual and is allowed: order and white space are the sender's (L-S06). */
const harmless: readonly Spoilt[] = [
  { what: 'white space everywhere', make: (text) => text.replaceAll(/([:,])/g, ' $1\r\n\t') },
  { what: 'members in another order', make: reversed },
  { what: 'escapes that need not be', make: (text) => text.replace('"type"', '"\\u0074ype"') },
  { what: 'the greatest number', make: member('[9007199254740991,-9007199254740991]') },
  { what: 'the deepest nesting', make: member(nested(DEEPEST, '[', ']')) },
  { what: 'a character beyond U+FFFF', make: member('"\\ud83d\\ude00 \u{1f600}"') },
  { what: 'a member that is called __proto__', make: member('{"__proto__":{"a":1}}') },
];

function reversed(text: string): string {
  return JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()));
}

const tolerated = defineCase({
  id: 'wire/json/unusual-but-good',
  title: 'Any order, white space and escape is read, and hashed in canonical form',
  verifies: ['X-CAN-01'],
  readings: ['L-S01', 'L-S06'],
  async run(stage) {
    for (const { what, make } of harmless) {
      const connection = await upgraded(stage);
      const text = String(make(JSON.stringify(openingRequest(stage))));
      await connection.sendRaw(text);
      const { others } = await openingReaction(connection);
      const [accepted, confirmation] = others;
      const got =
        confirmation?.message.type === 'version_confirmation'
          ? confirmation.message.transcript_hash
          : null;
      const answer = JSON.parse(accepted?.text ?? 'null');
      const request = JSON.parse(text);
      const expected = stage.crypto.transcript('norc-c-handshake-v1', [request, answer]);
      stage.check('X-CAN-01', got === expected, { what: `transcript of ${what}`, expected, got });
    }
    await checkTrailingComma(stage);
  },
});

/** The leniency ends where a text has no single meaning. */
async function checkTrailingComma(stage: Stage): Promise<void> {
  const connection = await upgraded(stage);
  await connection.sendRaw(JSON.stringify(openingRequest(stage)).replace(/\}$/, ',}'));
  checkRefused(stage, 'X-CAN-01', await openingReaction(connection), {
    what: 'a comma before the end',
    codes: [errorCode.common.protocolError],
    after: 'closed',
  });
}

/** In text frames WebSocket itself demands UTF-8: 1007 is as good as the protocol's own refusal. */
const utf8 = defineCase({
  id: 'wire/json/invalid-utf-8-in-a-binary-frame',
  title: 'Bytes that are no UTF-8 are malformed',
  verifies: ['X-FMT-01'],
  async run(stage) {
    for (const inserted of [[0xc3], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc0, 0xaf]]) {
      const connection = await upgraded(stage);
      const text = JSON.stringify({ ...openingRequest(stage), extra: 'x' });
      await connection.sendRaw(bytesWith(text, text.length - 2, inserted));
      const reaction = await openingReaction(connection);
      stage.check('X-FMT-01', reaction.others.length === 0 && reaction.closed !== null, {
        what: `a frame with the bytes ${inserted.map((byte) => byte.toString(16)).join(' ')}`,
        expected: 'a refusal and the close',
        got: { answered: reaction.others.length, closed: reaction.closed },
      });
    }
    const connection = await upgraded(stage);
    const bytes = new TextEncoder().encode(JSON.stringify(openingRequest(stage)));
    await connection.sendRaw(bytes);
    const { others } = await openingReaction(connection);
    stage.check('X-FMT-01', others.length === 0, {
      what: 'a JSON message in a binary frame, whose header would be 62 bytes',
      expected: 'a refusal',
      got: others.map(({ message }) => message.type),
    });
  },
});

export const cases: readonly Case[] = [...refused, tolerated, utf8];
