/** Wrong ways of the server in making and ending trust (NORC-T). */
import { ed25519 } from '@noble/curves/ed25519.js';
import type { JsonObject, SigningKey } from '../../../reference/crypto/crypto.ts';
import { bytesOf, encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { Change, Mutant } from '../mutant.ts';
import {
  noSignature,
  omits,
  otherUuid,
  sends,
  signs,
  withCrypto,
  withholds,
  zeros,
} from './bending.ts';
import { textIn } from './hearing.ts';

/** The seed, as the providers of the reference keep it. */
const secretOf = ({ secret }: SigningKey): Uint8Array => secret as Uint8Array;

type Task = JsonObject & { readonly type: string };

/** Tasks of the challenge of one type, changed. */
function tasks(type: string, change: JsonObject) {
  return signs('trust_challenge', ({ challenges }) => ({
    challenges: (challenges as unknown as Task[]).map((task) =>
      task.type === type ? { ...task, ...change } : task,
    ),
  }));
}

const ORDER = ed25519.Point.Fn.ORDER;

/** What a verifier makes of S that looks at its value modulo the order alone. */
function reduced(signature: string): string {
  const bytes = bytesOf(signature);
  if (bytes.length !== 64) return signature;
  const s = bytes.subarray(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) % ORDER;
  const low = Uint8Array.from({ length: 32 }, (_, at) => Number((s >> BigInt(8 * at)) & 0xffn));
  return encodeBase64url(Uint8Array.from([...bytes.subarray(0, 32), ...low]));
}

const metadata = (change: (metadata: JsonObject) => JsonObject) =>
  signs('trust_decision', ({ trust_metadata }) => ({
    trust_metadata: change(trust_metadata as JsonObject),
  }));

const withoutFingerprint = ({ extensions }: JsonObject) => ({
  extensions: (extensions as JsonObject[]).filter(({ id }) => id !== 'pq_fingerprint'),
});

/** One word of an operator is taken for all who have asked. */
function approvesEverybody(): Change {
  const asked = new Set<string>();
  return {
    node: (node) => ({
      handle(input, now) {
        if (input.type === 'request-received') asked.add(textIn(input.body, 'requesting_server'));
        const effects = node.handle(input, now);
        if (input.type !== 'command-given') return effects;
        const { command } = input;
        if (command.command !== 'approve-trust') return effects;
        const others = [...asked].filter((server) => server !== command.server);
        const more = others.flatMap((server) => {
          return node.handle({ ...input, command: { ...command, server } }, now);
        });
        return [...effects, ...more];
      },
    }),
  };
}

const year = 31_536_000;
const foreignCertificate = {
  issuer_server: 'other.example',
  subject_server: 'other.example',
  public_key: zeros,
};

const opening: readonly Mutant[] = [
  {
    name: 'approves-everybody',
    title: 'what an operator says of one server counts for all that wait',
    breaks: ['T-CAP-07'],
    change: approvesEverybody,
  },
  {
    name: 'states-no-fingerprint',
    title: 'no trust certificate states the post-quantum key of its link',
    breaks: ['X-PQ-06'],
    change: signs('norc_trust_certificate', withoutFingerprint),
  },
  {
    name: 'introduces-itself-as-another',
    title: 'trust_capabilities name another server',
    breaks: ['T-CAP-02'],
    change: signs('trust_capabilities', { server_id: 'other.example' }),
  },
  {
    name: 'offers-nothing',
    title: 'trust_capabilities offer no method and no level',
    breaks: ['T-CAP-01', 'T-CAP-09'],
    change: signs('trust_capabilities', { supported_methods: [], supported_trust_levels: [] }),
  },
  {
    name: 'asks-by-another-method',
    title: 'trust_request names the method direct_exchange whatever policy says',
    breaks: ['T-CAP-03'],
    change: signs('trust_request', { trust_method: 'direct_exchange' }),
  },
  {
    name: 'asks-unsigned',
    title: 'trust_request carries a signature of zeros',
    breaks: ['T-REQ-02'],
    change: sends('trust_request', () => ({ signature: noSignature })),
  },
  {
    name: 'asks-for-another',
    title: 'trust_request names another target',
    breaks: ['T-REQ-04'],
    change: signs('trust_request', { target_server: 'other.example' }),
  },
  {
    name: 'asks-with-another-key',
    title: 'trust_request shows another key than that of the link',
    breaks: ['T-REQ-03'],
    change: signs('trust_request', { server_public_key: zeros }),
  },
  {
    name: 'asks-with-yesterdays-date',
    title: 'trust_request is a day old',
    breaks: ['T-REQ-06'],
    change: signs('trust_request', ({ timestamp }) => ({ timestamp: Number(timestamp) - 86_400 })),
  },
  {
    name: 'asks-without-a-chain',
    title: 'trust_request shows no certificate chain',
    breaks: ['T-REQ-07'],
    change: signs('trust_request', { certificate_chain: [] }),
  },
  {
    name: 'asks-for-untrusted',
    title: 'trust_request asks for the level untrusted',
    breaks: ['T-LVL-02'],
    change: signs('trust_request', { requested_trust_level: 'untrusted' }),
  },
  {
    name: 'asks-without-a-domain-proof',
    title: 'the domain proof of trust_request has expired',
    breaks: ['T-REQ-01'],
    change: signs('trust_request', ({ domain_proof }) => ({
      domain_proof: { ...(domain_proof as JsonObject), expires_at: 1 },
    })),
  },
  {
    name: 'asks-in-another-place',
    title: 'messages of an establishment carry the transcript of another',
    breaks: ['T-TRN-01', 'X-TRN-08'],
    change: signs('trust_request', { transcript_hash: zeros }),
  },
];

const challenging: readonly Mutant[] = [
  {
    name: 'challenges-another',
    title: 'trust_challenge names another target',
    breaks: ['T-CHAL-01'],
    change: signs('trust_challenge', { target_server: 'other.example' }),
  },
  {
    name: 'reuses-trust-challenges',
    title: 'every trust challenge has the same id',
    breaks: ['T-CHAL-01', 'T-REQ-05'],
    change: signs('trust_challenge', { challenge_id: otherUuid }),
  },
  {
    name: 'challenges-anew-each-time',
    title: 'a repeated request gets a challenge of another id',
    breaks: ['T-REQ-05'],
    change: () => {
      let count = 0;
      return sends('trust_challenge', () => {
        count += 1;
        return count > 1 ? { challenge_id: otherUuid } : {};
      })();
    },
  },
  {
    name: 'challenges-by-another-method',
    title: 'trust_challenge names another method than was asked for',
    breaks: ['T-CHAL-11'],
    change: signs('trust_challenge', { validation_method: 'manual_verification' }),
  },
  {
    name: 'asks-for-nothing',
    title: 'trust_challenge holds no element',
    breaks: ['T-CHAL-03'],
    change: signs('trust_challenge', { challenges: [] }),
  },
  {
    name: 'asks-about-another-chain',
    title: 'the task certificate_validation is about no chain, of any age',
    breaks: ['T-CHAL-03', 'T-CHAL-08'],
    change: tasks('certificate_validation', {
      certificate_chain: [],
      validation_requirements: {
        check_revocation: true,
        require_ct_logs: false,
        max_age_days: 900,
      },
    }),
  },
  {
    name: 'asks-about-leaves-of-any-age',
    title: 'the task certificate_validation allows 900 days',
    breaks: ['T-CHAL-08'],
    change: tasks('certificate_validation', {
      validation_requirements: {
        check_revocation: true,
        require_ct_logs: false,
        max_age_days: 900,
      },
    }),
  },
  {
    name: 'asks-for-another-domain',
    title: 'the domain task is about another domain',
    breaks: ['T-CHAL-04'],
    change: tasks('domain_ownership', {
      domain: 'other.example',
      txt_record_name: '_norc-trust-challenge.other.example',
    }),
  },
  {
    name: 'asks-for-a-value-of-its-own',
    title: 'the value of the domain task commits to nothing',
    breaks: ['T-CHAL-05', 'T-CHAL-02'],
    change: tasks('domain_ownership', { expected_value: `norc-trust-${zeros}` }),
  },
  {
    name: 'asks-for-the-same-bytes-each-time',
    title: 'challenge_data and nonces are always the same',
    breaks: ['T-CHAL-02'],
    change: tasks('cryptographic_proof', { challenge_data: 'A'.repeat(86) }),
  },
  {
    name: 'asks-for-rsa',
    title: 'the key proof is asked for in RSA',
    breaks: ['T-CHAL-10'],
    change: tasks('cryptographic_proof', { required_signature_algorithm: 'rsa_pss' }),
  },
  {
    name: 'gives-no-time',
    title: 'the deadline of a challenge has passed when it comes',
    breaks: ['T-CHAL-06'],
    change: signs('trust_challenge', { deadline: 1 }),
  },
  {
    name: 'gives-two-years',
    title: 'the deadline of a challenge is in two years',
    breaks: ['T-CHAL-06'],
    change: signs('trust_challenge', ({ deadline }) => ({ deadline: Number(deadline) + 2 * year })),
  },
  {
    name: 'publishes-nothing',
    title: 'the value that a challenge asks for never stands in the DNS',
    breaks: ['T-CHAL-04'],
    change: omits(({ type }) => type === 'publish-txt'),
  },
  {
    name: 'leaves-its-values-behind',
    title: 'the value that a challenge asked for stands in the DNS for ever',
    breaks: ['T-CHAL-04'],
    change: omits(({ type }) => type === 'withdraw-txt'),
  },
  {
    name: 'answers-half-of-it',
    title: 'trust_response leaves out a task',
    breaks: ['T-RESP-01'],
    change: signs('trust_response', ({ challenge_responses }) => ({
      challenge_responses: (challenge_responses as JsonObject[]).slice(1),
    })),
  },
  {
    name: 'takes-every-form-of-a-signature',
    title: 'a signature counts whose S is right modulo the order of the group',
    breaks: ['X-SIG-03'],
    change: withCrypto((crypto) => ({
      verify: (key, value, signature) => crypto.verify(key, value, reduced(signature)),
    })),
  },
  {
    name: 'signs-bare-bytes',
    title: 'the proof in trust_response is a signature over the bytes of the peer alone',
    breaks: ['X-SIG-05'],
    change: withCrypto((crypto) => ({
      sign: (key, value) =>
        value.type === 'trust_proof'
          ? encodeBase64url(ed25519.sign(bytesOf(String(value.challenge_data)), secretOf(key)))
          : crypto.sign(key, value),
    })),
  },
  {
    name: 'proves-its-key-for-nobody',
    title: 'the key proof covers another challenger',
    breaks: ['T-RESP-02'],
    change: signs('trust_proof', { challenging_server: 'other.example' }),
  },
  {
    name: 'shows-no-revocation',
    title: 'trust_response shows no answer of OCSP, whatever the challenge asks for',
    breaks: ['T-CHAL-08'],
    change: signs('trust_response', ({ challenge_responses }) => ({
      challenge_responses: (challenge_responses as unknown as Task[]).map((part) =>
        part.type === 'certificate_validation' ? { ...part, ocsp_responses: [] } : part,
      ),
    })),
  },
  {
    name: 'responds-unsigned',
    title: 'trust_response carries a signature of zeros',
    breaks: ['T-RESP-09'],
    change: sends('trust_response', () => ({ signature: noSignature })),
  },
];

const deciding: readonly Mutant[] = [
  {
    name: 'decides-unsigned',
    title: 'trust_decision carries a signature of zeros',
    breaks: ['T-DEC-03'],
    change: sends('trust_decision', () => ({ decision_signature: noSignature })),
  },
  {
    name: 'grants-more-than-asked',
    title: 'trust_decision grants the level nato',
    breaks: ['T-DEC-02', 'T-SCORE-07', 'T-DEC-11'],
    change: signs('trust_decision', { granted_trust_level: 'nato' }),
  },
  {
    name: 'permits-in-the-map-alone',
    title: 'the map of trust_decision permits what the certificate does not',
    breaks: ['T-DEC-05'],
    change: signs('trust_decision', ({ federation_permissions }) => ({
      federation_permissions: { ...(federation_permissions as JsonObject), archive_sync: true },
    })),
  },
  {
    name: 'gives-a-bundle-with-every-rejection',
    title: 'a rejection has permissions, and more than the level has',
    breaks: ['T-DEC-01', 'T-DEC-05'],
    change: signs('trust_decision', ({ federation_permissions }) => ({
      federation_permissions: { ...(federation_permissions as JsonObject), message_relay: true },
      certificate_bundle: ['AAAA', 'AAAA'],
    })),
  },
  {
    name: 'bundles-no-authority',
    title: 'the bundle of trust_decision lacks the CA',
    breaks: ['T-DEC-09'],
    change: signs('trust_decision', ({ certificate_bundle }) => ({
      certificate_bundle: (certificate_bundle as string[]).slice(0, 1),
    })),
  },
  {
    name: 'dates-the-decision-otherwise',
    title: 'trust_metadata says another end than the certificate',
    breaks: ['T-DEC-11'],
    change: metadata((known) => ({ ...known, expires_at: Number(known.expires_at) + 60 })),
  },
  {
    name: 'tells-of-no-evidence',
    title: 'validation_evidence is empty',
    breaks: ['T-DEC-07'],
    change: metadata((known) => ({ ...known, validation_evidence: [] })),
  },
  {
    name: 'scores-everybody-above-all',
    title: 'trust_score is 100 whatever was seen',
    breaks: ['T-SCORE-01', 'T-SCORE-03', 'T-REQ-09', 'T-PIPE-02'],
    change: metadata((known) => ({ ...known, trust_score: 100 })),
  },
  {
    name: 'scores-in-fractions',
    title: 'trust_score has two decimals',
    breaks: ['T-SCORE-06'],
    change: metadata((known) => ({ ...known, trust_score: 61.25 })),
  },
  {
    name: 'scores-below-its-own-threshold',
    title: 'trust_score is 1 beside an acceptance',
    breaks: ['T-SCORE-04'],
    change: metadata((known) => ({ ...known, trust_score: 1 })),
  },
  {
    name: 'counts-expired-attestations',
    title: 'trust_score grows with every attestation, expired or not',
    breaks: ['T-REQ-09'],
    change: () => {
      let count = 0;
      return metadata((known) => {
        count += 1;
        return { ...known, trust_score: 50 + count };
      })();
    },
  },
];

const certifying: readonly Mutant[] = [
  {
    name: 'issues-certificates-of-version-2',
    title: 'certificates have version 2',
    breaks: ['T-CERT-01'],
    change: signs('norc_trust_certificate', { version: 2 }),
  },
  {
    name: 'issues-certificates-by-another-algorithm',
    title: 'certificates name another signature algorithm',
    breaks: ['T-CERT-02'],
    change: signs('norc_trust_certificate', { signature_algorithm: 'rsa_pss' }),
  },
  {
    name: 'issues-expired-certificates',
    title: 'certificates have expired when they are issued',
    breaks: ['T-CERT-03', 'T-ACK-04'],
    change: signs('norc_trust_certificate', ({ not_before }) => ({
      not_before: Number(not_before) - 7200,
      not_after: Number(not_before) - 3600,
    })),
  },
  {
    name: 'issues-certificates-to-another',
    title: 'certificates name another subject and key',
    breaks: ['T-CERT-04', 'T-ACK-05'],
    change: signs('norc_trust_certificate', foreignCertificate),
  },
  {
    name: 'issues-certificates-for-everything',
    title: 'certificates permit more than their level may',
    breaks: ['T-CERT-05', 'T-DEC-05'],
    change: signs('norc_trust_certificate', ({ permissions }) => ({
      permissions: [...(permissions as string[]), 'archive_sync', 'media_relay'],
    })),
  },
  {
    name: 'issues-certificates-for-two-years',
    title: 'certificates are valid for two years',
    breaks: ['T-DEC-04'],
    change: signs('norc_trust_certificate', ({ not_before }) => ({
      not_after: Number(not_before) + 2 * year,
    })),
  },
  {
    name: 'reuses-certificate-ids',
    title: 'every certificate has the same id',
    breaks: ['T-CERT-13'],
    change: signs('norc_trust_certificate', { certificate_id: otherUuid }),
  },
  {
    name: 'acknowledges-decisions-unsigned',
    title: 'trust_acknowledgment carries a signature of zeros',
    breaks: ['T-ACK-01'],
    change: sends('trust_acknowledgment', () => ({ acknowledgment_signature: noSignature })),
  },
  {
    name: 'renews-after-the-end',
    title: 'the dates of trust_acknowledgment are outside of the certificate',
    breaks: ['T-ACK-04'],
    change: signs('trust_acknowledgment', ({ next_renewal_date }) => ({
      next_renewal_date: Number(next_renewal_date) + 2 * year,
    })),
  },
  {
    name: 'never-closes-a-run',
    title: 'trust_acknowledgment is kept back',
    breaks: ['T-ACK-01', 'T-ACK-02', 'T-DEC-06', 'T-REQ-10'],
    change: withholds('trust_acknowledgment'),
  },
];

const revoking: readonly Mutant[] = [
  {
    name: 'never-acknowledges-revocations',
    title: 'revocation_acknowledgment is swallowed',
    breaks: ['T-REV-09', 'T-REV-12', 'T-REV-14'],
    change: withholds('revocation_acknowledgment'),
  },
  {
    name: 'acknowledges-revocations-for-another',
    title: 'revocation_acknowledgment names another server',
    breaks: ['T-REV-09'],
    change: signs('revocation_acknowledgment', { acknowledging_server: 'other.example' }),
  },
  {
    name: 'revokes-unsigned',
    title: 'trust_revoke carries a signature of zeros',
    breaks: ['T-REV-01'],
    change: sends('trust_revoke', () => ({ revocation_signature: noSignature })),
  },
  {
    name: 'revokes-another-certificate',
    title: 'trust_revoke names a certificate that nobody has',
    breaks: ['T-REV-14'],
    change: signs('trust_revoke', { trust_certificate_id: otherUuid }),
  },
  {
    name: 'keeps-revocations-to-itself',
    title: 'trust_revoke is kept back',
    breaks: ['T-REV-13', 'T-REV-14', 'T-REV-15'],
    change: withholds('trust_revoke'),
  },
];

const entryOf = ({ certificate_id, not_before }: JsonObject): JsonObject => ({
  certificate_id: certificate_id ?? '',
  revocation_date: not_before ?? 0,
  revocation_reason: 'unspecified',
  extensions: [],
});

const listing: readonly Mutant[] = [
  {
    name: 'lists-unsigned',
    title: 'norc_crl carries a signature of zeros',
    breaks: ['T-CRL-01'],
    change: sends('norc_crl', () => ({ signature: noSignature })),
  },
  {
    name: 'lists-for-too-long',
    title: 'norc_crl promises the next one in two days',
    breaks: ['T-CRL-04'],
    change: signs('norc_crl', ({ this_update }) => ({
      next_update: Number(this_update) + 2 * 86_400,
    })),
  },
  {
    name: 'lists-under-one-number',
    title: 'every norc_crl has the same number',
    breaks: ['T-CRL-02'],
    change: signs('norc_crl', { crl_number: 7 }),
  },
  {
    name: 'lists-nothing',
    title: 'norc_crl has no entry',
    breaks: ['T-CRL-03', 'T-REV-17'],
    change: signs('norc_crl', { revoked_certificates: [] }),
  },
  {
    name: 'lists-one-reason',
    title: 'every entry of norc_crl is unspecified',
    breaks: ['T-REV-17'],
    change: signs('norc_crl', ({ revoked_certificates: entries }) => ({
      revoked_certificates: (entries as JsonObject[]).map((entry) => ({
        ...entry,
        revocation_reason: 'unspecified',
      })),
    })),
  },
  {
    name: 'lists-every-certificate',
    title: 'norc_crl has an entry of every certificate that was ever issued',
    breaks: ['T-REV-18'],
    change: withCrypto((crypto) => {
      const issued: JsonObject[] = [];
      return {
        sign(key, value) {
          if (value.type === 'norc_trust_certificate') issued.push(entryOf(value));
          if (value.type === 'norc_crl') Object.assign(value, { revoked_certificates: issued });
          return crypto.sign(key, value);
        },
      };
    }),
  },
  {
    name: 'shows-nobody-a-list',
    title: 'norc_crl of another server is kept back',
    breaks: ['T-CRL-02'],
    change: omits((effect) => effect.type === 'request' && effect.message.type === 'norc_crl'),
  },
  {
    name: 'never-fetches-lists',
    title: 'no revocation list is fetched',
    breaks: ['T-REV-13', 'T-REV-15', 'T-CERT-07'],
    change: omits((effect) => effect.type === 'get'),
  },
  {
    name: 'objects-to-nothing',
    title: 'every revocation_acknowledgment says accepted',
    breaks: ['T-REV-10'],
    change: signs('revocation_acknowledgment', {
      acknowledgment_status: 'accepted',
      appeal_filed: false,
    }),
  },
];

export const trustTampers: readonly Mutant[] = [
  ...opening,
  ...challenging,
  ...deciding,
  ...certifying,
  ...revoking,
  ...listing,
];
