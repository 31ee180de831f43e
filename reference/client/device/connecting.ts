/**
 * From dialling to the first frame, and what happens when a connection is lost (C-CONN-02 to
 * C-CONN-05, X-ERR-09, Part 2.1 client guard c). The hints say what the first frame says (L-V08).
 */
import { fixed, limits } from '../../../spec/limits.ts';
import type { ConnectionRequest } from '../../../spec/messages/client/connection-request.ts';
import { millis, seconds } from '../../time.ts';
import { encodeBase64url } from '../../wire/base64url.ts';
import { uuidOf } from '../../wire/uuid.ts';
import { compareVersions, versionOf } from '../../wire/version.ts';
import { subprotocolFor } from '../subprotocol.ts';
import { HYBRID_CAPABILITY, isHybrid, orderedSuites } from '../suite-choice.ts';
import type { DeviceContext, DeviceInput } from './device.ts';
import { enterPhase } from './sending.ts';
import type { DeviceState } from './state.ts';
import { timerName } from './timer-names.ts';

export function connect(device: DeviceState, context: DeviceContext): void {
  if (device.link) return;
  // Never used again, by a device that was started anew either.
  const id = `${device.config.deviceId}/${uuidOf(context.entropy(16))}`;
  device.link = {
    id,
    opened: null,
    accepted: null,
    sessionKeys: null,
    agreed: null,
    asked: null,
    unverified: null,
    unansweredPings: 0,
  };
  const versions = orderedVersions(device);
  const [preferred = ''] = versions;
  enterPhase(device, 'connecting', context);
  context.emit({
    type: 'connect',
    connection: id,
    path: fixed.clientPath,
    queryVersion: preferred,
    subprotocols: subprotocols(versions),
    headers: {
      'NORC-Client-Versions': versions.join(', '),
      'NORC-Preferred-Version': preferred,
    },
  });
}

export function connectionOpened(
  device: DeviceState,
  { connection, subprotocol, headers }: DeviceInput & { type: 'connected' },
  context: DeviceContext,
): void {
  const { link } = device;
  if (link?.id !== connection || link.opened) return;
  const ephemeral = context.crypto.exchangeKey(context.entropy(32)); // X-KDF-09
  const hybrid = orderedSuites(device.config.suites).some(isHybrid);
  const kemKey = hybrid ? context.crypto.kemKey(context.entropy(64)) : null;
  const request = composeRequest(device, ephemeral.publicKey, kemKey?.publicKey ?? null, context);
  link.opened = { subprotocol, headers, request, ephemeral, kemKey };
  context.emit({ type: 'send', connection, message: request });
  const at = context.now + seconds(limits.handshakeSeconds);
  context.emit({ type: 'set-timer', timer: timerName('handshake'), at });
}

/** Ours to close, without a word: what is wrong is not for the other side to know (2.1 guard a). */
export function closeSilently(
  device: DeviceState,
  code: number,
  reason: string,
  context: DeviceContext,
): void {
  const { link } = device;
  if (!link) return;
  context.emit({ type: 'close', connection: link.id, code, reason });
  connectionLost(device, link.id, context);
}

export function connectionLost(
  device: DeviceState,
  connection: string,
  context: DeviceContext,
): void {
  if (device.link?.id !== connection) return;
  device.link = null;
  // What was outstanding is asked again; a message keeps its id, number and bytes (guard c).
  const { outstanding } = device;
  if (outstanding) device.requests.unshift(outstanding);
  device.outstanding = null;
  for (const timer of ['handshake', 'ping', 'retry', 'answer'] as const) {
    context.emit({ type: 'cancel-timer', timer: timerName(timer) });
  }
  enterPhase(device, 'closed', context);
  if (device.config.policy.reconnect === 'automatic' && device.wantsSession)
    backOff(device, context);
}

/** X-ERR-09: 5 s, doubled each time, up to 300 s, spread by a fifth so that not all come at once. */
function backOff(device: DeviceState, context: DeviceContext): void {
  const { reconnectMs, backoffFactor, backoffCapSeconds, backoffJitterPercent } = limits;
  const grown = reconnectMs * backoffFactor ** Math.min(device.setbacks, 10);
  const delay = Math.min(millis(grown), seconds(backoffCapSeconds));
  device.setbacks += 1;
  const [byte = 0] = context.entropy(1);
  const spread = Math.floor((delay * backoffJitterPercent * (byte - 128)) / (100 * 128));
  const at = context.now + delay + spread;
  context.emit({ type: 'set-timer', timer: timerName('reconnect'), at });
}

/** Highest first. */
function orderedVersions({ config }: DeviceState): readonly string[] {
  return [...config.versions].sort((a, b) => compareVersions(versionOf(b), versionOf(a)));
}

function subprotocols(versions: readonly string[]): readonly string[] {
  const families = versions.map((version) => versionOf(version).major.toString());
  return [...versions, ...new Set(families)].map(subprotocolFor);
}

function composeRequest(
  device: DeviceState,
  ephemeralKey: string,
  kemKey: string | null,
  context: DeviceContext,
): ConnectionRequest {
  const versions = orderedVersions(device);
  const suites = orderedSuites(device.config.suites);
  const hybrid = kemKey === null ? [] : [HYBRID_CAPABILITY];
  return {
    type: 'connection_request',
    client_versions: [...versions],
    preferred_version: versions[0] ?? '',
    capabilities: [...new Set([...device.config.capabilities, ...hybrid])].sort(),
    cipher_suites: suites, // X-CS-04: best first
    client_nonce: encodeBase64url(context.entropy(limits.handshakeNonceBytes)), // X-TRN-06
    ephemeral_public_key: ephemeralKey,
    ...(kemKey !== null && { pq_public_key: kemKey }),
  };
}
