/** V-CHN: the hash chain of one sender device (L-E12, L-E16, L-E18). */
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { filled, flip, fromHex, hex, seeded, seededUuid } from '../primitives/bytes.ts';
import { blake3, sha256 } from '../primitives/hash.ts';
import { from, listOf, objectOf, octets, octetsOf, text } from '../shape.ts';

const grounds = {
  hash: { requirements: ['X-SEQ-10'], readings: ['L-E16'], flags: ['chain-hash'] },
  linked: {
    requirements: ['X-SEQ-09', 'X-SEQ-10', 'C-E2E-08'],
    readings: ['L-E16'],
    flags: ['broken-link'],
  },
  first: { requirements: ['X-AAD-02', 'X-SEQ-10'], readings: ['L-E16'], flags: ['false-start'] },
  step: { requirements: ['X-SEQ-02'], readings: ['L-E12'], flags: ['broken-step'] },
  start: { requirements: ['X-SEQ-01'], readings: ['L-E13'], flags: ['false-start'] },
  order: { requirements: ['X-SEQ-13'], readings: ['L-E18'], flags: ['lost-order'] },
  scope: {
    requirements: ['X-SEQ-10', 'X-SEQ-13'],
    readings: ['L-E12', 'L-E16'],
    flags: ['shared-chain'],
  },
  silent: { requirements: ['X-SEQ-11', 'X-SEQ-13'], readings: ['L-E17'], flags: ['broken-link'] },
} satisfies Record<string, Grounds>;

type Link = {
  readonly sequence_number: number;
  readonly prev_message_hash: string;
  readonly nonce: string;
  readonly ciphertext: string;
};

const hashOf = ({ nonce, ciphertext }: Pick<Link, 'nonce' | 'ciphertext'>): string =>
  hex(blake3(fromHex(nonce), fromHex(ciphertext)));

const ZERO = '00'.repeat(32);

/** Linked as an honest device does it. */
function chainOf(name: string, length: number, start = 1000): Link[] {
  const links: Link[] = [];
  for (let at = 0; at < length; at += 1) {
    const before = links.at(-1);
    links.push({
      sequence_number: start + at,
      prev_message_hash: before ? hashOf(before) : ZERO,
      nonce: hex(seeded(`nonce ${at} of ${name}`, 12)),
      ciphertext: hex(seeded(`ciphertext ${at} of ${name}`, 48)),
    });
  }
  return links;
}

function hashes(): Draft[] {
  return [0, 16, 48, 512].map((length) => {
    const link = { nonce: hex(seeded('a nonce', 12)), ciphertext: hex(seeded('a text', length)) };
    return valid(
      grounds.hash,
      `hash-of-${length}-bytes`,
      { function: 'hash', ...link },
      { hash: hashOf(link) },
    );
  });
}

const asked = (messages: readonly Link[]) => ({ function: 'verify', messages });
const refuse = (about: Grounds, name: string, messages: readonly Link[]): Draft =>
  invalid(about, name, asked(messages));

function chains(): Draft[] {
  const links = chainOf('device', 5);
  const holds = (name: string, messages: readonly Link[]): Draft =>
    valid(grounds.linked, name, asked(messages), {
      head: hashOf(messages.at(-1) ?? { nonce: '', ciphertext: '' }),
    });
  return [
    ...[1, 2, 3, 5].map((length) => holds(`chain-of-${length}`, links.slice(0, length))),
    holds('lowest-start', chainOf('lowest', 3, 1)),
    holds('highest-start', chainOf('highest', 3, 2 ** 24 - 1)),
    ...[0, 2 ** 24, 2 ** 53 - 3].map((start) =>
      refuse(grounds.start, `start-of-${start}`, chainOf('strange start', 2, start)),
    ),
    ...links.slice(1).flatMap((_, at) => oneBroken(links, at + 1)),
    ...links
      .slice(0, 4)
      .map((_, at) =>
        refuse(
          at === 0 ? grounds.first : grounds.linked,
          `link-${at + 1}-deleted`,
          links.toSpliced(at, 1),
        ),
      ),
    ...links
      .slice(0, 4)
      .map((one, at) =>
        refuse(
          grounds.linked,
          `links-${at + 1}-and-${at + 2}-swapped`,
          links.with(at, links[at + 1] ?? one).with(at + 1, one),
        ),
      ),
    ...links.map((one, at) =>
      refuse(grounds.step, `link-${at + 1}-twice`, links.toSpliced(at, 0, one)),
    ),
    ...Object.entries({
      ones: hex(filled(32, 1)),
      'some-hash': hex(seeded('some hash', 32)),
      itself: hashOf(links[0] ?? { nonce: '', ciphertext: '' }),
      nothing: '',
    }).map(([what, hash]) =>
      refuse(grounds.first, `first-after-${what}`, [
        { ...chainOf('device', 1)[0], prev_message_hash: hash } as Link,
      ]),
    ),
  ];
}

