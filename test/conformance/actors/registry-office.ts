/**
 * Who stands for the organisations of our servers: an authority and an attestor with one key, which
 * is the same in every run so that the policy of a subject can name it (L-T34, T-RESP-08).
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Crypto } from '../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { OrganizationStatement } from '../../../spec/messages/trust/signed-objects.ts';
import type { TrustResponse } from '../../../spec/messages/trust/trust-response.ts';
import { textBytes } from './signing.ts';

type Proof = TrustResponse['organization_proofs'][number];

/** 32 bytes that nobody else would choose. It signs nothing but what cases ask for. */
const seed = textBytes('norc conformance registry office');
/** RFC 8410: what stands before the seed in PKCS#8. */
const PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export const registryOffice = {
  authority: 'Conformance registry',
  attestor: 'Conformance attestor',
  publicKey: publicKeyOf(seed),
} as const;

function publicKeyOf(secret: Uint8Array): string {
  const der = Buffer.concat([PREFIX, secret]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return encodeBase64url(new Uint8Array(spki.subarray(-32)));
}

/** An honest proof of a document of `serverId`: only hashes, and the statement's signature. */
export function organizationProof(
  crypto: Crypto,
  serverId: string,
  documentType: Proof['document_type'],
): Proof {
  const isRegistration = documentType === 'business_registration';
  const statement: OrganizationStatement = {
    type: 'organization_statement',
    server_id: serverId,
    document_type: documentType,
    stated_by: isRegistration ? registryOffice.authority : registryOffice.attestor,
    document_hash: isRegistration ? crypto.hash({ extract: serverId }) : '',
    verification_method: isRegistration ? '' : 'visit',
  };
  const code = crypto.sign(crypto.signingKey(seed), { ...statement });
  return isRegistration
    ? {
        document_type: 'business_registration',
        document_hash: statement.document_hash,
        issuing_authority: statement.stated_by,
        verification_code: code,
      }
    : {
        document_type: 'contact_verification',
        verification_method: statement.verification_method,
        verified_by: statement.stated_by,
        verification_id: code,
      };
}
