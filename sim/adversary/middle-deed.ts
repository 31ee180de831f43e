/** A man in the middle as a rule of the pipeline: which way, which messages, which keys, how many. */

import { invariant } from '../../reference/assert.ts';
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type { Rule } from '../network/pipeline.ts';
import type { Hands } from './middle.ts';
import { middlePrograms } from './middle-programs.ts';

export interface MiddlePlace {
  readonly id: string;
  /** Whether a way is watched. */
  isMeant(from: string, to: string): boolean;
  readonly params: JsonObject;
}

/** `most`: how often it acts; then it only looks on. */
export function middleRule(
  { id, isMeant, params }: MiddlePlace,
  ring: Hands['ring'],
  clock: () => number,
): Rule {
  const { program: name, of, most } = params;
  const program = middlePrograms[String(name)];
  invariant(program, `no program ${String(name)}`);
  const offers = new Map<string, NorcMessage>();
  const hands: Hands = { ring, seconds: clock, offerOf: (exchange) => offers.get(exchange) };
  const act = program.begin(hands, params);
  let left = most === undefined ? Number.POSITIVE_INFINITY : Number(most);
  return {
    id,
    judge(parcel, place) {
      const { message, kind, exchange } = parcel;
      if (message === null || !isMeant(place.from, place.to)) return PASS;
      if (kind === 'request') offers.set(exchange, message);
      if ((of !== undefined && message.type !== of) || left <= 0) return PASS;
      const verdict = act({ parcel, message, place });
      if (verdict === null) return PASS;
      left -= 1;
      return verdict;
    },
  };
}

const PASS = { verdict: 'pass' } as const;
