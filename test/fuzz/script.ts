/**
 * An honest run of one layer as a few named steps, and how to find out what it has brought about. The
 * actors are those of the conformance suite; nobody in a script knows that it is attacked.
 */
import type { ActorEnvironment } from '../conformance/actors/environment.ts';
import type { SenderHand } from './mutation.ts';
import type { Tampering } from './tampering.ts';

/** Every script, and the layer whose handshake it is. */
export const lettersOfScripts = {
  client: 'c',
  federation: 'f',
  relay: 'f',
  trust: 't',
  renewal: 't',
  revocation: 't',
} as const;

export type ScriptName = keyof typeof lettersOfScripts;

export interface Script {
  readonly name: ScriptName;
  /** Messages that are attacked, in the order of an honest run; those of one step stand together. */
  readonly messages: readonly string[];
  /** First message of each step, in order. */
  readonly steps: readonly string[];
  /** What the subject grants, and all messages that it must have had for it, unaltered. */
  readonly grants: readonly Grant[];
  /** What must not be in force whatever was sent. */
  readonly never?: readonly string[];
  /** Messages that answer within a time, and how late is too late. */
  readonly deadlines: Readonly<Record<string, number>>;
  /** Messages whose content the script lets its actors bend and sign again. */
  readonly bent: readonly string[];
  /** Hands that may change it beside those of the path and of an honest signer. */
  readonly hands: readonly SenderHand[];
  /** Messages that are no message of their own on the wire, but part of another. */
  readonly carried: readonly string[];
  start(environment: ActorEnvironment, tampering: Tampering): Promise<Scene>;
}

export interface Grant {
  readonly name: string;
  readonly of: readonly string[];
}

export interface Scene {
  /** By their first message. Each throws when the subject does not let it go on. */
  readonly steps: Readonly<Record<string, () => Promise<void>>>;
  /** Asked when nobody tampers any more: names of the grants that a fresh party finds in force. */
  granted(): Promise<ReadonlySet<string>>;
  /** The same again, honestly. Throws when the subject does not grant everything. */
  again(): Promise<void>;
}
