/**
 * What each change of a fact means for peers that were built before it. A peer breaks as sender where
 * what it sends is now refused, as receiver where it refuses what is now sent to it. What breaks
 * somebody needs a new major, what only adds needs a new minor, what changes nothing on the wire needs
 * nothing. The reason cites what makes it so.
 */
import type { Kind } from './facts.ts';

export type Breaks = 'sender' | 'receiver' | 'both' | 'nobody';
export type Bump = 'none' | 'minor' | 'major';

export interface Rule {
  readonly breaks: Breaks;
  readonly needs: Bump;
  readonly why: string;
}

const breaksSender = (why: string): Rule => ({ breaks: 'sender', needs: 'major', why });
const breaksReceiver = (why: string): Rule => ({ breaks: 'receiver', needs: 'major', why });
const breaksBoth = (why: string): Rule => ({ breaks: 'both', needs: 'major', why });
const adds = (why: string): Rule => ({ breaks: 'nobody', needs: 'minor', why });
const harmless = (why: string): Rule => ({ breaks: 'nobody', needs: 'none', why });

type Movements = { readonly [movement: string]: Rule };

/** Anything between two builds that must be the same. */
const shared: Movements = {
  added: breaksBoth('one side has what the other does not know of'),
  removed: breaksBoth('one side has what the other does not know of'),
  changed: breaksBoth('the two sides mean different things by it'),
};

const listed: Movements = {
  added: breaksReceiver('a value outside of the list that the peer knows is refused'),
  removed: breaksSender('the peer still sends a value that is now refused'),
};

const maximum: Movements = {
  added: breaksSender('the peer knows no bound and may go beyond it'),
  removed: breaksReceiver('the peer still refuses what goes beyond its bound'),
  raised: breaksReceiver('the peer refuses what goes beyond its own bound'),
  lowered: breaksSender('the peer may go as far as before, which is now refused'),
  changed: breaksBoth('the bounds cannot be compared'),
};

const minimum: Movements = {
  added: breaksSender('the peer knows no bound and may stay below it'),
  removed: breaksReceiver('the peer still refuses what stays below its bound'),
  raised: breaksSender('the peer may stay as low as before, which is now refused'),
  lowered: breaksReceiver('the peer refuses what stays below its own bound'),
  changed: breaksBoth('the bounds cannot be compared'),
};

const field: Movements = {
  'added required': breaksSender('the peer leaves it out, and what must be there is missing'),
  'added optional': adds('unknown members are ignored (X-EXT-02)'),
  'added withdrawn': breaksSender('the peer may send it, which is now refused'),
  'removed required': breaksReceiver('the peer still needs it'),
  'removed optional': adds('the peer does without, and what it sends is ignored (X-EXT-02)'),
  'removed withdrawn': adds('what was refused is ignored (X-EXT-02)'),
  'optional to required': breaksSender('the peer may leave it out'),
  'required to optional': breaksReceiver('the peer still needs it'),
  'optional to withdrawn': breaksSender('the peer may send it, which is now refused'),
  'required to withdrawn': breaksBoth('the peer sends it and needs it'),
  'withdrawn to optional': breaksReceiver('the peer refuses what has it'),
  'withdrawn to required': breaksBoth('the peer neither sends nor takes it'),
};

