/** Wrong ways of the server towards devices (NORC-C). */
import type { Mutant } from '../mutant.ts';
import { noSignature, otherUuid, repeats, sends, signs, withholds, zeros } from './bending.ts';

/** The first device of the first user of a key_response, changed. */
function keysWith(change: (device: object) => object) {
  return sends('key_response', (message) => {
    if (message.type !== 'key_response') return message;
    const users = Object.entries(message.keys).map(([user, devices]) => [
      user,
      Object.fromEntries(Object.entries(devices).map(([id, device]) => [id, change(device)])),
    ]);
    return { keys: Object.fromEntries(users) };
  });
}

export const clientTampers: readonly Mutant[] = [
  {
    name: 'sends-unsigned-confirmation',
    title: 'version_confirmation carries a signature of zeros',
    breaks: ['X-TRN-07'],
    change: sends('version_confirmation', () => ({ server_signature: noSignature })),
  },
  {
    name: 'confirms-another-transcript',
    title: 'version_confirmation names another transcript, under a good signature',
    breaks: ['X-TRN-01', 'X-TRN-03', 'X-CS-04'],
    change: signs('version_confirmation', { transcript_hash: zeros }),
  },
  {
    name: 'demands-what-it-lacks',
    title: 'client_must_support lists what server_capabilities does not',
    breaks: ['C-CONN-06'],
    change: signs('version_confirmation', { client_must_support: ['telepathy'] }),
  },
  {
    name: 'gives-every-connection-one-session',
    title: 'session_id is the same for every connection',
    breaks: ['C-CONN-13'],
    change: signs('version_confirmation', { session_id: otherUuid }),
  },
  {
    name: 'names-another-session',
    title: 'auth_success names another session than version_confirmation',
    breaks: ['C-CONN-13'],
    change: sends('auth_success', () => ({ session_id: otherUuid })),
  },
  {
    name: 'grants-unknown-permissions',
    title: 'auth_success grants a permission that nobody knows',
    breaks: ['C-AUTH-07'],
    change: sends('auth_success', (message) =>
      message.type === 'auth_success'
        ? { user_info: { ...message.user_info, permissions: ['send_messages', 'fly'] } }
        : message,
    ),
  },
  {
    name: 'takes-deflate',
    title: 'permessage-deflate is accepted',
    breaks: ['C-CONN-12'],
    change: () => ({
      effects: (effect) =>
        effect.type === 'accept-upgrade'
          ? [
              {
                ...effect,
                headers: { ...effect.headers, 'sec-websocket-extensions': 'permessage-deflate' },
              },
            ]
          : [effect],
    }),
  },
  {
    name: 'knows-no-json-family',
    title: 'the JSON family of subprotocols is refused',
    breaks: ['X-FMT-05'],
    change: () => ({
      effects(effect) {
        if (effect.type !== 'accept-upgrade' || !effect.subprotocol.includes('json'))
          return [effect];
        const { connection } = effect;
        return [{ type: 'refuse-upgrade', connection, status: 426, reason: 'no json' }];
      },
    }),
  },
  {
    name: 'reuses-its-server-nonce',
    title: 'every handshake has the same server nonce',
    breaks: ['X-TRN-06', 'X-KDF-09'],
    change: sends('connection_accepted', () => ({ server_nonce: 'A'.repeat(16) })),
  },
  {
    name: 'says-compatibility-mode-always',
    title: 'compatibility_mode is true whatever was negotiated',
    breaks: ['X-AMC-10', 'X-AMC-02'],
    change: sends('connection_accepted', () => ({ compatibility_mode: true })),
  },
  {
    name: 'denies-compatibility-mode',
    title: 'compatibility_mode is false whatever was negotiated',
    breaks: ['X-AMC-10'],
    change: sends('connection_accepted', () => ({ compatibility_mode: false })),
  },
  {
    name: 'challenges-nobody',
    title: 'auth_challenge is kept back',
    breaks: ['C-AUTH-09'],
    change: withholds('auth_challenge'),
  },
  {
    name: 'reuses-registration-challenges',
    title: 'every registration challenge is the same',
    breaks: ['C-REG-04'],
    change: sends('registration_challenge', () => ({ challenge: zeros })),
  },
  {
    name: 'reuses-authentication-challenges',
    title: 'every authentication challenge is the same',
    breaks: ['C-AUTH-02'],
    change: sends('auth_challenge', () => ({ challenge: zeros })),
  },
  {
    name: 'certifies-for-another-server',
    title: 'device certificates name another server',
    breaks: ['C-REG-08'],
    change: signs('device_certificate', { server_id: 'other.example' }),
  },
  {
    name: 'shows-another-key-of-its-own',
    title: 'registration_success names another server key',
    breaks: ['C-REG-08'],
    change: sends('registration_success', () => ({ server_public_key: zeros })),
  },
  {
    name: 'lists-forged-certificates',
    title: 'the device certificates in key_response are not signed',
    breaks: ['C-REG-08'],
    change: keysWith((device) => ({ ...device, device_certificate: 'AAAA' })),
  },
  {
    name: 'lists-no-keys',
    title: 'key_response is empty',
    breaks: ['C-REG-10', 'C-KEY-01', 'X-KEY-02'],
    change: sends('key_response', () => ({ keys: {} })),
  },
  {
    name: 'keeps-new-devices-secret',
    title: 'key_response is kept back',
    breaks: ['C-REG-10'],
    change: withholds('key_response'),
  },
  {
    name: 'answers-other-key-requests',
    title: 'key_response names another request',
    breaks: ['C-KEY-01'],
    change: sends('key_response', () => ({ request_id: otherUuid })),
  },
  {
    name: 'categorises-at-random',
    title: 'errors carry a category of another range',
    breaks: ['X-ERR-02'],
    change: sends('error', () => ({ error_category: 'server' })),
  },
  {
    name: 'forgets-when-it-erred',
    title: 'errors carry no text and no time',
    breaks: ['X-ERR-01'],
    change: sends('error', () => ({ message: '', timestamp: undefined })),
  },
  {
    name: 'tells-why-authentication-failed',
    title: 'errors say which requirement was broken, each in its own way',
    breaks: ['X-ERR-03'],
    change: () => {
      let count = 0;
      return sends('error', () => {
        count += 1;
        return { message: `failure ${count}` };
      })();
    },
  },
  {
    name: 'blabs-in-errors',
    title: 'errors name devices and keys in their details',
    breaks: ['X-ERR-04'],
    change: sends('error', () => ({
      details: { device_id: otherUuid, public_key: zeros, filename: 'plan.pdf' },
      message: `device ${otherUuid} has the key ${zeros}`,
    })),
  },
  {
    name: 'lies-about-the-wait',
    title: 'retry_after is always one second',
    breaks: ['X-RATE-06'],
    change: sends('error', (message) =>
      'retry_after' in message && message.retry_after ? { retry_after: 1 } : {},
    ),
  },
  {
    name: 'never-acknowledges-messages',
    title: 'message_ack is swallowed',
    breaks: ['C-MSG-06', 'X-SEQ-15', 'X-TIME-01', 'X-AMC-15'],
    change: withholds('message_ack'),
  },
  {
    name: 'says-sent-for-ever',
    title: 'every message_ack says sent',
    breaks: ['C-MSG-06'],
    change: sends('message_ack', () => ({ status: 'sent', error_code: undefined })),
  },
  {
    name: 'fails-whole-messages',
    title: 'every message_ack says failed',
    breaks: ['C-MSG-16'],
    change: sends('message_ack', () => ({ status: 'failed', error_code: 2001 })),
  },
  {
    name: 'delivers-to-nobody',
    title: 'message_received is swallowed',
    breaks: ['C-MSG-07', 'C-MSG-12', 'X-KEY-02', 'X-TIME-09', 'F-RELAY-14'],
    change: withholds('message_received'),
  },
  {
    name: 'delivers-twice',
    title: 'every message is delivered twice',
    breaks: ['X-SEQ-15', 'X-SEQ-14', 'C-MSG-12'],
    change: repeats('message_received'),
  },
  {
    name: 'touches-blobs',
    title: 'the nonce of a delivered blob is another',
    breaks: ['C-MSG-07'],
    change: sends('message_received', (message) =>
      message.type === 'message_received'
        ? { encrypted_content: { ...message.encrypted_content, nonce: 'A'.repeat(16) } }
        : message,
    ),
  },
  {
    name: 'drops-unknown-members-of-blobs',
    title: 'a delivered blob has the members that the profile knows, and no others',
    breaks: ['C-MSG-07'],
    change: sends('message_received', (message) => {
      if (message.type !== 'message_received') return message;
      const known = Object.entries(message.encrypted_content).filter(([name]) => name !== 'future');
      return { encrypted_content: Object.fromEntries(known) };
    }),
  },
  {
    name: 'shows-other-devices',
    title: 'a delivered message names another device of the recipient',
    breaks: ['X-META-06'],
    change: sends('message_received', (message) =>
      message.type === 'message_received'
        ? { encrypted_content: { ...message.encrypted_content, other_devices: [otherUuid] } }
        : message,
    ),
  },
  {
    name: 'names-another-sender',
    title: 'message_received names another sending device',
    breaks: ['C-MSG-08'],
    change: sends('message_received', () => ({ sender_device_id: otherUuid })),
  },
  {
    name: 'signs-time-with-nothing',
    title: 'time_sync carries a signature of zeros',
    breaks: ['X-TIME-04'],
    change: sends('time_sync', () => ({ signature: noSignature })),
  },
  {
    name: 'never-pongs',
    title: 'pong is swallowed',
    breaks: ['C-CONN-09'],
    change: withholds('pong'),
  },
];
