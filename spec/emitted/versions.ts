// Emitted from the YAML of spec/ by `npm run emit`. Do not edit.
/** Adjacent-major compatibility. */
export const amc = {
  max_major_distance: 1,
  grammar: '^(0|[1-9]\\d{0,4})\\.(0|[1-9]\\d{0,4})$',
  steps: [
    {
      step: 'Drop the entries of each list that are not of the grammar. A list with none left is malformed.',
      ids: ['X-AMC-09', 'L-V05'],
    },
    {
      step: 'Drop from each list the entries more than one major below its own greatest.',
      ids: ['X-AMC-05', 'L-V03'],
    },
    {
      step: 'Fail when the majors of the two greatest entries differ by more than one.',
      ids: ['X-AMC-01', 'L-V03'],
    },
    {
      step: 'Intersect the exact strings. Fail when nothing is common, even where majors are adjacent.',
      ids: ['X-AMC-03', 'L-V02'],
    },
    {
      step: 'Choose the greatest common version, comparing major and minor as integers.',
      ids: ['X-AMC-02', 'X-AMC-04', 'L-V01'],
    },
    { step: 'A preferred version never lowers the outcome.', ids: ['X-AMC-13', 'L-V06'] },
    {
      step: 'Set compatibility_mode when the chosen major is below the greatest major of either list.',
      ids: ['X-AMC-10', 'L-V07'],
    },
  ],
  examples: [
    {
      ours: ['2.0', '1.2', '1.1', '1.0'],
      theirs: ['1.2', '1.1'],
      version: '1.2',
      compatibility_mode: true,
      source: 'V-VER-1',
    },
    {
      ours: ['2.0', '1.2'],
      theirs: ['1.0'],
      version: null,
      compatibility_mode: false,
      source: 'V-VER-2',
    },
    {
      ours: ['3.0', '2.1', '2.0'],
      theirs: ['1.2', '2.0'],
      version: '2.0',
      compatibility_mode: true,
      source: 'V-VER-3',
    },
    {
      ours: ['1.0', '1.1', '2.0'],
      theirs: ['1.0', '1.2', '2.0'],
      version: '2.0',
      compatibility_mode: false,
      source: 'V-VER-4',
    },
    {
      ours: ['1.9', '1.10'],
      theirs: ['1.10', '1.9'],
      version: '1.10',
      compatibility_mode: false,
      source: 'V-VER-5',
    },
    {
      ours: ['3.0', '1.0'],
      theirs: ['1.0'],
      version: null,
      compatibility_mode: false,
      source: 'V-VER-6',
    },
    { ours: ['4.0'], theirs: ['2.0'], version: null, compatibility_mode: false, source: 'V-VER-7' },
    { ours: ['1.0'], theirs: ['2.0'], version: null, compatibility_mode: false, source: 'V-VER-8' },
    {
      ours: ['v2.0', '2', '2.0.1'],
      theirs: ['2.0'],
      version: null,
      compatibility_mode: false,
      source: 'V-VER-9',
    },
  ],
} as const;

/** Protocol versions, ascending. */
export const versionNames = ['1.0', '1.1', '2.0'] as const;

export type ProtocolVersion = (typeof versionNames)[number];

/** What each version is. */
export const versions = [
  {
    version: '1.0',
    title: 'The published documents',
    meaning: 'What the documents lack is produced, and its absence is tolerated.',
  },
  {
    version: '1.1',
    title: 'The hardened protocol',
    meaning: 'All of this profile is required. Aliases and legacy shapes are refused.',
  },
  {
    version: '2.0',
    title: 'The next major',
    meaning: 'Asks the same as 1.1 today. It exists so that the adjacent-major rule has two majors to judge.',
  },
] as const;

/** What each version asks of a feature (L-V12). */
export const features = {
  'in-band-handshake': {
    title: 'Suites, nonces and ephemeral keys in the hello messages',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '4000',
    ids: ['L-H01', 'X-TRN-06', 'X-AMC-17'],
  },
  'transcript-hash': {
    title: 'Transcript hash in the handshake messages of all layers',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '4000 in NORC-C and NORC-F, 5810 in NORC-T',
    ids: ['X-TRN-01', 'X-TRN-08', 'X-AMC-17'],
  },
  'server-proof': {
    title: 'Finished MAC and server signature in version_confirmation',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: 'the client closes',
    ids: ['X-TRN-07', 'L-H04'],
  },
  'suite-enforcement': {
    title: 'The best common suite is chosen, and anything lower aborts',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '4000',
    ids: ['X-CS-02', 'X-AMC-17'],
  },
  'sequence-and-chain': {
    title: 'Sequence number and previous hash on every message but the first of a chain',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: 'silent drop end to end, 5600 on a relay',
    ids: ['X-SEQ-09', 'X-AMC-15', 'X-AMC-17'],
  },
  'aad-v1': {
    title: 'Additional authenticated data of 95 bytes',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: 'silent drop',
    ids: ['X-AAD-01'],
  },
  'sender-signature': {
    title: 'Signature of the sending device inside each sealed payload',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: 'silent drop',
    ids: ['C-E2E-06', 'L-E06'],
  },
  padding: {
    title: 'Ciphertext padded to a bucket',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: 'silent drop',
    ids: ['X-PAD-01', 'X-PAD-02'],
  },
  'relay-additions': {
    title: 'Sender, conversation, type and sequence members of message_relay',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '5600',
    ids: ['L-F01', 'F-RELAY-01'],
  },
  'origin-signature': {
    title: 'Signature of the origin server over the immutable part of a relay',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '4000',
    ids: ['L-F02', 'F-RELAY-07'],
  },
  'signed-federation-answers': {
    title: 'Signatures on handshake, acknowledgment and answer messages of NORC-F',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '4000',
    ids: ['L-F08', 'F-ACK-04'],
  },
  'signed-trust-messages': {
    title: 'Signatures on the trust messages that the documents leave unsigned',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '5802',
    ids: ['L-T08'],
  },
  'bound-domain-proof': {
    title: 'Domain value bound to requester key, challenger and request',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '5805',
    ids: ['L-T04', 'T-CHAL-05'],
  },
  'revocation-chain': {
    title: 'issued_at, revocation_sequence and prev_revocation_hash on trust_revoke',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '5801',
    ids: ['L-R09', 'L-R12', 'T-REV-13'],
  },
  'sealed-file-metadata': {
    title: 'File names, types and true sizes only inside manifests',
    at: { '1.0': 'tolerated', '1.1': 'required', '2.0': 'required' },
    violation: '2002',
    ids: ['L-C15', 'X-META-05'],
  },
  'message-aliases': {
    title: 'The master\'s names of messages (federation_hello, delivery_ack, session_key_exchange)',
    at: { '1.0': 'tolerated', '1.1': 'refused', '2.0': 'refused' },
    violation: 'ignored as an unknown type',
    ids: ['L-W03', 'X-ERR-06'],
  },
  'legacy-revocation': {
    title: 'The master\'s server-level form of trust_revoke',
    at: { '1.0': 'tolerated', '1.1': 'refused', '2.0': 'refused' },
    violation: '5801',
    ids: ['L-R01'],
  },
} as const;

export type Feature = keyof typeof features;
