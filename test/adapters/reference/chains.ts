/** Chains of messages (X-SEQ-09 to X-SEQ-13) and of the audit log (X-AUD-01). */
import {
  createChain,
  moveOn,
  type Place,
  placeIn,
} from '../../../reference/client/device/chain.ts';
import type { IncomingChain } from '../../../reference/client/device/state.ts';
import { ZERO_HASH } from '../../../reference/client/identifiers.ts';
import { checkFresh, record } from '../../../reference/guard/replay-window.ts';
import { limits } from '../../../spec/limits.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Input } from './input.ts';
import { allowed, byFunction, output, rejected } from './results.ts';
import { crypto, hexOfWire, must, wireOf } from './tools.ts';

interface Link {
  readonly index: number;
  readonly number: number;
  readonly previous: string;
  readonly hash: string;
}

function hashOf(input: Input): string {
  const [nonce = '', ciphertext = ''] = ['nonce', 'ciphertext'].map((n) => wireOf(input.text(n)));
  return crypto.contentHash({ nonce, ciphertext });
}

const linkOf = (input: Input, index: number): Link => ({
  index,
  number: input.number('sequence_number'),
  previous: wireOf(input.text('prev_message_hash')),
  hash: hashOf(input),
});

function step(chain: IncomingChain, { number, previous, hash }: Link): Place {
  const place = placeIn(chain, number, previous, must);
  if (place === 'next') moveOn(chain, { number, hash, gap: false });
  return place;
}

function verify(input: Input): Answer {
  const chain = createChain('', '');
  for (const link of input.inputs('messages').map(linkOf)) {
    const isStart = chain.position === 0;
    if (isStart && link.number > limits.sequenceStartMaximum) return rejected('X-SEQ-01');
    const fresh = checkFresh(chain.window, link.number, must);
    if (!fresh.ok || step(chain, link) !== 'next') return rejected('X-SEQ-10');
  }
  return output({ head: hexOfWire(chain.hash) });
}

/** What a device keeps of one sender: its chain, and who waits for a predecessor. */
interface Waiting {
  readonly chain: IncomingChain;
  readonly held: Map<number, Link>;
}

/** Indices in the order in which the messages are shown. */
function arrive({ chain, held }: Waiting, link: Link): readonly number[] {
  if (!checkFresh(chain.window, link.number, must).ok) return [];
  switch (step(chain, link)) {
    case 'next':
      return [link.index, ...drained({ chain, held })];
    case 'early':
      held.set(link.number, link);
      record(chain.window, link.number);
      return [];
    case 'late':
      record(chain.window, link.number);
      return [link.index];
    case 'broken':
      return [];
  }
}

function drained({ chain, held }: Waiting): readonly number[] {
  const shown: number[] = [];
  for (;;) {
    const next = held.get(chain.position + 1);
    if (!next) return shown;
    held.delete(next.number);
    if (step(chain, next) === 'next') shown.push(next.index);
  }
}

export const chain = byFunction({
  hash: (input) => output({ hash: hexOfWire(hashOf(input)) }),
  verify,
  deliver: (input) => {
    const senders = new Map<string, Waiting>();
    const delivered = input.inputs('arrivals').flatMap((arrival, index) => {
      const id = arrival.text('sender_device_id');
      const waiting = senders.get(id) ?? { chain: createChain('', id), held: new Map() };
      senders.set(id, waiting);
      return arrive(waiting, linkOf(arrival, index));
    });
    return output({ delivered });
  },
});

function auditHashes(input: Input): readonly string[] {
  let head = ZERO_HASH;
  return input.inputs('entries').map(({ whole }) => {
    head = crypto.chainHash(head, whole);
    return hexOfWire(head);
  });
}

export const auditChain = byFunction({
  append: (input) => output({ hashes: auditHashes(input) }),
  verify: (input) => {
    const hashes = auditHashes(input);
    const root = hashes.at(-1) ?? hexOfWire(ZERO_HASH);
    const isSame = hashes.join() === input.texts('hashes').join() && root === input.text('root');
    return allowed(isSame, 'X-AUD-01');
  },
});
