/**
 * What a file of vectors holds, and how a verdict over one vector comes about. One file a category,
 * `vectors/<category>.json`; its inputs and outputs are described by `vectors/schemas/<category>.schema.json`.
 * Binary is lower-case hex, unless the wire form itself is what is tested.
 *
 *   valid        the implementation must answer exactly `output`
 *   invalid      the implementation must reject the input
 *   acceptable   it may do either: what is legal but discouraged, or hangs on a reading
 */
import type { RequirementId } from '../spec/emitted/requirement-ids.ts';

/** In the order of the profile's Part 6. A category is one function: `(input) → output | rejection`. */
export const categories = [
  ...(['version', 'canonical-json', 'transcript', 'key-schedule', 'primitives', 'aad'] as const),
  ...(['wrapping', 'message', 'padding', 'window', 'chain', 'client-auth'] as const),
  ...([
    'revocation',
    'time-sync',
    'request-proof',
    'relay',
    'domain-proof',
    'trust-proof',
  ] as const),
  ...(['trust-run', 'certificate', 'crl', 'score', 'path', 'audit-chain', 'framing'] as const),
  ...(['rate', 'error', 'classification'] as const),
];
export type Category = (typeof categories)[number];

export type Expectation = 'valid' | 'invalid' | 'acceptable';

export type VectorValue =
  | null
  | boolean
  | number
  | string
  | readonly VectorValue[]
  | { readonly [name: string]: VectorValue };

export interface Vector {
  /** Category, and what it is or the one thing that is wrong with it: `canonical-json/duplicate-nested`. */
  readonly id: string;
  readonly comment?: string;
  readonly requirements: readonly RequirementId[];
  /** Ledger entries that the expectation hangs on (`L-S01`). */
  readonly readings: readonly string[];
  /** Names from `flags` of the file. */
  readonly flags: readonly string[];
  readonly input: VectorValue;
  readonly result: Expectation;
  /** Of `valid` always, of `acceptable` what an implementation that takes it must answer. */
  readonly output?: VectorValue;
}

/** Why a vector exists, explained once a file. */
export interface Flag {
  /** The class of bug that it finds. */
  readonly bug: string;
  /** What an attacker gains where it is there. */
  readonly effect: string;
}

export interface VectorFile {
  readonly category: Category;
  readonly title: string;
  /** What the function takes and gives, in a few sentences: all that an adapter's author needs. */
  readonly description: string;
  readonly schema: string;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly vectors: readonly Vector[];
}
