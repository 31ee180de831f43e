/**
 * Mutants of behaviour: what the reference sends, rather than refuses. Each is a small change of its
 * outgoing effects under a name that says what it does wrong; some case must find it out.
 */
import type { Effect } from '../../reference/core.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type { Case } from '../conformance/case.ts';
import { createInProcessGround } from '../conformance/grounds/in-process.ts';
import { type Laboratory, runOn } from './guard-mutants.ts';

export interface Tamper {
  readonly name: string;
  readonly title: string;
  /** Cases that are tried first; any case may kill it. */
  readonly near: string;
  /** Called once a subject, so that a tamper may remember. */
  readonly create: () => (effect: Effect) => Effect | null;
}

export interface TamperResult {
  readonly name: string;
  readonly title: string;
  /** The first case that failed, or null when the tamper survived. */
  readonly killedBy: string | null;
}

export async function tryTamper(
  lab: Laboratory,
  tamper: Tamper,
  cases: readonly Case[],
): Promise<TamperResult> {
  const { name, title, near } = tamper;
  const nearest = [...cases].sort(
    (a, b) => Number(b.id.startsWith(near)) - Number(a.id.startsWith(near)),
  );
  for (const theCase of nearest) {
    const ground = createInProcessGround(lab.parts, { seed: lab.seed, tamper: tamper.create() });
    const [result] = await runOn(lab, ground, [theCase]);
    if (result && result.verdict !== 'pass') return { name, title, killedBy: theCase.id };
  }
  return { name, title, killedBy: null };
}

/** Changes every outgoing message of one type, on a connection or as an answer. */
function messages(
  type: NorcMessage['type'],
  change: (message: NorcMessage) => NorcMessage | null,
): Tamper['create'] {
  return () => (effect) => {
    if (effect.type !== 'send' && effect.type !== 'answer' && effect.type !== 'request')
      return effect;
    if (effect.message?.type !== type) return effect;
    const changed = change(effect.message);
    if (changed) return { ...effect, message: changed } as Effect;
    return effect.type === 'answer' ? { ...effect, message: null } : null;
  };
}

/** The same message with some members replaced; null or undefined takes a member out. */
function members(
  type: NorcMessage['type'],
  change: { [member: string]: unknown },
): Tamper['create'] {
  return messages(type, (message) => ({ ...message, ...change }) as NorcMessage);
}

const zeros = 'A'.repeat(43);
const otherUuid = '0b8f4bd2-6f0e-4f2e-9a43-5f0d3c1b2a19';

