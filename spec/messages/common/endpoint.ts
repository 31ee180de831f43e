/** Where a server is reached by other servers (profile 1.0). */
import { integer, literal, record, sha256Hash, type TypeOf, text } from '../../schema.ts';

export const endpoint = record({
  fields: {
    protocol: literal('norc_f'),
    // A host name or an IP address in text form.
    address: text(253),
    port: integer(1, 65_535),
    // SHA-256 of the leaf certificate: the schema says so, against the rule for hashes (L-S08).
    tls_fingerprint: sha256Hash(),
  },
});
export type Endpoint = TypeOf<typeof endpoint>;
