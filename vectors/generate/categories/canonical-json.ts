/** V-CAN: strict reading and the canonical form (L-S01 to L-S09, RFC 8785). */
import type { CategorySource } from '../category.ts';
import { octets, octetsOf, text } from '../shape.ts';
import { accepted, discouraged } from './canonical-json/accepted.ts';
import { binary, identifiers } from './canonical-json/members.ts';
import { refused } from './canonical-json/refused.ts';

export const canonicalJson: CategorySource = {
  category: 'canonical-json',
  title: 'Strict JSON and its canonical form',
  description:
    'Received bytes are parsed strictly (order and white space are free, everything that could mean ' +
    'two things is refused), null members are dropped at any depth, and the result is written as RFC ' +
    '8785 has it. Nesting is bounded by 32.',
  functions: {
    canonicalize: {
      does: 'the canonical bytes of the JSON text json_hex, and their BLAKE3-256; reject what is malformed.',
      input: { json_hex: octets },
      output: { canonical_hex: octets, blake3: octetsOf(32) },
    },
    'decode-base64url': {
      does: 'the bytes of a binary member: base64url without padding, unused bits zero; else reject.',
      input: { text },
      output: { hex: octets },
    },
    'check-uuid': {
      does: 'whether text is a lower-case version 4 UUID of 36 characters; else reject.',
      input: { text },
      output: {},
    },
  },
  flags: {
    order: {
      bug: 'Members are not sorted by UTF-16 code units, or white space survives.',
      effect:
        'Honest signatures fail between implementations, so somebody switches verification off.',
    },
    'null-member': {
      bug: 'A null member and an absent one give different bytes.',
      effect:
        'Two readings of one message have two signatures; one can be chosen by whoever relays.',
    },
    'empty-dropped': {
      bug: 'Empty values are dropped like null ones.',
      effect: 'An empty list of permissions or conditions can be removed under the signature.',
    },
    escaping: {
      bug: 'Strings are escaped in another way than RFC 8785 has it.',
      effect: 'Honest signatures fail, or two spellings are signed as different messages.',
    },
    normalisation: {
      bug: 'Unicode is normalised before hashing.',
      effect: 'Two different user names share one signature.',
    },
    'number-range': {
      bug: 'Numbers are accepted that a double cannot hold exactly.',
      effect: 'Signer and verifier see different numbers under one signature.',
    },
    'number-form': {
      bug: 'Decimals or exponents are written as they were received.',
      effect: 'One value has several signed forms.',
    },
    'duplicate-member': {
      bug: 'A second member of the same name is let through.',
      effect:
        'One parser checks the first, another obeys the last: a rejected decision is accepted.',
    },
    'bad-text': {
      bug: 'Bytes that are not UTF-8, or lone surrogates, are read with replacement.',
      effect: 'Different identifiers become equal after decoding.',
    },
    'loose-grammar': {
      bug: 'What is not JSON is read all the same.',
      effect: 'Two implementations read two messages from the same bytes.',
    },
    depth: {
      bug: 'Nesting is not bounded.',
      effect: 'A few kilobytes end the process by its stack.',
    },
    'unknown-member': {
      bug: 'Members that are not known are dropped before hashing.',
      effect: 'Signatures of newer peers fail, and what they signed can be stripped.',
    },
    'second-spelling': {
      bug: 'Padding, plain base64 or stray bits are accepted.',
      effect: 'The same key or hash has many spellings: caches, bans and duplicate checks miss.',
    },
    'loose-uuid': {
      bug: 'Identifiers of other forms are accepted.',
      effect: 'One identifier has several spellings, and replay caches take each for a new one.',
    },
  },
  drafts: () => [...accepted(), ...discouraged(), ...refused(), ...binary(), ...identifiers()],
};