export const tampers: readonly Tamper[] = [
  {
    name: 'sends-unsigned-confirmation',
    title: 'version_confirmation carries a signature of zeros',
    near: 'client/handshake',
    create: members('version_confirmation', { server_signature: 'A'.repeat(86) }),
  },
  {
    name: 'sends-foreign-transcript',
    title: 'version_confirmation names another transcript',
    near: 'client/handshake',
    create: members('version_confirmation', { transcript_hash: zeros }),
  },
  {
    name: 'reuses-its-server-nonce',
    title: 'every handshake has the same server nonce',
    near: 'client/handshake',
    create: members('connection_accepted', { server_nonce: 'A'.repeat(16) }),
  },
  {
    name: 'says-compatibility-mode-always',
    title: 'compatibility_mode is true whatever was negotiated',
    near: 'client/version',
    create: members('connection_accepted', { compatibility_mode: true }),
  },
  {
    name: 'hides-an-error-category',
    title: 'errors carry a category of another range',
    near: 'client',
    create: members('error', { error_category: 'server' }),
  },
  {
    name: 'reuses-registration-challenges',
    title: 'every registration challenge is the same',
    near: 'client/registration',
    create: members('registration_challenge', { challenge: zeros }),
  },
  {
    name: 'reuses-authentication-challenges',
    title: 'every authentication challenge is the same',
    near: 'client/authentication',
    create: members('auth_challenge', { challenge: zeros }),
  },
  {
    name: 'names-another-session',
    title: 'auth_success names another session than version_confirmation',
    near: 'client/authentication',
    create: members('auth_success', { session_id: otherUuid }),
  },
  {
    name: 'never-acknowledges-messages',
    title: 'message_ack is swallowed',
    near: 'client/message',
    create: messages('message_ack', () => null),
  },
  {
    name: 'delivers-to-nobody',
    title: 'message_received is swallowed',
    near: 'client/message',
    create: messages('message_received', () => null),
  },
  {
    name: 'names-another-sender',
    title: 'message_received names another sending device',
    near: 'client/message',
    create: members('message_received', { sender_device_id: otherUuid }),
  },
  {
    name: 'answers-other-key-requests',
    title: 'key_response names another request',
    near: 'client/key',
    create: members('key_response', { request_id: otherUuid }),
  },
  {
    name: 'lists-no-keys',
    title: 'key_response is empty',
    near: 'client/key',
    create: members('key_response', { keys: {} }),
  },
  {
    name: 'signs-time-with-nothing',
    title: 'time_sync carries a signature of zeros',
    near: 'client/time',
    create: members('time_sync', { signature: 'A'.repeat(86) }),
  },
  {
    name: 'never-pongs',
    title: 'pong is swallowed',
    near: 'client/ping',
    create: messages('pong', () => null),
  },
  {
    name: 'invents-shared-capabilities',
    title: 'shared_capabilities holds what the peer did not offer',
    near: 'federation/handshake',
    create: members('federation_handshake_response', { shared_capabilities: ['voice_relay'] }),
  },
  {
    name: 'reuses-connection-ids',
    title: 'every link has the same connection_id',
    near: 'federation/handshake',
    create: members('federation_handshake_response', { connection_id: otherUuid }),
  },
  {
    name: 'claims-trust-always',
    title: 'trust_status_response says established whatever is true',
    near: 'federation/trust-status',
    create: members('trust_status_response', { trust_established: true }),
  },
  {
    name: 'acknowledges-unsigned',
    title: 'relay_ack carries a signature of zeros',
    near: 'federation/ack',
    create: members('relay_ack', { signature: 'A'.repeat(86) }),
  },
  {
    name: 'acknowledges-nobody',
    title: 'relay_ack lists no device',
    near: 'federation/ack',
    create: members('relay_ack', { delivered_to: [], failed_deliveries: [] }),
  },
  {
    name: 'reuses-trust-challenges',
    title: 'every trust challenge has the same id',
    near: 'trust/challenge',
    create: members('trust_challenge', { challenge_id: otherUuid }),
  },
  {
    name: 'asks-for-nothing',
    title: 'trust_challenge holds no element',
    near: 'trust/challenge',
    create: members('trust_challenge', { challenges: [] }),
  },
  {
    name: 'decides-unsigned',
    title: 'trust_decision carries a signature of zeros',
    near: 'trust/decision',
    create: members('trust_decision', { decision_signature: 'A'.repeat(86) }),
  },
  {
    name: 'grants-more-than-asked',
    title: 'trust_decision grants the level nato',
    near: 'trust/decision',
    create: members('trust_decision', { granted_trust_level: 'nato' }),
  },
  {
    name: 'never-acknowledges-revocations',
    title: 'revocation_acknowledgment is swallowed',
    near: 'trust/revocation',
    create: messages('revocation_acknowledgment', () => null),
  },
  {
    name: 'forgets-what-it-persists',
    title: 'nothing is written to the store',
    near: 'federation/restart',
    create: () => (effect) => (effect.type === 'persist' ? null : effect),
  },
  {
    name: 'keeps-broken-connections-open',
    title: 'a connection that must end stays open',
    near: 'client',
    create: () => (effect) => (effect.type === 'close' ? null : effect),
  },
];
