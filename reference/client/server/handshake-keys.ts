/**
 * The server's half of the key exchange: suite 0001 (X25519) and 0101 (with ML-KEM-768 beside it).
 * A hybrid suite has both artefacts or no connection (X-PQ-02), and no failure leads to a weaker
 * suite (X-PQ-03, L-H12).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../spec/limits.ts';
import type { ConnectionRequest } from '../../../spec/messages/client/connection-request.ts';
import type { Must } from '../../assert.ts';
import type { ServerConfig } from '../../config.ts';
import type { Context } from '../../core.ts';
import type { Hash, Secret, SessionKeys, SuiteId } from '../../crypto/crypto.ts';
import { encodeBase64url } from '../../wire/base64url.ts';
import { accept, type Fault, type Refused, type Result } from '../../wire/result.ts';
import { isHybrid, orderedSuites } from '../suite-choice.ts';
import type { Refusal } from './refusal.ts';
import type { Server } from './state.ts';

export interface ServerKeys {
  /** Members of `connection_accepted`. */
  readonly members: {
    readonly cipher_suite: SuiteId;
    readonly server_nonce: string;
    readonly ephemeral_public_key: string;
    readonly pq_ciphertext?: string;
  };
  deriveKeys(version: string, transcript: Hash): SessionKeys;
}

/** Null: a handshake of 1.0 without keys, where policy allows it (L-H01). */
export function exchangeKeys(
  { config }: Server,
  request: ConnectionRequest,
  context: Context,
): Result<ServerKeys | null, Refusal> {
  const { must } = context;
  const { cipher_suites: offered, client_nonce: clientNonce } = request;
  const { ephemeral_public_key: clientKey } = request;
  if (!offered || !clientNonce || !clientKey) {
    if (must('X-CS-03', config.policy.allowLegacyHandshake)) return accept(null);
    return { ok: false, error: noSuite('X-CS-03', 'no suite is offered') };
  }
  const suite = chooseSuite(config, offered, must);
  if (!suite.ok) return suite;
  return agree(suite.value, { clientNonce, clientKey, kemKey: request.pq_public_key }, context);
}

/** X-CS-02: our order is fixed, so the first that is offered is the best mutual one (L-H09). */
function chooseSuite(
  { suites, policy }: ServerConfig,
  offered: readonly string[],
  must: Must,
): Result<SuiteId, Refusal> {
  const own = orderedSuites(suites);
  const mutual = own.find((suite) => offered.includes(suite));
  if (!must('X-CS-02', mutual)) {
    return { ok: false, error: noSuite('X-CS-02', offered.join()) };
  }
  const suite = mutual ?? own[0] ?? '0001';
  const allowed = orderedSuites(suites, policy.onlySuites);
  const best = allowed.find((one) => offered.includes(one)) ?? suite;
  if (!must('X-CS-05', allowed.includes(best))) {
    return { ok: false, error: noSuite('X-CS-05', offered.join()) };
  }
  return accept(best);
}

interface ClientKeys {
  readonly clientNonce: string;
  readonly clientKey: string;
  readonly kemKey: string | undefined;
}

function agree(
  suite: SuiteId,
  { clientNonce, clientKey, kemKey }: ClientKeys,
  context: Context,
): Result<ServerKeys, Refusal> {
  const { crypto } = context;
  const ephemeral = crypto.exchangeKey(context.entropy(32)); // X-KDF-09
  const serverNonce = encodeBase64url(context.entropy(limits.handshakeNonceBytes)); // X-TRN-06
  const classical = crypto.agree(ephemeral, clientKey); // X-KDF-07
  if (!classical.ok) return invalidKey(classical.error);
  const postQuantum = isHybrid(suite) ? encapsulate(kemKey, context) : accept(null);
  if (!postQuantum.ok) return postQuantum;
  const { value: encapsulated } = postQuantum;
  return accept({
    members: {
      cipher_suite: suite,
      server_nonce: serverNonce,
      ephemeral_public_key: ephemeral.publicKey,
      ...(encapsulated && { pq_ciphertext: encapsulated.ciphertext }),
    },
    deriveKeys: (version, transcript) =>
      crypto.sessionKeys({
        clientNonce,
        serverNonce,
        classical: classical.value,
        ...(encapsulated && { postQuantum: encapsulated.secret }),
        version,
        suite,
        transcript,
      }),
  });
}

type Encapsulated = { readonly ciphertext: string; readonly secret: Secret };

/** Null only in a build whose X-PQ-02 is switched off: the silent fall-back that it forbids. */
function encapsulate(
  kemKey: string | undefined,
  context: Context,
): Result<Encapsulated | null, Refusal> {
  if (kemKey === undefined) {
    if (context.must('X-PQ-02', false)) return accept(null);
    const code = errorCode.common.cryptoError;
    const detail = 'a hybrid suite without an encapsulation key';
    return { ok: false, error: { requirement: 'X-PQ-02', code, reason: 'pq_required', detail } };
  }
  const encapsulated = context.crypto.encapsulate(kemKey, context.entropy(32)); // X-PQ-04
  return encapsulated.ok ? encapsulated : invalidKey(encapsulated.error);
}

function invalidKey({ requirement, detail }: Fault): Refused<Refusal> {
  const code = errorCode.common.cryptoError;
  return { ok: false, error: { requirement, code, reason: 'invalid_key', detail } };
}

function noSuite(requirement: RequirementId, detail: string): Refusal {
  return {
    requirement,
    code: errorCode.common.cryptoError,
    reason: 'no_common_suite',
    detail,
  };
}
