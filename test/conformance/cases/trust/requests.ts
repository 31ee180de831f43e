/** A request of a server of ours with one fault each (T-REQ, T-LVL; T 3.2, 2.3 responder rows 2, 3). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { TrustRequest } from '../../../../spec/messages/trust/trust-request.ts';
import type { Case } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { chainFor, leaveOut, misplaced, set } from './steps/changes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const { trust: code } = errorCode;
const hardened = ['1.1', '2.0'] as const;
const step = 'request';
const dayMs = 86_400_000;

type Request = Bend<TrustRequest>;

const dated = (offSeconds: number): Request => {
  return (request) => ({ ...request, timestamp: request.timestamp + offSeconds });
};

const requiring = (member: string): Request => {
  return (request) => ({
    ...request,
    trust_requirements: { ...request.trust_requirements, [member]: true },
  });
};

const proving = (change: object): Request => {
  return (request) => ({ ...request, domain_proof: { ...request.domain_proof, ...change } });
};

const names: readonly RunFault[] = [
  {
    id: 'in-a-foreign-name-is-refused',
    title: 'A request in the name of another server than TLS shows is refused',
    verifies: 'T-REQ-04',
    step,
    // Without a chain, so that nothing else tells whose name it is.
    options: (stage) => ({
      request: set({ requesting_server: stage.domain('other'), certificate_chain: [] }),
    }),
  },
  {
    id: 'for-another-server-is-refused',
    title: 'A request whose target is another server is refused',
    verifies: 'T-REQ-04',
    step,
    options: (stage) => ({ request: set({ target_server: stage.domain('other') }) }),
  },
  {
    id: 'changed-after-signing-is-refused',
    title: 'A request that was changed after signing is refused with 5802',
    verifies: 'T-REQ-02',
    step,
    codes: [code.badSignature],
    options: () => ({
      request: (request) => ({
        ...request,
        organization_info: { ...request.organization_info, name: 'Another' },
      }),
      resign: false,
    }),
  },
  {
    id: 'of-another-transcript-is-refused',
    title: 'A request that belongs to other capabilities is refused with 5810',
    verifies: 'T-TRN-01',
    step,
    codes: [code.transcript],
    readings: ['L-H03'],
    options: () => ({ request: misplaced }),
  },
  {
    id: 'without-transcript-is-refused',
    title: 'From 1.1 on a request without transcript hash is refused',
    verifies: 'X-AMC-17',
    step,
    codes: [code.transcript, code.malformed],
    readings: ['L-V12', 'L-H03'],
    at: hardened,
    options: () => ({ request: leaveOut('transcript_hash') }),
  },
  {
    id: 'a-minute-and-more-behind-is-refused',
    title: 'A request dated more than 60 s ago is refused',
    verifies: 'T-REQ-06',
    step,
    options: () => ({ request: dated(-61) }),
  },
  {
    id: 'a-minute-and-more-ahead-is-refused',
    title: 'A request dated more than 60 s ahead is refused',
    verifies: 'T-REQ-06',
    step,
    options: () => ({ request: dated(63) }),
  },
];

const wishes: readonly RunFault[] = [
  {
    id: 'for-untrusted-is-refused',
    title: 'The level untrusted cannot be asked for: 5808',
    verifies: 'T-LVL-02',
    step,
    codes: [code.level],
    orRejected: true,
    options: () => ({ level: 'untrusted' }),
  },
  {
    id: 'for-an-unknown-level-is-refused',
    title: 'A level that no table knows is refused, and none is put in its place',
    verifies: 'T-LVL-07',
    step,
    codes: [code.malformed, code.level],
    readings: ['L-T21'],
    options: () => ({ request: set({ requested_trust_level: 'strong' }) }),
  },
  {
    id: 'by-an-unknown-method-is-refused',
    title: 'A method that no table knows is refused, and none is put in its place',
    verifies: 'T-LVL-07',
    step,
    codes: [code.malformed, code.method],
    options: () => ({ request: set({ trust_method: 'carrier_pigeon' }) }),
  },
  {
    id: 'beyond-the-reach-of-its-method-is-refused',
    title: 'A level above what the method can yield is refused with 5808',
    verifies: 'T-LVL-05',
    step,
    codes: [code.level],
    orRejected: true,
    readings: ['L-T19'],
    options: () => ({ level: 'verified', method: 'direct_exchange' }),
  },
  {
    id: 'with-an-expired-domain-proof-is-refused',
    title: 'A request whose own domain proof has expired is refused with 5805',
    verifies: 'T-REQ-08',
    step,
    codes: [code.domainProof],
    readings: ['L-T03'],
    options: () => ({
      request: (request) => proving({ expires_at: request.timestamp - 1 })(request),
    }),
  },
  {
    id: 'with-another-domain-proof-method-is-refused',
    title: 'A domain proof by another method than dns_txt is refused',
    verifies: 'T-REQ-08',
    step,
    codes: [code.domainProof, code.malformed],
    readings: ['L-T03'],
    options: () => ({ request: proving({ method: 'http' }) }),
  },
  {
    id: 'that-requires-a-witness-is-rejected',
    title: 'A request that requires a witness, which nobody provides, is not granted',
    verifies: 'T-REQ-10',
    step,
    orRejected: true,
    options: () => ({ request: requiring('witness_required') }),
  },
  {
    id: 'that-requires-a-background-check-is-rejected',
    title: 'A request that requires a background check, which nobody makes, is not granted',
    verifies: 'T-REQ-10',
    step,
    orRejected: true,
    options: () => ({ request: requiring('background_check') }),
  },
];

type Chain = readonly string[];

/** A request with another chain than the peer's own. */
function withChain(
  chainOf: (stage: Stage, own: Chain, serverId: string) => Promise<Chain> | Chain,
) {
  const options: RunFault['options'] = async (stage, { chain, serverId }) => {
    const shown = await chainOf(stage, chain, serverId);
    return { request: set({ certificate_chain: [...shown] }) };
  };
  return { step, codes: [code.chain], orRejected: true, options } as const;
}

