/**
 * The running transcript (L-H03): message i of an exchange carries the hash over the label and all
 * earlier messages, with their signatures, and signs it. A message of another run, or one that was
 * changed on its way, breaks the next signature that is checked (T-TRN-01, X-TRN-08).
 */
import { type ErrorCode, errorCode } from '../../spec/emitted/registries.ts';
import type { Hash, JsonObject, PublicKey } from '../crypto/crypto.ts';
import { without } from '../wire/canonical.ts';
import { isAtLeast } from '../wire/version.ts';
import { type Check, check } from './check.ts';
import type { Scope } from './scope.ts';

/** A message as the value that is hashed and signed. Members we do not know stay in (X-CAN-08). */
export function asValue(message: object): JsonObject {
  return message as JsonObject;
}

export function transcriptHash(scope: Scope, earlier: readonly JsonObject[]): Hash {
  return scope.context.crypto.transcript('norc-t-handshake-v1', earlier);
}

/** The message with its place in the exchange and our signature over both. */
export function sealed<M extends object, S extends string>(
  scope: Scope,
  message: M,
  member: S,
  earlier: readonly JsonObject[],
): M & { transcript_hash: Hash } & Record<S, string> {
  return signed(scope, { ...message, transcript_hash: transcriptHash(scope, earlier) }, member);
}

export function signed<M extends object, S extends string>(
  scope: Scope,
  message: M,
  member: S,
): M & Record<S, string> {
  const { crypto } = scope.context;
  const signature = crypto.sign(scope.config.identity, asValue(message));
  return { ...message, [member]: signature } as M & Record<S, string>;
}

/**
 * X-SIG-01: over everything but the signature member itself. False without a key or a signature.
 */
export function isSignedBy(
  scope: Scope,
  key: PublicKey | null,
  message: object,
  member: string,
): boolean {
  const value = asValue(message);
  const signature = value[member];
  if (key === null || typeof signature !== 'string') return false;
  return scope.context.crypto.verify(key, without(value, member), signature);
}

/** From 1.1 on nothing may be left out (L-V12). */
export function isHardened(version: string): boolean {
  return isAtLeast(version, '1.1');
}

/** The message belongs where it stands. Caller checks its signature besides. */
export function placeChecks(
  scope: Scope,
  message: { readonly transcript_hash?: Hash },
  earlier: readonly JsonObject[],
  version: string,
): readonly Check[] {
  const code = errorCode.trust.transcript;
  return [
    check('X-TRN-08', code, 'no transcript hash', () => {
      return message.transcript_hash !== undefined || !isHardened(version);
    }),
    check('T-TRN-01', code, 'the transcript differs', () => {
      const carried = message.transcript_hash;
      return carried === undefined || carried === transcriptHash(scope, earlier);
    }),
  ];
}

/** For messages whose signature the published 1.0 text lacks (L-T08). */
export function addedSignatureChecks(
  scope: Scope,
  message: { readonly signature?: string },
  key: PublicKey | null,
  version: string,
): readonly Check[] {
  const code = errorCode.trust.badSignature;
  return [
    check('X-AMC-17', code, 'not signed', () => {
      return message.signature !== undefined || !isHardened(version);
    }),
    check('X-SIG-02', code, 'the signature does not verify under the key of the signer', () => {
      return message.signature === undefined || isSignedBy(scope, key, message, 'signature');
    }),
  ];
}

/**
 * X-SIG-06: every signature of ours is Ed25519. A record that says it is signed otherwise is not
 * judged as if it were not, even where the signature holds.
 */
export function algorithmCheck(code: ErrorCode, named: readonly string[]): Check {
  return check('X-SIG-06', code, 'an algorithm that we do not speak', () => {
    return named.every((name) => name === 'ed25519');
  });
}

/** A message that lacks what 1.1 requires is tolerated at 1.0 and noted (L-V12). */
export function noteTolerance(scope: Scope, peer: string, message: object): void {
  const value = asValue(message);
  if (value.transcript_hash !== undefined) return;
  const detail = `${String(value.type)} without transcript hash`;
  scope.context.emit({ type: 'log', entry: { event: 'compatibility-mode', detail, peer } });
}
