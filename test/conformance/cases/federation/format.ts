/**
 * Bodies that are too large, too deep, compressed, or not what JSON may be (X-FMT, X-CAN; S-17).
 */
import { gzipSync } from 'node:zlib';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import type { MessageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import { type Case, defineCase } from '../../case.ts';
import { checkRefused } from './steps/answers.ts';
import { checkDelivered, checkNothingCame, neighbours, relayFor } from './steps/neighbours.ts';

const { federation: code } = errorCode;

const textOf = (relay: MessageRelay): string => JSON.stringify(relay);
const bytesOfText = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One fault of the bytes; read leniently, each is an honest relay that its proof covers. */
const spoilt: readonly {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly make: (text: string) => string | Uint8Array;
}[] = [
  {
    id: 'a-duplicate-member',
    title: 'A relay with a member twice is malformed',
    verifies: 'X-CAN-05',
    make: (text) => text.replace('{', '{"classification":"secret",'),
  },
  {
    id: 'deep-nesting',
    title: 'A relay with 65 lists inside each other is malformed',
    verifies: 'X-FMT-03',
    make: (text) => text.replace('{', `{"deep":${'['.repeat(65)}${']'.repeat(65)},`),
  },
  {
    id: 'a-fraction-of-a-second',
    title: 'A relay with a ttl of one and a half seconds is malformed',
    verifies: 'X-CAN-06',
    make: (text) => text.replace(/"ttl":\d+/, '"ttl":3600.5'),
  },
  {
    id: 'invalid-utf-8',
    title: 'A relay with a byte that UTF-8 does not have is malformed',
    verifies: 'X-CAN-07',
    make(text) {
      const marked = text.replace('{', '{"note":"?",');
      const bytes = bytesOfText(marked);
      bytes[marked.indexOf('?')] = 0xff;
      return bytes;
    },
  },
];

const malformed = spoilt.map(({ id, title, verifies, make }) =>
  defineCase({
    id: `federation/format/${id}-is-refused`,
    title,
    verifies: [verifies],
    async run(stage) {
      const people = await neighbours(stage);
      const { link } = people;
      const relay = relayFor(people);
      const body = make(textOf(relay));
      const proof = link.proofFor({ ...relay });
      const answer = await link.requestRaw(body, { proof, type: 'message_relay' });
      checkRefused(stage, verifies, answer, { what: title, codes: [code.malformed] });
      await checkNothingCame(stage, verifies, people.alice, 'the refused relay');
      await checkDelivered(stage, verifies, people);
    },
  }),
);

const oversize = defineCase({
  id: 'federation/format/a-body-above-the-bound-is-refused',
  title: 'A body above the bound is refused for its size, and the server goes on',
  verifies: ['X-FMT-03'],
  async run(stage) {
    const people = await neighbours(stage);
    const { link, bravo } = people;
    const text = `{"type":"rate_probe","filler":"${'x'.repeat(limits.federationBodyBytes)}"}`;
    const answer = await link.requestRaw(text, { proof: null });
    checkRefused(stage, 'X-FMT-03', answer, {
      what: `a body of more than ${limits.federationBodyBytes} bytes`,
      codes: [code.messageTooLarge],
      orBroken: true,
    });
    await checkDelivered(stage, 'X-FMT-03', { ...people, link: await bravo.link() });
  },
});

const compressed = defineCase({
  id: 'federation/format/compression-is-not-taken',
  title: 'A compressed body that nobody has negotiated is refused and not unpacked',
  verifies: ['X-FMT-04', 'F-CONN-07'],
  behaviour: ['X-FMT-04', 'F-CONN-07'],
  readings: ['L-W04'],
  async run(stage) {
    const people = await neighbours(stage);
    const { link, bravo, alice } = people;
    const relay = relayFor(people);
    const proof = link.proofFor({ ...relay });
    const answer = await link.requestRaw(new Uint8Array(gzipSync(textOf(relay))), {
      proof,
      type: 'message_relay',
      headers: { 'content-encoding': 'gzip' },
    });
    for (const id of ['X-FMT-04', 'F-CONN-07'] as const) {
      const isRefused = answer.status === 0 || answer.status >= 400;
      stage.check(id, isRefused, {
        what: 'a body in gzip',
        expected: 'a refusal',
        got: `HTTP ${answer.status}`,
      });
    }
    await checkNothingCame(stage, 'X-FMT-04', alice, 'the compressed relay');
    await checkDelivered(stage, 'X-FMT-04', { ...people, link: await bravo.link() });
  },
});

export const cases: readonly Case[] = [...malformed, oversize, compressed];