const chains: readonly RunFault[] = [
  {
    id: 'with-a-reversed-chain-is-refused',
    title: 'A chain that does not begin with the leaf is refused with 5806',
    verifies: 'T-REQ-07',
    ...withChain((_, own) => [...own].reverse()),
  },
  {
    id: 'with-a-gap-in-the-chain-is-refused',
    title: 'A chain in which a link is missing is refused with 5806',
    verifies: 'T-REQ-07',
    ...withChain((_, own) => [own[0] ?? '', own.at(-1) ?? '']),
  },
  {
    id: 'with-an-unknown-root-is-refused',
    title: 'A chain to a root that nobody accepts is refused with 5806',
    verifies: 'T-REQ-07',
    ...withChain((stage, _, serverId) => chainFor(stage, serverId, { unknownRoot: true })),
  },
  {
    id: 'with-a-self-signed-leaf-is-refused',
    title: 'A leaf that has signed itself is refused with 5806',
    verifies: 'T-REQ-07',
    ...withChain((stage, _, serverId) => chainFor(stage, serverId, { selfSigned: true })),
  },
  {
    id: 'with-an-expired-leaf-is-refused',
    title: 'A chain whose leaf has expired is refused with 5806',
    verifies: 'T-REQ-07',
    ...withChain((stage, _, serverId) => {
      const now = stage.now() / 1000;
      const options = { notBeforeMs: now - 2 * dayMs, notAfterMs: now - dayMs };
      return chainFor(stage, serverId, options);
    }),
  },
  {
    id: 'with-a-leaf-of-tomorrow-is-refused',
    title: 'A chain whose leaf is not valid yet is refused with 5806',
    verifies: 'T-REQ-07',
    ...withChain((stage, _, serverId) =>
      chainFor(stage, serverId, { notBeforeMs: stage.now() / 1000 + dayMs }),
    ),
  },
  {
    id: 'with-no-certificate-in-the-chain-is-refused',
    title: 'A chain of bytes that are no certificate is refused with 5806',
    verifies: 'T-REQ-07',
    ...withChain((stage) => [stage.crypto.hash({ type: 'nonsense' })]),
  },
  {
    id: 'with-a-key-that-nothing-binds-is-refused',
    title: 'By ca_validation, a key that the leaf neither holds nor signs for is refused with 5806',
    verifies: 'T-REQ-03',
    readings: ['L-T06'],
    step,
    codes: [code.chain],
    orRejected: true,
    options: async (stage, { serverId }) => ({
      method: 'ca_validation',
      request: set({ certificate_chain: [...(await chainFor(stage, serverId))] }),
    }),
  },
  {
    id: 'without-the-chain-that-the-method-needs-is-refused',
    title: 'By ca_validation, a request without a chain is refused with 5806',
    verifies: 'T-REQ-07',
    step,
    codes: [code.chain],
    orRejected: true,
    options: () => ({ method: 'ca_validation', request: set({ certificate_chain: [] }) }),
  },
];

/** The certificates of the victim, which anybody can collect. */
const mixed: readonly RunFault[] = [
  {
    id: 'S-9-the-chain-of-another-server-is-refused',
    title: "S-9: a server's own key beside the chain of another server is refused with 5806",
    verifies: 'T-REQ-03',
    readings: ['L-T06'],
    ...withChain(async (stage) => (await stage.peer()).chain),
  },
];

export const cases: readonly Case[] = [
  ...refusedRuns('requests', [...names, ...wishes, ...chains]),
  ...refusedRuns('attacks', mixed),
];
