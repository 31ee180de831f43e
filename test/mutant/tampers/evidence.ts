/** Servers that weigh evidence, or remember it, in a wrong way of their own (NORC-T). */
import type { Must } from '../../../reference/assert.ts';
import type { Input } from '../../../reference/core.ts';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { person } from '../../conformance/cases/trust/government.ts';
import type { Mutant } from '../mutant.ts';
import { omits, signs } from './bending.ts';

const { trust, federation } = errorCode;

/** Every decision says another score than the one it was made on. */
const scoring = (change: (score: number) => number) =>
  signs('trust_decision', ({ trust_metadata }) => {
    const metadata = trust_metadata as JsonObject;
    return { trust_metadata: { ...metadata, trust_score: change(Number(metadata.trust_score)) } };
  });

/** Errors of one code are sent under another. */
const miscalling = (from: number, to: number) =>
  signs('federation_error', ({ error_code: code }) => (code === from ? { error_code: to } : {}));

/** What has held once holds for ever. */
function remembered(must: Must, ids: readonly RequirementId[]): Must {
  const known = new Set<RequirementId>();
  return <T>(id: RequirementId, value: T): value is never => {
    const holds = must(id, value);
    if (holds && ids.includes(id)) known.add(id);
    return holds || known.has(id);
  };
}

export const evidenceTampers: readonly Mutant[] = [
  {
    name: 'sums-weights-in-floats',
    title: 'a full score is the sum of six fractions, 0.9999999999999999, cut to a tenth',
    breaks: ['T-SCORE-02'],
    change: scoring((score) => (score === 100 ? 99.9 : score)),
  },
  {
    name: 'scores-everybody-alike',
    title: 'the score of a decision is 55.0 whatever was shown',
    breaks: ['T-SCORE-01', 'T-REC-05'],
    change: scoring(() => 55),
  },
  {
    name: 'keeps-domain-proofs-fresh',
    title:
      'a run that waits for an operator never ends, and is granted on the score it had at first',
    breaks: ['T-SCORE-05'],
    off: ['T-SCORE-04'],
    change: () => {
      let first: number | null = null;
      const scored = scoring((score) => {
        first ??= score;
        return first;
      })();
      const timeless = omits(({ type, ...effect }) => {
        return type === 'set-timer' && 'timer' in effect && isOfRun(effect.timer);
      })();
      return { ...scored, ...timeless };
    },
  },
  {
    name: 'looks-at-revocation-first',
    title: 'a certificate that is invalid in any way is called revoked',
    breaks: ['T-CERT-09'],
    change: miscalling(trust.certificate, federation.trustRevoked),
  },
  {
    name: 'looks-at-expiry-only',
    title: 'a certificate that is revoked is called invalid',
    breaks: ['T-CERT-09', 'T-CERT-07'],
    change: miscalling(federation.trustRevoked, trust.certificate),
  },
  {
    name: 'judges-chains-once',
    title: 'a chain that was sound once is sound for ever',
    breaks: ['T-CERT-12'],
    change: () => ({
      environment: ({ must }) => ({ must: remembered(must, ['T-REQ-07', 'T-RESP-05']) }),
    }),
  },
  {
    name: 'lends-certificates-to-who-has-none',
    title: 'a link without a certificate is taken for one of the last server that showed one',
    breaks: ['T-CERT-16'],
    change: () => {
      let last: readonly string[] = [];
      return { node: (node) => ({ handle: (input, now) => node.handle(lent(input), now) }) };
      function lent(input: Input): Input {
        if (input.type !== 'link-accepted') return input;
        if (input.peer.certificates.length > 0) last = input.peer.certificates;
        return { ...input, peer: { ...input.peer, certificates: last } };
      }
    },
  },
  {
    name: 'names-a-person-of-its-records',
    title: 'gov_pki_trust_request names a person as its facility clearance',
    breaks: ['T-GOV-05'],
    change: signs('gov_pki_trust_request', { facility_security_clearance: person.personId }),
  },
];

const isOfRun = (timer: string): boolean => timer.startsWith('trust/responder/');