export const rules: { readonly [kind in Kind]: Movements } = {
  message: {
    added: adds('unknown types are ignored (X-ERR-06, L-X05)'),
    removed: breaksSender('the peer sends it and waits for an answer in vain'),
  },
  field,
  'closed-field': {
    ...field,
    'added optional': breaksReceiver('the record is closed: the peer refuses unknown members'),
    'removed optional': breaksSender('the record is closed: what the peer may send is refused'),
    'removed withdrawn': harmless('the record is closed: it is refused as before'),
  },
  type: {
    'integer to number': breaksReceiver('the peer refuses a value that is no integer'),
    'number to integer': breaksSender('the peer may send a value that is no integer'),
  },
  form: shared,
  unit: shared,
  'upper-bound': maximum,
  'lower-bound': minimum,
  'closed-list': {
    added: breaksSender('the peer may send a value outside of the list'),
    removed: breaksReceiver('the peer still refuses what is outside of its list'),
  },
  'enum-value': listed,
  alternatives: shared,
  alternative: listed,
  uniqueness: {
    added: breaksSender('the peer may repeat an element'),
    removed: breaksReceiver('the peer refuses what is repeated'),
  },
  closedness: {
    added: breaksSender('the peer may send members of its own, which are now refused'),
    removed: breaksReceiver('the peer refuses members that it does not know'),
  },
  'registry-byte': {
    ...shared,
    added: adds('a binary frame of a type that had no byte is unknown'),
  },
  direction: shared,
  'legal-state': {
    added: breaksReceiver('a known type outside of its states ends the connection (L-X05)'),
    removed: breaksSender('the peer still sends it there, which ends the connection (L-X05)'),
  },
  answer: {
    added: breaksReceiver('the peer does not expect that answer'),
    removed: breaksReceiver('the peer waits for that answer in vain'),
  },
  signature: {
    added: breaksSender('the peer does not sign it'),
    removed: breaksReceiver('the peer needs the signature'),
    changed: breaksBoth('the peer signs with, and checks under, another key'),
  },
  alias: {
    added: adds('another name is taken, and never sent'),
    removed: breaksSender('the peer may use that name'),
  },
  requirement: {
    'added MUST': breaksSender('the peer does not do what is now required'),
    'added MUST NOT': breaksSender('the peer may do what is now forbidden'),
    'added SHOULD': adds('a peer that does not do it is warned of, not refused'),
    'added MAY': adds('a permission'),
    'removed MUST': breaksReceiver('the peer relies on what nobody has to do any more'),
    'removed MUST NOT': breaksReceiver('the peer relies on what nobody is held to any more'),
    'removed SHOULD': adds('nobody could rely on it'),
    'removed MAY': adds('nobody could rely on it'),
    'SHOULD to MUST': breaksSender('the peer need not do what is now required'),
    'MAY to MUST': breaksSender('the peer need not do what is now required'),
    'MUST to SHOULD': breaksReceiver('the peer relies on it'),
    'MUST to MAY': breaksReceiver('the peer relies on it'),
    'MAY to SHOULD': adds('a peer that does not do it is warned of, not refused'),
    'SHOULD to MAY': adds('nobody could rely on it'),
  },
  unobservable: {
    added: harmless('no peer sees it'),
    removed: harmless('no peer sees it'),
    changed: harmless('no peer sees it'),
  },
  statement: {
    added: adds('a rule that had no words'),
    removed: breaksBoth('what it asked is not asked any more'),
    changed: breaksBoth('a number, a name or a negation in it is another one'),
    reworded: harmless(
      'the same numbers, names and negations; read it, words are not weighed here',
    ),
  },
  reading: {
    added: adds('what the documents leave open is settled'),
    removed: adds('what was settled is left open'),
    changed: breaksBoth('the documents are read another way'),
  },
  'error-code': {
    added: adds('an unknown code is understood by its range (X-ERR-02)'),
    removed: breaksReceiver('the peer waits for that code'),
  },
  'error-range': shared,
  reason: {
    added: adds('details are hints'),
    removed: adds('details are hints'),
  },
  hint: {
    added: adds('a hint'),
    removed: adds('a hint'),
    changed: adds('a hint'),
  },
  negotiable: {
    added: adds('what only one side has is not used (L-X06)'),
    removed: adds('what only one side has is not used (L-X06)'),
    changed: adds('what only one side has is not used (L-X06)'),
  },
  gate: {
    added: breaksSender('the peer does not have what is now asked for'),
    removed: adds('less is asked for than before'),
  },
  'shared-row': {
    ...shared,
    added: breaksReceiver('the peer does not know it'),
    removed: breaksSender('the peer may still name it'),
  },
  'shared-value': shared,
  order: { changed: breaksBoth('the best of what both have is another one on each side (L-H09)') },
  'limit-maximum': maximum,
  'limit-minimum': minimum,
  'limit-exact': shared,
  'limit-local': {
    added: harmless('a matter of each build'),
    removed: harmless('a matter of each build'),
    changed: harmless('a matter of each build'),
  },
  transition: {
    added: breaksReceiver('the peer does not follow that step'),
    removed: breaksSender('the peer still takes that step'),
    changed: breaksBoth('the two sides are in different states after it'),
  },
  duty: {
    'added tolerated': adds('it is produced, and may be left out'),
    'added required': breaksSender('the peer leaves it out'),
    'added refused': breaksSender('the peer may use it'),
    'removed tolerated': adds('it could be left out before'),
    'removed required': breaksReceiver('the peer needs it'),
    'removed refused': breaksReceiver('the peer refuses it'),
    'tolerated to required': breaksSender('the peer may leave it out'),
    'tolerated to refused': breaksSender('the peer may use it'),
    'required to tolerated': adds('it is still produced (L-V12)'),
    'required to refused': breaksBoth('the peer uses it and needs it'),
    'refused to tolerated': adds('more is taken than before'),
    'refused to required': breaksBoth('the peer neither uses nor takes it'),
  },
  'meeting-rule': shared,
  version: {
    added: adds('a version more to meet at'),
    removed: breaksBoth('a peer of an adjacent major may speak nothing else (X-AMC-03)'),
  },
  'retired-version': {
    removed: harmless('it is more than one major below the greatest (X-AMC-05)'),
  },
};

/** Of a change that nobody has thought of. */
const unknown: Rule = breaksBoth('nothing is known of such a change');

export function ruleFor(kind: Kind, movement: string): Rule {
  return rules[kind][movement] ?? unknown;
}
