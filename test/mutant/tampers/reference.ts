/** A reference that is wrong inside: its cryptography, randomness, memory, clock, or several guards. */
import type { Effect } from '../../../reference/core.ts';
import type { HandshakeLabel } from '../../../reference/crypto/crypto.ts';
import type { Json } from '../../../spec/schema.ts';
import type { Mutant } from '../mutant.ts';
import { omits, withCrypto, zeros } from './bending.ts';
import { hasMember, told, typeIn } from './hearing.ts';

/** Whatever the node sends devices on one input, in the reverse order. */
function reversed(effects: readonly Effect[]): Effect[] {
  const sends = effects.filter(({ type }) => type === 'send').reverse();
  return effects.map((effect) => (effect.type === 'send' ? (sends.shift() ?? effect) : effect));
}

/** Lists in another order, at any depth. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return [...value].sort().map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, sorted(member)]));
}

export const referenceTampers: readonly Mutant[] = [
  {
    name: 'believes-every-signature',
    title: 'every signature over anything is good',
    breaks: [
      ...(['X-SIG-01', 'X-SIG-02', 'X-SIG-04', 'X-SIG-07', 'X-CAN-04', 'X-CAN-08'] as const),
      ...(['X-CAN-09', 'X-TRN-05', 'T-DEC-03', 'T-REV-01'] as const),
    ],
    change: withCrypto(() => ({ verify: () => true })),
  },
  {
    name: 'drops-what-is-empty',
    title: 'empty lists, objects and texts do not count in the transcript',
    breaks: ['X-CAN-04'],
    change: withCrypto((crypto) => ({
      transcript: (label, messages) =>
        crypto.transcript(
          label,
          messages.map((each) =>
            JSON.parse(JSON.stringify(each), (_, member) =>
              ['[]', '{}', '""'].includes(JSON.stringify(member)) ? undefined : member,
            ),
          ),
        ),
    })),
  },
  {
    name: 'hashes-known-members-only',
    title: 'members whose name begins with x do not count in the transcript',
    breaks: ['X-CAN-08'],
    change: withCrypto((crypto) => ({
      transcript: (label, messages) =>
        crypto.transcript(
          label,
          messages.map((each) =>
            JSON.parse(JSON.stringify(each), (name, member) =>
              /^(?:x|unknown|future)/i.test(name) ? undefined : member,
            ),
          ),
        ),
    })),
  },
  {
    name: 'hashes-the-last-message-only',
    title: 'the transcript leaves out its first message',
    breaks: ['X-TRN-01', 'X-TRN-03', 'T-TRN-01', 'X-TRN-08'],
    change: withCrypto((crypto) => ({
      transcript: (label, messages) => crypto.transcript(label, messages.slice(1)),
    })),
  },
  {
    name: 'has-a-label-of-its-own',
    title: 'transcripts of all layers begin with a label that is that of none',
    breaks: ['X-TRN-02'],
    change: withCrypto((crypto) => ({
      transcript: (_, messages) =>
        crypto.transcript('norc-handshake-v1' as HandshakeLabel, messages),
    })),
  },
  {
    name: 'derives-keys-without-the-transcript',
    title: 'the keys of a session are the same whatever was said in its handshake',
    breaks: ['X-TRN-04'],
    change: withCrypto((crypto) => ({
      sessionKeys: (inputs) => crypto.sessionKeys({ ...inputs, transcript: zeros }),
    })),
  },
  {
    name: 'hashes-lists-in-any-order',
    title: 'the order of lists does not count in the transcript',
    breaks: ['X-TRN-03', 'X-CS-04'],
    change: withCrypto((crypto) => ({
      transcript: (label, messages) => crypto.transcript(label, messages.map(sorted)),
    })),
  },
  {
    name: 'swaps-nonces-in-keys',
    title: 'the salt of the keys has the server nonce first',
    breaks: ['X-KDF-03'],
    change: withCrypto((crypto) => ({
      sessionKeys: ({ clientNonce, serverNonce, ...rest }) =>
        crypto.sessionKeys({ ...rest, clientNonce: serverNonce, serverNonce: clientNonce }),
    })),
  },
  {
    name: 'puts-the-new-secret-first',
    title: 'in a hybrid suite the post-quantum secret stands before the classical one',
    breaks: ['X-KDF-02', 'X-CS-01'],
    change: withCrypto((crypto) => ({
      sessionKeys: ({ classical, postQuantum, ...rest }) =>
        postQuantum
          ? crypto.sessionKeys({ ...rest, classical: postQuantum, postQuantum: classical })
          : crypto.sessionKeys({ ...rest, classical }),
    })),
  },
  {
    name: 'leaves-the-version-out-of-keys',
    title: 'the keys do not depend on the version',
    breaks: ['X-KDF-04'],
    change: withCrypto((crypto) => ({
      sessionKeys: (inputs) => crypto.sessionKeys({ ...inputs, version: '0.0' }),
    })),
  },
  {
    name: 'derives-keys-of-another-suite',
    title: 'the keys are those of another suite than the one that was chosen',
    breaks: ['X-KDF-01', 'X-CS-01'],
    change: withCrypto((crypto) => ({
      sessionKeys: (inputs) =>
        crypto.sessionKeys({ ...inputs, suite: inputs.suite === '0001' ? '0101' : '0001' }),
    })),
  },
  {
    name: 'repeats-its-randomness',
    title: 'random bytes are always the same',
    breaks: [
      ...(['X-KDF-09', 'C-CONN-13', 'X-TRN-06', 'F-HS-08', 'T-CHAL-01', 'T-CHAL-02'] as const),
      'T-CERT-13',
    ],
    change: () => ({ environment: () => ({ entropy: (size) => new Uint8Array(size).fill(7) }) }),
  },
  {
    name: 'forgets-what-it-persists',
    title: 'nothing is written to the store',
    breaks: ['C-MSG-12', 'F-RELAY-06', 'T-REV-11', 'T-REV-14', 'T-CAP-05', 'X-ERR-10'],
    change: omits(({ type }) => type === 'persist'),
  },
  {
    name: 'sets-no-timer',
    title: 'nothing that only time brings about ever happens',
    breaks: [
      'F-RELAY-17',
      'X-ERR-10',
      'T-REV-15',
      'T-REV-06',
      'T-REV-03',
      'T-ACK-03',
      'F-RELAY-19',
    ],
    change: told(({ type }) => type !== 'timer-fired'),
  },
  {
    name: 'delivers-out-of-order',
    title: 'what waits for a device comes with the last first',
    breaks: ['C-MSG-12'],
    change: () => ({
      node: (node) => ({ handle: (input, now) => reversed(node.handle(input, now)) }),
    }),
  },
  {
    name: 'stays-in-the-hour-of-its-start',
    title: 'its clock stands still',
    breaks: ['C-MSG-12', 'X-RATE-06', 'X-TIME-09', 'T-REV-03', 'T-REV-06', 'X-TIME-04', 'T-REQ-06'],
    change: () => {
      let first: number | undefined;
      return {
        node: (node) => ({
          handle(input, now) {
            first ??= now;
            return node.handle(input, first);
          },
        }),
      };
    },
  },
  {
    name: 'keeps-broken-connections-open',
    title: 'a connection that must end stays open',
    breaks: ['C-CONN-11', 'X-ERR-08'],
    change: omits(({ type }) => type === 'close'),
  },
  {
    name: 'keeps-links-open',
    title: 'a link that must end stays open',
    breaks: ['T-REV-04', 'F-TRUST-05'],
    change: omits(({ type }) => type === 'hang-up'),
  },
  {
    name: 'reads-times-in-any-unit',
    title: 'no time of a message is held against the clock',
    breaks: ['X-CAN-14', 'X-TIME-03'],
    off: ['C-AUTH-04', 'X-TIME-02', 'C-MSG-13', 'C-MSG-14', 'X-TIME-01', 'F-RELAY-09', 'X-TIME-03'],
  },
  {
    name: 'takes-messages-without-a-chain',
    title: 'sequence number and previous hash may be missing in any version',
    breaks: ['X-SEQ-09'],
    off: ['X-AMC-17', 'C-MSG-01'],
  },
  {
    name: 'needs-a-chain-of-1-0-as-well',
    title: 'a message or relay without place in a chain is not heard in any version',
    breaks: ['X-AMC-15'],
    change: told((input) => {
      if (input.type !== 'frame-received' && input.type !== 'request-received') return true;
      const body = input.type === 'frame-received' ? input.frame : input.body;
      const isChained = ['message_send', 'message_relay'].includes(typeIn(body));
      return !isChained || hasMember(body, 'sequence_number');
    }),
  },
  {
    name: 'complains-of-unknown-types',
    title: 'a message of an unknown type is refused in any version',
    breaks: ['X-AMC-15'],
    off: ['X-ERR-06'],
  },
  {
    name: 'falls-back-from-hybrid',
    title: 'a hybrid suite without its key is taken as it is',
    breaks: ['X-PQ-03'],
    off: ['X-PQ-02', 'X-PQ-04'],
  },
  {
    name: 'knows-no-limits',
    title: 'nobody is held to a rate',
    breaks: ['X-RATE-07', 'X-RATE-08', 'F-QOS-02'],
    off: ['X-RATE-01', 'X-RATE-02', 'X-RATE-03', 'X-RATE-04', 'F-RATE-01', 'F-RATE-03'],
  },
  {
    name: 'bridges-two-majors',
    title: 'a list may reach over two majors',
    breaks: ['X-AMC-05'],
    off: ['X-AMC-05', 'T-CAP-04'],
  },
  {
    name: 'approves-by-itself',
    title: 'what needs an operator is decided without one',
    breaks: ['F-DISC-06'],
    off: ['T-CAP-07'],
  },
  {
    name: 'admits-every-label',
    title: 'no level has a ceiling of classification',
    breaks: ['X-CLS-01'],
    off: ['X-CLS-04'],
  },
  {
    name: 'takes-relays-without-a-label',
    title: 'a relay may lack what the schema wants',
    breaks: ['X-CLS-06'],
    off: ['F-RELAY-01', 'F-RELAY-07', 'X-CLS-02', 'X-CLS-04'],
  },
  {
    name: 'numbers-what-nobody-signed',
    title: 'the window of a link moves before the signature of the hop is judged',
    breaks: ['X-SEQ-07'],
    off: ['F-RELAY-08'],
  },
  {
    name: 'relays-whatever-the-standing',
    title: 'an ended trust relationship is as good as one that lasts',
    breaks: ['F-TRUST-05'],
    off: ['F-TRUST-02'],
  },
  {
    name: 'relays-before-the-acknowledgment',
    title: 'a server needs no trust relationship to relay',
    breaks: ['T-ACK-02'],
    off: ['F-TRUST-01'],
  },
  {
    name: 'takes-any-reverse-certificate',
    title: 'the certificate of an acknowledgment is not judged',
    breaks: ['T-CERT-07', 'T-CERT-13'],
    off: ['T-ACK-05'],
  },
  {
    name: 'takes-no-reverse-certificate',
    title: 'the certificate of an acknowledgment is never good enough',
    breaks: ['T-CERT-14'],
    stuck: ['T-ACK-05'],
  },
  {
    name: 'judges-the-domain-before-the-format',
    title: 'a response that answers half is judged by what it shows',
    breaks: ['T-PIPE-01'],
    off: ['T-RESP-01'],
  },
  {
    name: 'judges-the-chain-before-the-format',
    title: 'a request that lacks a member is judged by its chain',
    breaks: ['T-PIPE-01'],
    off: ['T-REQ-01'],
  },
  {
    name: 'judges-the-domain-before-the-chain',
    title: 'a request with a broken chain is judged by its domain',
    breaks: ['T-PIPE-01', 'T-PIPE-02'],
    off: ['T-REQ-07'],
  },
  {
    name: 'judges-the-domain-before-revocation',
    title: 'a chain that nobody calls good is judged by its domain',
    breaks: ['T-PIPE-01', 'T-PIPE-03'],
    off: ['T-RESP-05'],
  },
  {
    name: 'judges-the-domain-before-transparency',
    title: 'a leaf that no log knows is judged by its domain',
    breaks: ['T-PIPE-01'],
    off: ['T-RESP-06'],
  },
  {
    name: 'judges-the-risk-before-the-domain',
    title: 'a request whose domain shows nothing is judged by its score',
    breaks: ['T-PIPE-01', 'T-PIPE-02', 'T-PIPE-03'],
    off: ['T-RESP-04'],
  },
];
