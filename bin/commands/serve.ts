/** `norc serve`: a reference server to develop a client or a peer against. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { makeFolder } from '../folder.ts';
import { UsageError } from '../usage-error.ts';

interface ServeFlags {
  readonly port: number;
  readonly federationPort: number;
  readonly host: string;
  readonly serverId: string;
  readonly dataDir?: string;
  readonly policy?: string;
  readonly dns?: string;
  readonly peers?: string;
  readonly json?: true;
}

type RunningServer = Awaited<ReturnType<typeof import('../../reference/transport/serve.ts').serve>>;

/** Where a started server keeps what its user needs. */
interface Home {
  readonly directory: string;
  readonly isTemporary: boolean;
  readonly caFile: string;
  readonly token: string;
  readonly environment: { readonly [name: string]: string };
}

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('run a reference server to develop a client or a peer against')
    .option('--port <n>', 'port for clients; 0: any free one', readPort, 8443)
    .option('--federation-port <n>', 'port for other servers; 0: any free one', readPort, 8843)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data-dir <directory>', 'keep data and certificates here (default: temporary)')
    .option('--server-id <domain>', 'domain name of the server', 'example.test')
    .option('--policy <file>', 'JSON file with members of the policy to change')
    .option('--dns <address:port>', 'resolver to ask (default: that of the system)')
    .option('--peers <file>', 'JSON file with addresses of other servers')
    .option('--json', 'print one JSON line instead of text')
    .addHelpText('after', helpAfter)
    .action(runServe);
}

const helpAfter = `
It makes its own certificates. Stop it with ctrl-C. Meanwhile its operator can speak to it:
  norc trust requests --data <directory>   what waits for an operator, where policy wants one
  norc trust audit --data <directory>      what has happened, and whether the log of it is whole`;

async function runServe(flags: ServeFlags): Promise<void> {
  // From the first moment on, so that nothing temporary is left behind.
  // Asking again changes nothing: launchers pass a ctrl-C on that has already come from the terminal.
  const stopAsked = new Promise<void>((stop) => {
    process.on('SIGINT', () => stop());
    process.on('SIGTERM', () => stop());
  });
  const { surviveFaults } = await import('../../reference/transport/survive.ts');
  const home = await createHome(flags).catch((error: unknown) => {
    throw homeFault(error, flags);
  });
  try {
    let fail: (error: unknown) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      fail = (error) => reject(explained(error, flags));
    });
    const server = await start(flags, home, fail);
    surviveFaults(server);
    process.stdout.write(flags.json ? jsonLine(flags, home, server) : welcome(flags, home, server));
    await Promise.race([stopAsked, failed]);
    await server.stop();
  } finally {
    if (home.isTemporary) rmSync(home.directory, { recursive: true, force: true });
  }
}

/** What the operator can mend is one line; anything else is a defect. */
async function start(
  flags: ServeFlags,
  home: Home,
  onFailure: (error: unknown) => void,
): Promise<RunningServer> {
  const { serve } = await import('../../reference/transport/serve.ts');
  const isJson = flags.json === true;
  try {
    return await serve({
      environment: home.environment,
      report: (line) => {
        if (line.norc !== 'ready') complain(isJson, line, Object.values(line).join(' '));
      },
      log: (entry) => {
        const requirement = 'requirement' in entry ? ` (${entry.requirement})` : '';
        const text = `${entry.event}${requirement} ${entry.peer}: ${entry.detail}`;
        complain(isJson, entry, text);
      },
      onFailure,
      operator: true,
    });
  } catch (error) {
    throw explained(error, flags);
  }
}

function explained(error: unknown, { port, federationPort }: ServeFlags): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE' || code === 'EACCES') {
    const what = code === 'EADDRINUSE' ? 'in use' : 'not allowed';
    const taken = 'port' in error && error.port === federationPort ? '--federation-port' : '--port';
    const number = taken === '--port' ? port : federationPort;
    return new UsageError(`port ${number} is ${what}; choose another with ${taken}, or 0 for any`);
  }
  const isOperators = [
    'BadEnvironment',
    'BadOperatorPlace',
    'DirectoryHeld',
    'JournalDamaged',
    'StoreFailed',
  ].includes(error.name);
  return isOperators || code !== undefined ? new UsageError(error.message) : error;
}

/** A folder of an earlier run may have been meddled with. */
function homeFault(error: unknown, { dataDir }: ServeFlags): unknown {
  const isFiles = error instanceof Error && 'code' in error;
  return isFiles ? new UsageError(`--data-dir ${dataDir ?? ''}: ${error.message}`) : error;
}

