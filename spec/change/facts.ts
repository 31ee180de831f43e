/**
 * What the protocol says at one version, taken apart into single facts under names that a reader
 * knows. Two states are compared fact by fact.
 */
import type { Json } from '../schema.ts';

export interface Fact {
  /** Which rules its changes fall under (rules.ts). */
  readonly kind: Kind;
  readonly value: Json;
  /** The fact without which it would say nothing: a member of a message, of the message. */
  readonly within: string | null;
}

export type Facts = Map<string, Fact>;

export type Kind =
  // shapes
  | 'message'
  | 'field'
  | 'closed-field'
  | 'type'
  | 'form'
  | 'unit'
  | 'upper-bound'
  | 'lower-bound'
  | 'closed-list'
  | 'enum-value'
  | 'alternatives'
  | 'alternative'
  | 'uniqueness'
  | 'closedness'
  // messages beside their shapes
  | 'registry-byte'
  | 'direction'
  | 'legal-state'
  | 'answer'
  | 'signature'
  | 'alias'
  // the register
  | 'requirement'
  | 'unobservable'
  | 'statement'
  | 'reading'
  // registries and limits
  | 'error-code'
  | 'error-range'
  | 'reason'
  | 'hint'
  | 'negotiable'
  | 'gate'
  | 'shared-row'
  | 'shared-value'
  | 'order'
  | 'limit-maximum'
  | 'limit-minimum'
  | 'limit-exact'
  | 'limit-local'
  | 'transition'
  // versions
  | 'duty'
  | 'meeting-rule'
  | 'version'
  | 'retired-version';