/** Everything that one link can have wrong. */
function oneBroken(links: readonly Link[], at: number): Draft[] {
  const link = links[at];
  const before = links[at - 1];
  if (!link || !before) return [];
  const right = fromHex(link.prev_message_hash);
  const nonce = fromHex(before.nonce);
  const ciphertext = fromHex(before.ciphertext);
  const hashesOf = {
    zero: ZERO,
    'one-bit-off': hex(flip(right, 8 * at)),
    'of-the-ciphertext-only': hex(blake3(ciphertext)),
    'of-ciphertext-then-nonce': hex(blake3(ciphertext, nonce)),
    'by-sha-256': hex(sha256(nonce, ciphertext)),
    'of-itself': hashOf(link),
    ...(at > 1 ? { 'of-the-one-before-the-last': before.prev_message_hash } : {}),
    'cut-short': link.prev_message_hash.slice(0, 62),
    empty: '',
  };
  const numbers = { 'skips-one': 1, repeats: -1, 'goes-back': -2, 'skips-many': 1000 };
  const changed = (change: Partial<Link>): Link[] => links.with(at, { ...link, ...change });
  return [
    ...Object.entries(hashesOf)
      .filter(([, hash]) => hash !== link.prev_message_hash)
      .map(([what, hash]) =>
        refuse(
          grounds.linked,
          `link-${at + 1}-previous-hash-${what}`,
          changed({ prev_message_hash: hash }),
        ),
      ),
    ...Object.entries(numbers).map(([what, step]) =>
      refuse(
        grounds.step,
        `link-${at + 1}-number-${what}`,
        changed({ sequence_number: link.sequence_number + step }),
      ),
    ),
    ...(at < links.length - 1
      ? [
          refuse(
            grounds.linked,
            `link-${at + 1}-content-changed`,
            changed({ ciphertext: hex(flip(fromHex(link.ciphertext), 0)) }),
          ),
          refuse(
            grounds.linked,
            `link-${at + 1}-nonce-changed`,
            changed({ nonce: hex(flip(fromHex(link.nonce), 0)) }),
          ),
        ]
      : []),
  ];
}

type Arrival = Link & { readonly sender_device_id: string };

interface Held {
  head: string;
  next: number | null;
  readonly waiting: Map<number, { readonly arrival: Arrival; readonly index: number }>;
}

/** What is delivered, in order; whatever waits for its predecessor waits. */
function delivered(arrivals: readonly Arrival[]): number[] {
  const chainsOf = new Map<string, Held>();
  const order: number[] = [];
  arrivals.forEach((arrival, index) => {
    const device = arrival.sender_device_id;
    const chain = chainsOf.get(device) ?? { head: ZERO, next: null, waiting: new Map() };
    chainsOf.set(device, chain);
    take(chain, arrival, index, order);
  });
  return order;
}

function take(chain: Held, arrival: Arrival, index: number, order: number[]): void {
  const { sequence_number: number, prev_message_hash: previous } = arrival;
  const isFirst = chain.next === null && previous === ZERO;
  const isNext = number === chain.next && previous === chain.head;
  if (!isFirst && !isNext) {
    const isAhead = chain.next === null || number > chain.next;
    if (isAhead && previous !== ZERO && !chain.waiting.has(number))
      chain.waiting.set(number, { arrival, index });
    return;
  }
  order.push(index);
  chain.head = hashOf(arrival);
  chain.next = number + 1;
  const waiting = chain.waiting.get(chain.next);
  chain.waiting.delete(chain.next);
  if (waiting) take(chain, waiting.arrival, waiting.index, order);
}

