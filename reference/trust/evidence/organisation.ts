/**
 * What proves the organisation behind a server (T 3.3, T-RESP-07, T-RESP-08, L-T34). A document
 * never travels, only its hash and who stands for it. Whoever stands for it is in our policy, and
 * where policy has a key of theirs, the code of the proof is their signature over what they say.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { OrganizationStatement } from '../../../spec/messages/trust/signed-objects.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustResponse } from '../../../spec/messages/trust/trust-response.ts';
import type { OrganizationPolicy } from '../../trust-policy.ts';
import { type Check, check } from '../check.ts';
import { documentsFor, standardsFor } from '../policy.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';
import { asValue } from '../transcript.ts';

type Proof = TrustResponse['organization_proofs'][number];
type Verification = TrustChallenge['organization_verification'];

/** What the challenge asks of the organisation. */
export function verificationFor({ config }: Scope, level: string): Verification {
  const policy = config.policy.trust;
  const method = policy.organization.verificationMethod;
  return {
    required_documents: [...documentsFor(policy, level)],
    verification_method: method as Verification['verification_method'],
    compliance_check_required: standardsFor(level).length > 0,
  };
}

/** Fourth step of validation (T-PIPE-01). */
export function organizationChecks(scope: Scope, run: ResponderRun): readonly Check[] {
  const code = errorCode.trust.organizationProof;
  const { required_documents: documents, verification_method: method } =
    run.challenge.organization_verification;
  const proofs = run.response?.organization_proofs ?? [];
  const needed = proofs.filter(({ document_type: type }) => documents.includes(type));
  return [
    check('T-RESP-07', code, 'a required document has no proof', () => {
      return documents.every((type) => proofs.some((proof) => proof.document_type === type));
    }),
    check('T-RESP-08', code, 'nobody of our policy stands for a required document', () => {
      return needed.every((proof) => isAcceptable(scope, run, proof, method));
    }),
  ];
}

/** Worth a score (T 1.3): some statement bears the signature of a party of our policy. */
export function isAttested(scope: Scope, run: ResponderRun): boolean {
  const proofs = run.response?.organization_proofs ?? [];
  return proofs.some((proof) => isSignedStatement(scope, run, proof));
}

/**
 * L-T34: issuing authorities are allow-listed whatever the method; who verified a contact must be
 * where the method says third_party. A name with a key must have signed.
 */
function isAcceptable(scope: Scope, run: ResponderRun, proof: Proof, method: string): boolean {
  const key = keyOf(scope.config.policy.trust.organization, proof);
  if (key === undefined) {
    return proof.document_type === 'contact_verification' && method !== 'third_party';
  }
  return key === '' || isSignedStatement(scope, run, proof);
}

function isSignedStatement(scope: Scope, run: ResponderRun, proof: Proof): boolean {
  const key = keyOf(scope.config.policy.trust.organization, proof);
  if (key === undefined || key === '') return false;
  const statement = asValue(statementOf(run.peer, proof));
  return scope.context.crypto.verify(key, statement, codeOf(proof));
}

/** Undefined when policy does not know the name. */
function keyOf(policy: OrganizationPolicy, proof: Proof): string | undefined {
  const isRegistration = proof.document_type === 'business_registration';
  const known = isRegistration ? policy.issuingAuthorities : policy.attestors;
  const name = isRegistration ? proof.issuing_authority : proof.verified_by;
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

function codeOf(proof: Proof): string {
  return proof.document_type === 'business_registration'
    ? proof.verification_code
    : proof.verification_id;
}

function statementOf(serverId: string, proof: Proof): OrganizationStatement {
  const isRegistration = proof.document_type === 'business_registration';
  return {
    type: 'organization_statement',
    server_id: serverId,
    document_type: proof.document_type,
    stated_by: isRegistration ? proof.issuing_authority : proof.verified_by,
    document_hash: isRegistration ? proof.document_hash : '',
    verification_method: isRegistration ? '' : proof.verification_method,
  };
}

// --- as requester --------------------------------------------------------------------------------

/** Our own proofs of the documents that a challenge asks for; what we do not have is left out. */
export function ownProofs({ config }: Scope, { required_documents }: Verification): Proof[] {
  const { registrations, contacts } = config.policy.trust.credentials;
  return required_documents.flatMap((type): Proof[] => {
    const [registration] = registrations;
    const [contact] = contacts;
    if (type === 'business_registration') {
      return registration === undefined
        ? []
        : [
            {
              document_type: type,
              document_hash: registration.documentHash,
              issuing_authority: registration.issuingAuthority,
              verification_code: registration.verificationCode,
            },
          ];
    }
    return contact === undefined
      ? []
      : [
          {
            document_type: type,
            verification_method: contact.verificationMethod,
            verified_by: contact.verifiedBy,
            verification_id: contact.verificationId,
          },
        ];
  });
}
