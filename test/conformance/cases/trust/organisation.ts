/** Proofs of the organisation behind a server (T-RESP-07, T-RESP-08, L-T34; T 3.3). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { TrustResponse } from '../../../../spec/messages/trust/trust-response.ts';
import { organizationProof, registryOffice } from '../../actors/registry-office.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { openTrust } from './steps/levels.ts';
import { checkTaken, checkTrusted, freshLink, upTo } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const code = errorCode.trust.organizationProof;

/** Both documents, at basic, so that nothing else is asked for. */
const demanding = (verificationMethod: string) => ({
  trust: {
    ...openTrust,
    organization: {
      ...openTrust.organization,
      verificationMethod,
      requiredDocuments: { basic: ['business_registration', 'contact_verification'] },
    },
  },
});

type Proof = TrustResponse['organization_proofs'][number];

/** A bend of the proof of one document. */
const changed =
  (type: Proof['document_type'], change: JsonObject): Bend<TrustResponse> =>
  (message) => ({
    ...message,
    organization_proofs: message.organization_proofs.map((proof) =>
      proof.document_type === type ? { ...proof, ...change } : proof,
    ),
  });

const common = {
  verifies: 'T-RESP-08',
  step: 'respond',
  codes: [code],
  readings: ['L-T34'],
} as const;

const faults: readonly RunFault[] = [
  {
    ...common,
    id: 'a-document-without-proof-is-refused',
    title: 'A response without the proof of a document that was asked for is refused with 5813',
    verifies: 'T-RESP-07',
    needs: { policy: demanding('automated') },
    options: () => ({
      response: (message) => ({
        ...message,
        organization_proofs: message.organization_proofs.slice(1),
      }),
    }),
  },
  {
    ...common,
    id: 'an-unknown-issuing-authority-is-refused',
    title: 'A registration by an authority that policy does not know is refused with 5813',
    needs: { policy: demanding('automated') },
    options: () => ({
      response: changed('business_registration', { issuing_authority: 'A friend' }),
    }),
  },
  {
    ...common,
    id: 'an-unknown-attestor-is-refused',
    title: 'By third_party, a contact verified by nobody of policy is refused with 5813',
    needs: { policy: demanding('third_party') },
    options: () => ({ response: changed('contact_verification', { verified_by: 'A friend' }) }),
  },
  {
    ...common,
    id: 'another-hash-than-was-signed-is-refused',
    title: 'A registration whose hash its authority has not signed is refused with 5813',
    needs: { policy: demanding('automated') },
    options: (stage) => ({
      response: changed('business_registration', {
        document_hash: stage.crypto.hash({ extract: 'another' }),
      }),
    }),
  },
  {
    ...common,
    id: 'the-proof-of-another-server-is-refused',
    title: 'A statement that was made of another server is refused with 5813',
    needs: { policy: demanding('third_party') },
    options: (stage) => ({
      response: (message) => ({
        ...message,
        organization_proofs: message.organization_proofs.map(({ document_type: type }) =>
          organizationProof(stage.crypto, stage.domain('other'), type),
        ),
      }),
    }),
  },
  {
    ...common,
    id: 'a-name-without-its-signature-is-refused',
    title: 'The name of a known attestor is no proof: a made-up id is refused with 5813',
    needs: { policy: demanding('third_party') },
    options: (stage) => ({
      response: changed('contact_verification', {
        verified_by: registryOffice.attestor,
        verification_id: stage.uuid(),
      }),
    }),
  },
];

async function scoreOf(stage: Stage, response?: Bend<TrustResponse>): Promise<number> {
  const peer = await stage.peer();
  const run = peer.trustRun(await freshLink(peer), { ...(response && { response }) });
  const answer = await upTo(run, 'respond');
  const asked = run.challenge?.organization_verification.required_documents ?? [];
  stage.check('T-RESP-07', asked.includes('contact_verification'), {
    what: 'the documents that the challenge asks for',
    expected: 'those that policy requires, contact_verification among them',
    got: asked,
  });
  checkTaken(stage, 'T-RESP-07', answer, { step: 'respond', what: 'a response with all proofs' });
  checkTaken(stage, 'T-RESP-07', await run.acknowledge(), {
    step: 'acknowledge',
    what: 'the acknowledgment after it',
  });
  await checkTrusted(stage, 'T-RESP-07', peer, 'the proofs of its organisation');
  return run.decision?.trust_metadata.trust_score ?? 0;
}

const taken = defineCase({
  id: 'trust/organisation/proofs-by-parties-of-policy-are-taken',
  title: 'What parties of policy have signed proves the organisation; hashes travel, no documents',
  verifies: ['T-RESP-07'],
  behaviour: ['T-RESP-07'],
  readings: ['L-T34'],
  needs: { policy: demanding('third_party') },
  async run(stage) {
    await scoreOf(stage);
  },
});

/** A contact is asked for, and one that nobody has verified passes the gate (choices.md). */
export const claiming = {
  trust: {
    ...openTrust,
    organization: {
      ...openTrust.organization,
      verificationMethod: 'automated',
      requiredDocuments: { basic: ['contact_verification'] },
    },
  },
};

/** A bend that names a contact and nobody of policy behind it. */
export const nobodysProof = changed('contact_verification', {
  verified_by: 'A friend',
  verification_id: 'so I say',
});

const unsigned = defineCase({
  id: 'trust/organisation/a-proof-that-nobody-signed-earns-nothing',
  title: 'A contact that nobody of policy has verified does not raise the score',
  verifies: ['T-RESP-07', 'T-SCORE-03'],
  behaviour: ['T-RESP-07', 'T-SCORE-03'],
  readings: ['L-T16', 'L-T34'],
  needs: { policy: claiming },
  async run(stage) {
    const proven = await scoreOf(stage);
    const claimed = await scoreOf(stage, nobodysProof);
    stage.check('T-SCORE-03', claimed < proven, {
      what: 'the score with a contact that only the server itself names',
      expected: `below ${proven}, that of a signed one`,
      got: claimed,
    });
  },
});

export const cases: readonly Case[] = [...refusedRuns('organisation', faults), taken, unsigned];
