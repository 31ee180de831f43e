/** One authority and the identities of three servers, made once. */
import { createAuthority, type IssuedIdentity } from '../../../reference/transport/authority.ts';

export const authority = await createAuthority();
export const acme = await authority.issue({ dnsNames: ['acme.example'] });
export const bravo = await (await authority.intermediate()).issue({ dnsNames: ['bravo.example'] });
/** For the client port. */
export const web = await authority.issue({
  dnsNames: ['localhost', 'acme.example'],
  addresses: ['127.0.0.1'],
  key: 'ecdsa_p256',
});

export const pemOf = ({ certificatesPem, keyPem }: IssuedIdentity) => ({ certificatesPem, keyPem });