function deliveries(): Draft[] {
  const [phone, tablet] = [seededUuid('phone'), seededUuid('tablet')];
  const of = (device: string, name: string, length: number): Arrival[] =>
    chainOf(name, length, name === 'phone' ? 50 : 70).map((link) => ({
      sender_device_id: device,
      ...link,
    }));
  const one = of(phone, 'phone', 4);
  const other = of(tablet, 'tablet', 3);
  const run = (about: Grounds, name: string, arrivals: readonly Arrival[]): Draft =>
    valid(about, name, { function: 'deliver', arrivals }, { delivered: delivered(arrivals) });
  const pick = (list: readonly Arrival[], ...places: readonly number[]): Arrival[] =>
    places.flatMap((place) => list.slice(place, place + 1));
  const forged = {
    ...one[1],
    ciphertext: hex(seeded('forged', 48)),
    prev_message_hash: hex(seeded('wrong', 32)),
  } as Arrival;
  return [
    ...orders([0, 1, 2]).map((order) =>
      run(grounds.order, `arriving-${order.join('-')}`, pick(one, ...order)),
    ),
    run(grounds.order, 'all-reversed', one.toReversed()),
    run(grounds.order, 'gap-that-stays', pick(one, 0, 2, 3)),
    run(grounds.order, 'first-is-missing', pick(one, 1, 2, 3)),
    run(
      grounds.order,
      'every-one-twice',
      one.flatMap((link) => [link, link]),
    ),
    run(grounds.order, 'again-at-the-end', [...one, ...one]),
    run(grounds.silent, 'forged-second-then-the-real-one', [
      ...pick(one, 0),
      forged,
      ...pick(one, 1, 2),
    ]),
    run(grounds.silent, 'second-with-zero-hash', [
      ...pick(one, 0),
      { ...one[1], prev_message_hash: ZERO } as Arrival,
      ...pick(one, 1),
    ]),
    run(grounds.scope, 'two-devices-in-turn', [
      ...pick(one, 0),
      ...pick(other, 0),
      ...pick(one, 1),
      ...pick(other, 1),
      ...pick(one, 2),
      ...pick(other, 2),
    ]),
    run(grounds.scope, 'one-device-waits-the-other-does-not', [
      ...pick(one, 0, 2),
      ...other,
      ...pick(one, 1),
    ]),
    run(grounds.scope, 'chain-continued-by-another-device', [
      ...pick(one, 0),
      { ...one[1], sender_device_id: tablet } as Arrival,
    ]),
  ];
}

function orders(list: readonly number[]): number[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((head) =>
    orders(list.filter((one) => one !== head)).map((rest) => [head, ...rest]),
  );
}

const link = {
  sequence_number: from(0),
  prev_message_hash: octets,
  nonce: octets,
  ciphertext: octets,
};

export const chain: CategorySource = {
  category: 'chain',
  title: 'Hash chain',
  description:
    'Each device has one chain a conversation. prev_message_hash is BLAKE3(nonce ‖ ciphertext) of the ' +
    'message before, 32 zero bytes for the first; numbers start in 1…2^24 − 1 and rise by one.',
  functions: {
    hash: {
      does: 'BLAKE3(nonce ‖ ciphertext).',
      input: { nonce: octets, ciphertext: octets },
      output: { hash: octetsOf(32) },
    },
    verify: {
      does: 'the hash of the last of a whole chain from its first; reject when a link or a number is wrong.',
      input: { messages: listOf(objectOf(link)) },
      output: { head: octetsOf(32) },
    },
    deliver: {
      does: 'messages arrive in any order; the indices of those that can be delivered, in order of delivery. One that comes before its predecessor is held; what is old, repeated or linked wrongly is never delivered.',
      input: { arrivals: listOf(objectOf({ sender_device_id: text, ...link })) },
      output: { delivered: listOf(from(0)) },
    },
  },
  flags: {
    'chain-hash': {
      bug: 'The hash covers something else than nonce and ciphertext.',
      effect: 'Chains break between implementations, or contents can be exchanged without a trace.',
    },
    'broken-link': {
      bug: 'The previous hash is not compared.',
      effect: 'A server removes, reorders or inserts messages and nobody sees it.',
    },
    'false-start': {
      bug: 'A chain may begin anywhere, or begin again.',
      effect: 'The history before a point chosen by the attacker is silently gone.',
    },
    'broken-step': {
      bug: 'Numbers may skip or repeat inside a chain.',
      effect: 'Missing messages are not noticed.',
    },
    'lost-order': {
      bug: 'Messages are delivered as they come, or dropped when early.',
      effect: 'A network that reorders changes what was said, or loses it.',
    },
    'shared-chain': {
      bug: 'Several devices share one chain.',
      effect: 'Two devices that write at once fork the chain, and honest messages are refused.',
    },
  },
  drafts: () => [...hashes(), ...chains(), ...deliveries()],
};
