/** Certificate transparency (T-RESP-06; RFC 6962; the form of ct_log_proofs is of choices.md). */
import { encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { CertificateOptions, Peer } from '../../actors/peer.ts';
import { proofOf } from '../../authority/log.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { freshLink, upTo } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';
import { checkPassed, nowMsOf, verified } from './steps/verified.ts';

const { trust: code } = errorCode;
const HOUR_MS = 3_600_000;

type Proofs = (stage: Stage, peer: Peer) => Promise<Uint8Array> | Uint8Array;

const leafOf = ({ chain }: Peer): string => chain[0] ?? '';

/** The promise of our log about this certificate, as an entry of ct_log_proofs. */
function promised(stage: Stage, der: string, offMs = -HOUR_MS): Uint8Array {
  const entry = stage.evidence.entryOf(der);
  return proofOf(0, entry, stage.evidence.log.timestamp(entry, nowMsOf(stage) + offMs));
}

function included(stage: Stage, der: string): Uint8Array {
  const place = { atMs: nowMsOf(stage) - HOUR_MS, index: 5, size: 11 };
  return stage.evidence.log.inclusion(stage.evidence.entryOf(der), place);
}

function spoilt(bytes: Uint8Array, fromEnd: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const at = changed.length - fromEnd;
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

const inLeaf: readonly [string, string, NonNullable<CertificateOptions['timestamps']>][] = [
  [
    'a-leaf-that-no-log-knows-is-refused',
    'At verified, a leaf for which no log has promised anything is refused with 5806',
    'none',
  ],
  [
    'a-forged-promise-is-refused',
    'A timestamp in the leaf with one wrong bit in its signature is refused with 5806',
    'forged',
  ],
  [
    'the-promise-of-an-unknown-log-is-refused',
    'A timestamp in the leaf by a log that nobody knows is refused with 5806',
    'unknown-log',
  ],
];

const shown: readonly [string, string, Proofs][] = [
  [
    'the-promise-of-another-leaf-is-refused',
    'A proof about the leaf of another server is refused with 5806',
    async (stage) => promised(stage, leafOf(await stage.peer())),
  ],
  [
    'a-promise-of-the-future-is-refused',
    'A proof whose timestamp is still to come is refused with 5806',
    (stage, peer) => promised(stage, leafOf(peer), HOUR_MS),
  ],
  [
    'a-proof-cut-short-is-refused',
    'A proof that ends too early is refused with 5806',
    (stage, peer) => promised(stage, leafOf(peer)).slice(0, -1),
  ],
  [
    'a-forged-proof-is-refused',
    'A proof with one wrong bit in the signature of the log is refused with 5806',
    (stage, peer) => spoilt(promised(stage, leafOf(peer)), 1),
  ],
  [
    'a-path-to-another-root-is-refused',
    'An inclusion proof with one wrong bit in its path is refused with 5806',
    (stage, peer) => spoilt(included(stage, leafOf(peer)), 1),
  ],
];

const bare = { certificate: { timestamps: 'none' } } as const;
const common = { verifies: 'T-RESP-06', step: 'respond', codes: [code.chain] } as const;

const faults: readonly RunFault[] = [
  ...inLeaf.map(([id, title, timestamps]) => ({
    ...{ id, title, ...common, peer: { certificate: { timestamps } } },
    options: (stage: Stage) => verified(stage),
  })),
  ...shown.map(([id, title, proof]) => ({
    ...{ id, title, ...common, peer: bare },
    options: async (stage: Stage, peer: Peer) =>
      verified(stage, { ct_log_proofs: [encodeBase64url(await proof(stage, peer))] }),
  })),
];

const right: readonly { id: string; title: string; certificate?: object; proof?: Proofs }[] = [
  {
    id: 'a-promise-in-the-leaf-is-taken',
    title: 'A timestamp of a known log in the leaf is enough',
  },
  {
    id: 'a-promise-that-is-shown-is-taken',
    title: 'A timestamp of a known log beside a leaf without one is enough',
    ...bare,
    proof: (stage, peer) => promised(stage, leafOf(peer)),
  },
  {
    id: 'an-inclusion-that-is-shown-is-taken',
    title: 'An inclusion proof under a signed tree head of a known log is enough',
    ...bare,
    proof: (stage, peer) => included(stage, leafOf(peer)),
  },
];

const taken = right.map(({ id, title, certificate, proof }) =>
  defineCase({
    id: `trust/transparency/${id}`,
    title,
    verifies: ['T-RESP-06'],
    accepts: ['T-RESP-06'],
    async run(stage) {
      const peer = await stage.peer({ ...(certificate && { certificate }) });
      const proofs = proof ? [encodeBase64url(await proof(stage, peer))] : [];
      const run = peer.trustRun(await freshLink(peer), verified(stage, { ct_log_proofs: proofs }));
      checkPassed(stage, 'T-RESP-06', await upTo(run, 'respond'), title);
    },
  }),
);

export const cases: readonly Case[] = [...refusedRuns('transparency', faults), ...taken];
