/** The environment of a whole server, with its files in a fresh directory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuedIdentity } from '../../../reference/transport/authority.ts';
import { acme, authority, web } from './certificates.ts';

export interface Place {
  readonly directory: string;
  readonly environment: { readonly [name: string]: string };
  /** Writes a file into the directory and returns its path. */
  file(name: string, text: string): string;
  remove(): void;
}

export function createPlace(serverId = 'acme.example', identity: IssuedIdentity = acme): Place {
  const directory = mkdtempSync(join(tmpdir(), 'norc-place-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const environment = {
    NORC_SERVER_ID: serverId,
    NORC_CLIENT_PORT: '0',
    NORC_FEDERATION_PORT: '0',
    NORC_TLS_CERT: file('web.pem', web.certificatesPem),
    NORC_TLS_KEY: file('web-key.pem', web.keyPem),
    NORC_FEDERATION_CERT: file('federation.pem', identity.certificatesPem),
    NORC_FEDERATION_KEY: file('federation-key.pem', identity.keyPem),
    NORC_TLS_CA: file('ca.pem', authority.certificatePem),
    NORC_ENROLMENT_TOKEN: 'token',
    NORC_DATA_DIR: join(directory, 'data'),
  };
  const remove = () => rmSync(directory, { recursive: true, force: true });
  return { directory, environment, file, remove };
}
