/** Wrong ways of the server towards other servers (NORC-F). */
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import type { Mutant } from '../mutant.ts';
import { noSignature, otherUuid, repeats, sends, signs, withholds, zeros } from './bending.ts';

/** A relay whose members of the hop are changed, under a good route signature. */
function stamped(change: (metadata: JsonObject) => JsonObject) {
  return signs('message_relay', ({ metadata }) => ({ metadata: change(metadata as JsonObject) }));
}

const blank = { nonce: 'A'.repeat(16) };

function payloads(message: JsonObject): JsonObject {
  const blobs = Object.entries((message.encrypted_payloads ?? {}) as JsonObject);
  return Object.fromEntries(
    blobs.map(([device, blob]) => [device, { ...(blob as JsonObject), ...blank }]),
  );
}

export const federationTampers: readonly Mutant[] = [
  {
    name: 'strips-the-sequence-of-relays',
    title: 'message_relay goes on without sequence_number and prev_message_hash',
    breaks: ['X-AMC-16'],
    change: signs('message_relay', { sequence_number: undefined, prev_message_hash: undefined }),
  },
  {
    name: 'invents-shared-capabilities',
    title: 'shared_capabilities holds what the peer did not offer',
    breaks: ['F-HS-05'],
    change: signs('federation_handshake_response', { shared_capabilities: ['voice_relay'] }),
  },
  {
    name: 'says-nothing-to-older-majors',
    title: 'in compatibility mode shared_capabilities is empty',
    breaks: ['X-AMC-11'],
    change: signs('federation_handshake_response', ({ compatibility_mode }) =>
      compatibility_mode ? { shared_capabilities: [] } : {},
    ),
  },
  {
    name: 'warns-of-nothing',
    title: 'version_warnings is empty in compatibility mode',
    breaks: ['F-HS-06'],
    change: signs('federation_handshake_response', { version_warnings: [] }),
  },
  {
    name: 'says-compatibility-mode-on-every-link',
    title: 'compatibility_mode is true whatever was negotiated, and a warning says so',
    breaks: ['X-AMC-10'],
    change: signs('federation_handshake_response', {
      compatibility_mode: true,
      version_warnings: ['an older version'],
    }),
  },
  {
    name: 'reuses-connection-ids',
    title: 'every link has the same connection_id',
    breaks: ['F-HS-08'],
    change: signs('federation_handshake_response', { connection_id: otherUuid }),
  },
  {
    name: 'reuses-its-nonce-on-links',
    title: 'every link has the same server nonce',
    breaks: ['X-TRN-06', 'X-KDF-09'],
    change: signs('federation_handshake_response', { server_nonce: 'A'.repeat(16) }),
  },
  {
    name: 'answers-with-a-foreign-transcript',
    title: 'the handshake response names another transcript, under a good signature',
    breaks: ['X-TRN-01', 'X-TRN-03'],
    change: signs('federation_handshake_response', { transcript_hash: zeros }),
  },
  {
    name: 'speaks-trust-of-a-far-major',
    title: 'the handshake response names a version of NORC-T far from that of the link',
    breaks: ['X-AMC-14'],
    change: signs('federation_handshake_response', { norc_t_version: '9.0' }),
  },
  {
    name: 'chooses-an-unknown-suite',
    title: 'the handshake response names a suite that nobody offered',
    breaks: ['X-CS-03'],
    change: signs('federation_handshake_response', { cipher_suite: 'ffff' }),
  },
  {
    name: 'encapsulates-unasked',
    title: 'a ciphertext comes with the classical suite as well',
    breaks: ['X-PQ-01'],
    change: signs('federation_handshake_response', { pq_ciphertext: 'A'.repeat(1451) }),
  },
  {
    name: 'encapsulates-unasked-for-devices',
    title: 'a device that has not offered the hybrid suite gets a ciphertext',
    breaks: ['X-PQ-01'],
    change: sends('connection_accepted', () => ({ pq_ciphertext: 'A'.repeat(1451) })),
  },
  {
    name: 'claims-trust-always',
    title: 'trust_status_response says established whatever is true',
    breaks: ['F-TRUST-06', 'T-ACK-03'],
    change: signs('trust_status_response', { trust_established: true, trust_level: 'nato' }),
  },
  {
    name: 'denies-trust-always',
    title: 'trust_status_response says that there is no trust',
    breaks: ['F-TRUST-06'],
    change: signs('trust_status_response', { trust_established: false, trust_level: 'untrusted' }),
  },
  {
    name: 'acknowledges-unsigned',
    title: 'relay_ack carries a signature of zeros',
    breaks: ['F-ACK-04'],
    change: sends('relay_ack', () => ({ signature: noSignature })),
  },
  {
    name: 'acknowledges-nobody',
    title: 'relay_ack lists no device',
    breaks: ['F-ACK-01', 'F-ACK-02'],
    change: signs('relay_ack', { delivered_to: [], failed_deliveries: [] }),
  },
  {
    name: 'calls-everything-delivered',
    title: 'relay_ack says delivered beside devices that failed',
    breaks: ['F-ACK-01'],
    change: signs('relay_ack', { status: 'delivered' }),
  },
  {
    name: 'never-acknowledges-relays',
    title: 'relay_ack is kept back',
    breaks: ['F-ACK-03', 'F-ACK-04', 'C-MSG-06'],
    change: withholds('relay_ack'),
  },
  {
    name: 'acknowledges-each-time-anew',
    title: 'the acknowledgment of a repeat has another time',
    breaks: ['F-ACK-03'],
    change: () => {
      let count = 0;
      return sends('relay_ack', (message) => {
        count += 1;
        return 'timestamp' in message ? { timestamp: Number(message.timestamp) + count } : {};
      })();
    },
  },
  {
    name: 'touches-payloads',
    title: 'the nonces of relayed payloads are others',
    breaks: ['F-RELAY-12', 'F-RELAY-01', 'X-META-04'],
    change: signs('message_relay', (relay) => ({ encrypted_payloads: payloads(relay) })),
  },
  {
    name: 'adds-a-preview-to-relays',
    title: 'relays have a member beyond the schema',
    breaks: ['F-RELAY-20'],
    change: signs('message_relay', { preview: 'in plain words' }),
  },
  {
    name: 'adds-a-preview-to-what-it-delivers',
    title: 'what is delivered to a device has a member beyond the schema',
    breaks: ['F-RELAY-20'],
    change: sends('message_received', () => ({ preview: 'in plain words' })),
  },
  {
    name: 'touches-what-it-delivers',
    title: 'a payload that came by relay reaches the device with another nonce',
    breaks: ['F-RELAY-12'],
    change: sends('message_received', (message) =>
      message.type === 'message_received'
        ? { encrypted_content: { ...message.encrypted_content, ...blank } }
        : message,
    ),
  },
  {
    name: 'shows-payloads-of-other-devices',
    title: 'what is relayed and delivered names devices of others',
    breaks: ['X-META-04', 'X-META-06', 'F-RELAY-16'],
    change: () => {
      const relayed = signs('message_relay', ({ encrypted_payloads, target_users }) => ({
        encrypted_payloads: {
          ...(encrypted_payloads as JsonObject),
          [otherUuid]: Object.values(encrypted_payloads as JsonObject)[0],
        },
        target_users: [...(target_users as string[]), 'carol@other.example'],
      }))();
      const delivered = sends('message_received', (message) =>
        message.type === 'message_received'
          ? { encrypted_content: { ...message.encrypted_content, others: [otherUuid] } }
          : message,
      )();
      return { ...relayed, ...delivered };
    },
  },
  {
    name: 'relays-for-another-conversation',
    title: 'a relay names another message than the device has sent',
    breaks: ['F-RELAY-01'],
    change: signs('message_relay', { conversation_id: otherUuid }),
  },
  {
    name: 'begins-elsewhere',
    title: 'route_path begins with another server',
    breaks: ['F-RELAY-02'],
    change: signs('message_relay', ({ route_path }) => ({
      route_path: ['other.example', ...(route_path as string[]).slice(1)],
    })),
  },
  {
    name: 'counts-no-hops',
    title: 'hop_count is one more than there are hops',
    breaks: ['F-RELAY-03'],
    change: stamped((metadata) => ({ ...metadata, hop_count: Number(metadata.hop_count) + 1 })),
  },
  {
    name: 'never-signs-the-origin',
    title: 'origin_signature is zeros',
    breaks: ['F-RELAY-07'],
    change: signs('message_relay', { origin_signature: noSignature }),
  },
  {
    name: 'never-signs-the-route',
    title: 'route_signature is zeros',
    breaks: ['F-RELAY-08'],
    change: sends('message_relay', () => ({ route_signature: noSignature })),
  },
  {
    name: 'keeps-the-time-of-the-first-try',
    title: 'federation_timestamp is ten minutes old',
    breaks: ['F-RELAY-09'],
    change: stamped((metadata) => ({
      ...metadata,
      federation_timestamp: Number(metadata.federation_timestamp) - 600_000_000,
    })),
  },
  {
    name: 'renames-relays-on-every-try',
    title: 'every try of a relay has a federation_id of its own',
    breaks: ['F-RELAY-17'],
    change: () => {
      let count = 0;
      return signs('message_relay', () => {
        count += 1;
        const id = String(count).padStart(12, '0');
        return { federation_id: `0b8f4bd2-6f0e-4f2e-9a43-${id}` };
      })();
    },
  },
  {
    name: 'does-not-number-relays',
    title: 'every relay has the sequence number zero',
    breaks: ['X-SEQ-01', 'X-SEQ-02'],
    change: signs('message_relay', { relay_sequence: 0 }),
  },
  {
    name: 'never-relays',
    title: 'message_relay is kept back',
    breaks: ['F-RELAY-17', 'X-ERR-10', 'T-ACK-02'],
    change: withholds('message_relay'),
  },
  {
    name: 'delivers-relays-twice',
    title: 'what came by relay is delivered twice',
    breaks: ['F-RELAY-06', 'X-SEQ-15', 'F-RELAY-12'],
    change: repeats('message_received'),
  },
  {
    name: 'says-user-unknown-for-no-route',
    title: 'federation errors have the code of an unknown user',
    breaks: ['F-RELAY-19', 'F-TRUST-05'],
    change: sends('federation_error', () => ({ error_code: 5204 })),
  },
  {
    name: 'gives-device-codes-to-servers',
    title: 'federation errors have codes of the client layer',
    breaks: ['F-ERR-01'],
    change: sends('federation_error', () => ({ error_code: 6001 })),
  },
  {
    name: 'errs-without-a-name',
    title: 'federation errors name another request',
    breaks: ['F-ERR-01'],
    change: sends('federation_error', () => ({ request_id: otherUuid })),
  },
  {
    name: 'categorises-federation-at-random',
    title: 'federation errors carry a category of another range',
    breaks: ['X-ERR-02'],
    change: sends('federation_error', () => ({ error_category: 'server' })),
  },
  {
    name: 'errs-without-a-time',
    title: 'federation errors have no text and no time',
    breaks: ['X-ERR-01'],
    change: sends('federation_error', () => ({ message: '', timestamp: undefined })),
  },
  {
    name: 'hides-the-limit',
    title: 'rate_limit_exceeded says neither what was limited nor how long to wait',
    breaks: ['F-RATE-02', 'X-RATE-06'],
    change: sends('rate_limit_exceeded', () => ({ limit_type: '', retry_after: 0, limit: 0 })),
  },
];
