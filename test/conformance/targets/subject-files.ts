/** The files that a subject is started with, and the environment that names them (choices.md). */

import { accessSync, constants, rmSync, statfsSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authority, IssuedIdentity } from '../authority.ts';
import type { TargetStart } from './target.ts';

export interface SubjectFiles {
  /** They are all in it. */
  readonly directory: string;
  readonly dataDirectory: string;
  readonly environment: { readonly [name: string]: string };
  remove(): void;
}

export interface SubjectIdentities {
  readonly serverId: string;
  readonly client: IssuedIdentity;
  readonly federation: IssuedIdentity;
}

/** Readable by the owner alone: they hold private keys. */
const PRIVATE = 0o600;

const directories = new Set<string>();
let isHooked = false;

export async function writeSubjectFiles(
  authority: Authority,
  { serverId, client, federation }: SubjectIdentities,
  { policy, versions, dns }: Pick<TargetStart, 'policy' | 'versions' | 'dns'>,
  enrolmentToken: string,
): Promise<SubjectFiles> {
  const directory = await temporaryDirectory();
  const dataDirectory = join(directory, 'data');
  await mkdir(dataDirectory);
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, content, { mode: PRIVATE });
    return path;
  };
  const environment = {
    NORC_SERVER_ID: serverId,
    NORC_CLIENT_PORT: '0',
    NORC_FEDERATION_PORT: '0',
    NORC_TLS_CERT: await file('client.pem', client.certificatesPem),
    NORC_TLS_KEY: await file('client.key', client.keyPem),
    NORC_FEDERATION_CERT: await file('federation.pem', federation.certificatesPem),
    NORC_FEDERATION_KEY: await file('federation.key', federation.keyPem),
    NORC_TLS_CA: await file('authorities.pem', authority.rootPem),
    NORC_PEERS: await file('peers.json', '[]\n'),
    NORC_POLICY: await file('policy.json', `${JSON.stringify(policy, null, 2)}\n`),
    NORC_ENROLMENT_TOKEN: enrolmentToken,
    NORC_DATA_DIR: dataDirectory,
    ...(dns !== null && { NORC_DNS: dns }),
    ...(versions !== null && { NORC_VERSIONS: versions.join(',') }),
  };
  return { directory, dataDirectory, environment, remove: () => remove(directory) };
}

/** Where Linux keeps files in memory: a subject that syncs every write waits for no disk there. */
const IN_MEMORY = '/dev/shm';
/** Docker's default. The subjects of a run write a tenth of it. */
const ROOM_BYTES = 60 * 2 ** 20;

/** Unless the user has said where temporary files belong, in memory if there is room for them. */
function placeForFiles(): string {
  if (process.env.TMPDIR) return tmpdir();
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize < ROOM_BYTES ? tmpdir() : IN_MEMORY;
  } catch {
    return tmpdir();
  }
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(placeForFiles(), 'norc-subject-'));
  directories.add(directory);
  // Keys are not left behind, however the run ends.
  if (!isHooked) process.on('exit', () => directories.forEach(remove));
  isHooked = true;
  return directory;
}

function remove(directory: string): void {
  directories.delete(directory);
  rmSync(directory, { recursive: true, force: true });
}