/** Certificates and token of an earlier run in the same directory are used again. */
async function createHome(flags: ServeFlags): Promise<Home> {
  const isTemporary = flags.dataDir === undefined;
  const directory = resolve(flags.dataDir ?? mkdtempSync(join(tmpdir(), 'norc-')));
  makeFolder(directory, '--data-dir');
  const tls = join(directory, 'tls');
  mkdirSync(tls, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(tls, name);
  const tokenFile = join(directory, 'enrolment-token');
  if (!existsSync(file('ca.pem'))) await makeCertificates(flags, file);
  if (!existsSync(tokenFile)) writeFileSync(tokenFile, randomBytes(12).toString('base64url'));
  const token = readFileSync(tokenFile, 'utf8').trim();
  return {
    directory,
    isTemporary,
    token,
    caFile: file('ca.pem'),
    environment: {
      NORC_SERVER_ID: flags.serverId,
      NORC_HOST: flags.host,
      NORC_CLIENT_PORT: String(flags.port),
      NORC_FEDERATION_PORT: String(flags.federationPort),
      NORC_TLS_CERT: file('client-port.pem'),
      NORC_TLS_KEY: file('client-port-key.pem'),
      NORC_FEDERATION_CERT: file('federation.pem'),
      NORC_FEDERATION_KEY: file('federation-key.pem'),
      NORC_TLS_CA: file('ca.pem'),
      NORC_ENROLMENT_TOKEN: token,
      NORC_DATA_DIR: directory,
      NORC_POLICY: flags.policy ?? '',
      NORC_DNS: flags.dns ?? '',
      NORC_PEERS: flags.peers ?? '',
    },
  };
}

/** The root last: when it is there, so is everything that it has signed. */
async function makeCertificates(
  { serverId, host }: ServeFlags,
  file: (name: string) => string,
): Promise<void> {
  const { createAuthority } = await import('../../reference/transport/authority.ts');
  const authority = await createAuthority();
  const addresses = [...new Set(['127.0.0.1', ...(isIP(host) === 0 ? [] : [host])])];
  const client = await authority.issue({
    dnsNames: ['localhost', serverId],
    addresses,
    key: 'ecdsa_p256',
  });
  const federation = await authority.issue({ dnsNames: [serverId] });
  const keep = (name: string, text: string) => writeFileSync(file(name), text, { mode: 0o600 });
  keep('client-port.pem', client.certificatesPem);
  keep('client-port-key.pem', client.keyPem);
  keep('federation.pem', federation.certificatesPem);
  keep('federation-key.pem', federation.keyPem);
  keep('ca-key.pem', authority.keyPem);
  keep('ca.pem', authority.certificatePem);
}

function welcome(flags: ServeFlags, home: Home, server: RunningServer): string {
  const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const bold = (text: string) => (isColoured ? `\x1b[1m${text}\x1b[22m` : text);
  const dim = (text: string) => (isColoured ? `\x1b[2m${text}\x1b[22m` : text);
  const { url, wscat } = invitation(flags, home, server);
  const rows = [
    ['clients', url],
    ['other servers', `${flags.host}:${server.federationPort}`],
    ['CA file', home.caFile],
    ['token', `${home.token}  ${dim('enrols the first device of a user')}`],
    ['data', `${home.directory}${home.isTemporary ? dim('  removed on stop') : ''}`],
    ['versions', server.ready.versions.join(' ')],
  ];
  return [
    `${bold(`NORC server ${flags.serverId}`)} is ready.`,
    '',
    ...rows.map(([name = '', value]) => `  ${dim(name.padEnd(14))}${value}`),
    '',
    'Connect:',
    `  ${wscat}`,
    '',
    'and paste this within 10 seconds to shake hands:',
    `  ${connectionRequest(server)}`,
    '',
    dim('Refusals appear below, with the requirement that was broken. Ctrl-C stops.'),
    '',
  ].join('\n');
}

/** For scripts: everything that the text says. */
function jsonLine(flags: ServeFlags, home: Home, server: RunningServer): string {
  const { url, wscat } = invitation(flags, home, server);
  const line = {
    server_id: flags.serverId,
    client_url: url,
    federation_port: server.federationPort,
    ca_file: home.caFile,
    enrolment_token: home.token,
    data_dir: home.directory,
    capabilities: server.ready.capabilities,
    versions: server.ready.versions,
    wscat,
    connection_request: JSON.parse(connectionRequest(server)),
  };
  return `${JSON.stringify(line)}\n`;
}

/** The certificate names localhost, which no wildcard address is. */
function invitation({ host }: ServeFlags, { caFile }: Home, { clientPort }: RunningServer) {
  const isEverywhere = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host);
  const name = isEverywhere ? 'localhost' : host;
  const url = `wss://${name.includes(':') ? `[${name}]` : name}:${clientPort}/norc-c`;
  const subprotocol = 'norc-c-json-v2';
  return { url, wscat: `npx wscat --ca ${caFile} -s ${subprotocol} -c ${url}` };
}

/**
 * Valid as it stands, once: the nonce is fresh, and so is the key, whose private half is forgotten.
 */
function connectionRequest({ ready }: RunningServer): string {
  const { x } = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
  return JSON.stringify({
    type: 'connection_request',
    client_versions: ready.versions,
    preferred_version: ready.versions.at(-1),
    capabilities: ['messaging', 'e2ee'],
    cipher_suites: ['0001'],
    client_nonce: randomBytes(12).toString('base64url'),
    ephemeral_public_key: x,
  });
}

/** Standard output belongs to the result. */
function complain(isJson: boolean, line: object, text: string): void {
  process.stderr.write(`${isJson ? JSON.stringify(line) : text}\n`);
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}
