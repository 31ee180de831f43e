/**
 * What an attacker does to one message of an honest run, as data: a plan is a short list of these, and
 * a counterexample is a plan in a file.
 */
import type { Json } from '../../spec/schema.ts';

/**
 * Whose hand it is. `path`: somebody on the way, who has no keys. `peer`: the sender itself, who signs
 * what it has changed. `forger`: the sender, who leaves the old signature in the message (the request
 * around it is proved all the same). `hop`: a server that passes a relay on, signs it anew and leaves
 * the signature of its origin in it.
 */
export type Hand = 'path' | SenderHand;
export type SenderHand = 'peer' | 'forger' | 'hop';

/** Names of members from the outside in, `0` for the first item of a list. */
export type Path = readonly string[];

export type Mutation = {
  /** Type of the message of the honest run that it is about. */
  readonly message: string;
} & (
  | { readonly kind: 'drop' | 'duplicate' }
  /** A message of this run that was sent before comes once more, ahead of this one. */
  | { readonly kind: 'replay'; readonly of: string }
  /** A message of another run, by somebody else, in place of this one or ahead of it. */
  | { readonly kind: 'splice' | 'insert'; readonly of: string }
  /** One member from the same message of another run. */
  | { readonly kind: 'graft'; readonly path: Path; readonly hand: Hand }
  | { readonly kind: 'replace'; readonly path: Path; readonly value: Json; readonly hand: Hand }
  /** One rule of the schema broken (spec/faults.ts). */
  | { readonly kind: 'break'; readonly path: Path; readonly fault: string; readonly hand: Hand }
  /** Only the first `perMille` thousandths of the bytes. */
  | { readonly kind: 'truncate'; readonly perMille: number }
  | { readonly kind: 'flip'; readonly bit: number }
  | { readonly kind: 'garbage'; readonly text: string }
  /** The proof that goes with a request of NORC-F. */
  | { readonly kind: 'proof'; readonly how: 'absent' | 'late' | 'of-another' }
  /** What is offered while the channel opens, for which `message` is the first one. */
  | { readonly kind: 'offer'; readonly offer: readonly string[] }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** The step that sends the message is left out, done twice, or done after the one that follows. */
  | { readonly kind: 'skip' | 'repeat' | 'swap' }
  /** What is published for the domain challenge that the message answers. */
  | { readonly kind: 'publish'; readonly what: 'nothing' | 'other' }
);

export type Plan = readonly Mutation[];

export type MutationOf<Kind extends Mutation['kind']> = Mutation & { readonly kind: Kind };

/** One line for people. */
export function describeMutation(mutation: Mutation): string {
  const { message } = mutation;
  switch (mutation.kind) {
    case 'replay':
      return `replay ${mutation.of} ahead of ${message}`;
    case 'splice':
      return `${mutation.of} of another run in place of ${message}`;
    case 'insert':
      return `${mutation.of} of another run ahead of ${message}`;
    case 'graft':
      return `${message}: ${dotted(mutation.path)} from another run (${hands[mutation.hand]})`;
    case 'replace':
      return `${message}: ${dotted(mutation.path)} = ${excerpt(mutation.value)} (${hands[mutation.hand]})`;
    case 'break':
      return `${message}: ${dotted(mutation.path)} ${mutation.fault} (${hands[mutation.hand]})`;
    case 'truncate':
      return `${message} cut to ${mutation.perMille} ‰`;
    case 'flip':
      return `${message}: bit ${mutation.bit} flipped`;
    case 'garbage':
      return `${excerpt(mutation.text)} in place of ${message}`;
    case 'proof':
      return `${message}: its proof ${mutation.how}`;
    case 'offer':
      return `the channel opens with the offer ${mutation.offer.join(', ') || 'of nothing'}`;
    case 'delay':
      return `${message} comes ${mutation.delayMs / 1000} s late`;
    case 'publish':
      return `for ${message}, ${mutation.what} is published`;
    default:
      return `${mutation.kind} ${message}`;
  }
}

const hands: Readonly<Record<Hand, string>> = {
  path: 'changed on the path',
  peer: 'by the sender, signed again',
  forger: 'by the sender, with the old signature',
  hop: "by a hop, with the origin's signature",
};

export const dotted = (path: Path): string => path.join('.') || '(whole)';

function excerpt(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
