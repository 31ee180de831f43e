/** Servers of the reference as processes of their own, that find each other through our DNS. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../../../reference/core.ts';
import { replay } from '../../../reference/store/journal-record.ts';
import type { Authority } from '../authority.ts';
import { type DnsServer, startDnsServer } from '../dns-server.ts';
import { SubjectUnreachable } from '../ground.ts';
import { ENROLMENT_TOKEN } from '../grounds/subject-config.ts';
import { startGroup } from '../targets/process-group.ts';
import { referenceCommand } from '../targets/reference-command.ts';
import { writeSubjectFiles } from '../targets/subject-files.ts';
import { createSubjectOutput, type ReadyLine } from '../targets/subject-output.ts';
import { suitePolicy } from '../targets/suite-policy.ts';
import { announce, createZone, type ZoneRecords } from '../zone.ts';
import type { Rows } from './beliefs.ts';

export interface ServerProcess {
  readonly serverId: string;
  readonly versions: readonly string[];
  readonly clientUrl: URL;
  /** Of the server key: base64url of the seed of the leaf. */
  readonly seed: Uint8Array;
  tell(command: Command): void;
  /** What its journal holds at this moment. */
  rows(): Rows;
  close(): Promise<void>;
}

export interface Neighbourhood {
  readonly servers: readonly ServerProcess[];
  close(): Promise<void>;
}

const READY_MS = 20_000;
const STOP_MS = 5000;

/** One server a list of versions, all at once. */
export async function startServers(
  authority: Authority,
  lists: readonly (readonly string[])[],
): Promise<Neighbourhood> {
  const zone = createZone();
  const dns = await startDnsServer(zone);
  const started = await Promise.allSettled(
    lists.map((versions, at) => startServer({ authority, zone, dns, versions, at })),
  );
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
    await dns.close();
  };
  const failed = started.find((one) => one.status === 'rejected');
  if (!failed) return { servers, close };
  await close();
  throw failed.reason;
}

interface Start {
  readonly authority: Authority;
  readonly zone: ZoneRecords;
  readonly dns: DnsServer;
  readonly versions: readonly string[];
  readonly at: number;
}

async function startServer({ authority, zone, dns, versions, at }: Start): Promise<ServerProcess> {
  const serverId = `server-${at}.conformance.test`;
  const [client, federation] = await Promise.all([
    authority.issue({ serverId, role: 'client-port' }),
    authority.issue({ serverId, role: 'federation' }),
  ]);
  const identities = { serverId, client, federation };
  const told = { policy: suitePolicy(authority, {}), versions, dns: dns.address };
  const files = await writeSubjectFiles(authority, identities, told, ENROLMENT_TOKEN);
  const environment = { ...process.env, ...files.environment };
  const group = startGroup({ command: await referenceCommand(), directory: '.', environment });
  const stop = async (): Promise<void> => {
    await group.stop(STOP_MS);
    files.remove();
  };
  const ready = await readinessOf(group).catch(async (error) => {
    await stop();
    throw error;
  });
  announce(zone, serverId, ready.federation_port);
  return {
    ...{ serverId, versions, clientUrl: new URL(ready.client_url) },
    seed: federation.signingKeySeed ?? new Uint8Array(32),
    tell: (command) =>
      void group.child.stdin.write(`${JSON.stringify({ norc: 'command', ...command })}\n`),
    rows: () => rowsIn(files.dataDirectory),
    close: stop,
  };
}

function readinessOf({ child, ended }: ReturnType<typeof startGroup>): Promise<ReadyLine> {
  const output = createSubjectOutput();
  output.listen(child.stderr, null);
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => reject(new SubjectUnreachable(what, output.text()));
    const limit = setTimeout(() => fail('a server is not ready in time'), READY_MS);
    output.listen(child.stdout, (line) => {
      if (line.norc !== 'ready') return;
      clearTimeout(limit);
      resolve(line);
    });
    void ended.then(() => {
      clearTimeout(limit);
      fail('a server ended before it was ready');
    });
  });
}

/** The last record may be half written; it is left out. */
function rowsIn(dataDirectory: string): Rows {
  const file = join(dataDirectory, 'journal.jsonl');
  const { rows } = replay(readFileSync(file), file);
  return new Map([...rows].map(([key, { value }]) => [key, value]));
}
