/**
 * The environment of a subject (spec/choices.md, start contract), read and judged before anything
 * starts. All that is wrong is said at once, a line each: which variable, what is wrong, how to
 * mend it.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { versionNames } from '../../spec/emitted/versions.ts';
import { limits } from '../../spec/limits.ts';
import type { Json } from '../../spec/schema.ts';
import { isServerId } from '../audit/pseudonyms.ts';
import { defaultPolicy, type PeerEntry, type Policy } from '../config.ts';
import type { CertificateDer } from '../crypto/x509.ts';
import { readPolicy } from '../node/policy.ts';
import { isObject } from '../wire/json.ts';
import { parseVersion } from '../wire/version.ts';
import { type Read, readCertificates, readPrivateKey, seedOf } from './pem.ts';

export type SubjectEnvironment = { readonly [name: string]: string | undefined };

export interface Settings {
  readonly serverId: string;
  /** Address to listen on. Not of the contract: loopback unless NORC_HOST says otherwise. */
  readonly host: string;
  readonly clientPort: number;
  readonly federationPort: number;
  readonly client: PemIdentity;
  readonly federation: PemIdentity & {
    readonly seed: Uint8Array;
    readonly chain: readonly CertificateDer[];
  };
  readonly authorities: readonly CertificateDer[];
  /** Resolvers, each a vantage point (L-T03). None: that of the system. */
  readonly dns: readonly string[];
  readonly peers: readonly PeerEntry[];
  readonly enrolmentTokens: readonly string[];
  readonly dataDirectory: string;
  readonly policy: Policy;
  readonly versions: readonly string[];
}

export interface PemIdentity {
  readonly certificatesPem: string;
  readonly keyPem: string;
}

/** The operator's mistake. `faults`: a line each. */
export class BadEnvironment extends Error {
  override readonly name = 'BadEnvironment';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

const HIGHEST_PORT = 65_535;

/** Throws BadEnvironment. */
export function readSettings(environment: SubjectEnvironment): Settings {
  const reader = new Reader(environment);
  const serverId = reader.serverId();
  const settings: Settings = {
    serverId,
    host: reader.host(),
    clientPort: reader.port('NORC_CLIENT_PORT', limits.clientPort),
    federationPort: reader.port('NORC_FEDERATION_PORT', limits.federationPort),
    client: reader.identity('NORC_TLS_CERT', 'NORC_TLS_KEY'),
    federation: reader.federation(serverId),
    authorities: reader.authorities(),
    dns: reader.dns(),
    peers: reader.peers(),
    enrolmentTokens: reader.optional('NORC_ENROLMENT_TOKEN').slice(0, 1),
    dataDirectory: reader.required('NORC_DATA_DIR', 'a directory for what must survive a restart'),
    policy: reader.policy(),
    versions: reader.versions(),
  };
  if (reader.faults.length > 0) throw new BadEnvironment(reader.faults);
  return settings;
}

/** Collects faults; where there is one, the value returned only keeps the reading going. */
class Reader {
  readonly faults: string[] = [];
  readonly #environment: SubjectEnvironment;

  constructor(environment: SubjectEnvironment) {
    this.#environment = environment;
  }

  /** Empty or one value. Set to nothing is the same as not set. */
  optional(name: string): string[] {
    const value = this.#environment[name];
    return value === undefined || value === '' ? [] : [value];
  }

  required(name: string, what: string): string {
    const [value] = this.optional(name);
    if (value === undefined) this.#fault(name, `not set; set it to ${what}`);
    return value ?? '';
  }

  serverId(): string {
    const value = this.required('NORC_SERVER_ID', 'the domain name of this server');
    if (value !== '' && !isServerId(value)) {
      this.#fault('NORC_SERVER_ID', `${value} is not a lowercase domain name such as acme.example`);
    }
    return value;
  }

  host(): string {
    const [value = '127.0.0.1'] = this.optional('NORC_HOST');
    if (isIP(value) === 0) this.#fault('NORC_HOST', `${value} is not an address to listen on`);
    return value;
  }

  /** C-CONN-02, F-CONN-02: the ports of the protocol unless told otherwise. */
  port(name: string, fallback: number): number {
    const [value = String(fallback)] = this.optional(name);
    const port = /^\d{1,5}$/.test(value) ? Number(value) : -1;
    if (port < 0 || port > HIGHEST_PORT) {
      this.#fault(name, `${value} is not a port; give 0 (any free one) to ${HIGHEST_PORT}`);
    }
    return port;
  }

  identity(certificateName: string, keyName: string): PemIdentity {
    const certificatesPem = this.#file(
      certificateName,
      'a PEM file: certificate chain, leaf first',
    );
    const keyPem = this.#file(keyName, 'a PEM file: the private key of the certificate');
    if (certificatesPem === null || keyPem === null) return { certificatesPem: '', keyPem: '' };
    const [leaf] = this.#part(certificateName, readCertificates(certificatesPem)) ?? [];
    const key = this.#part(keyName, readPrivateKey(keyPem));
    if (leaf && key && !leaf.checkPrivateKey(key)) {
      this.#fault(keyName, `is not the key of the first certificate in ${certificateName}`);
    }
    return { certificatesPem, keyPem };
  }

  /** The leaf holds the server key itself (choices.md), and names the server (F-CONN-04). */
  federation(serverId: string): Settings['federation'] {
    const [certificateName, keyName] = ['NORC_FEDERATION_CERT', 'NORC_FEDERATION_KEY'];
    const before = this.faults.length;
    const identity = this.identity(certificateName, keyName);
    if (this.faults.length > before) return { ...identity, seed: new Uint8Array(32), chain: [] };
    const chain = this.#part(certificateName, readCertificates(identity.certificatesPem)) ?? [];
    const key = this.#part(keyName, readPrivateKey(identity.keyPem));
    const seed = key && this.#part(keyName, seedOf(key));
    if (serverId !== '' && !chain[0]?.checkHost(serverId, { subject: 'never' })) {
      this.#fault(certificateName, `the leaf does not name ${serverId} (subject alternative name)`);
    }
    const ders = chain.map((one) => one.raw.toString('base64url'));
    return { ...identity, seed: seed ?? new Uint8Array(32), chain: ders };
  }

  authorities(): CertificateDer[] {
    const pem = this.#file('NORC_TLS_CA', 'a PEM file: the roots that peers may be certified by');
    const roots = pem === null ? [] : this.#part('NORC_TLS_CA', readCertificates(pem));
    return (roots ?? []).map(({ raw }) => raw.toString('base64url'));
  }

  dns(): string[] {
    const servers = this.optional('NORC_DNS').flatMap((value) => value.split(','));
    for (const server of servers.filter((one) => !isResolver(one.trim()))) {
      this.#fault('NORC_DNS', `${server} is not address:port, such as 127.0.0.1:5353`);
    }
    return servers.map((server) => server.trim());
  }

  /** Servers that are found without DNS. An empty file is an empty list. */
  peers(): PeerEntry[] {
    const value = this.#json('NORC_PEERS');
    if (value === undefined) return [];
    const peers = Array.isArray(value) ? value.map(peerOf) : [null];
    if (peers.includes(null)) {
      const wanted = '[{ "server_id": "acme.example", "host": "192.0.2.1", "port": 8843 }]';
      this.#fault('NORC_PEERS', `is not a list such as ${wanted}`);
    }
    return peers.filter((peer) => peer !== null);
  }

  policy(): Policy {
    const value = this.#json('NORC_POLICY');
    if (value === undefined) return defaultPolicy;
    const { policy, faults } = readPolicy(value);
    for (const fault of faults) this.#fault('NORC_POLICY', fault);
    return policy;
  }

  /** Any of the grammar: AMC is tested with majors that do not exist yet. */
  versions(): string[] {
    const [value] = this.optional('NORC_VERSIONS');
    if (value === undefined) return [...versionNames];
    const versions = value.split(',').map((version) => version.trim());
    for (const version of versions) {
      if (!parseVersion(version).ok) {
        this.#fault('NORC_VERSIONS', `${version} is not a version; give a list such as 1.1,2.0`);
      }
    }
    return versions;
  }

  /** Undefined when not set, empty, or not readable (which is then a fault). */
  #json(name: string): Json | undefined {
    if (this.optional(name).length === 0) return undefined;
    const text = this.#file(name, 'a JSON file');
    if (text === null || text.trim() === '') return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      this.#fault(name, `is not JSON: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  #file(name: string, what: string): string | null {
    const path = this.required(name, what);
    if (path === '') return null;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? error.code : error;
      this.#fault(name, `${path} cannot be read (${why}); name ${what}`);
      return null;
    }
  }

  #part<T>(name: string, read: Read<T>): T | undefined {
    if ('value' in read) return read.value;
    this.#fault(name, `${this.#environment[name]} ${read.fault}`);
    return undefined;
  }

  #fault(name: string, what: string): void {
    this.faults.push(`${name}: ${what}`);
  }
}

function isResolver(value: string): boolean {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value) ?? [];
  return isIP(bracketed ?? plain ?? '') !== 0 && Number(port) <= HIGHEST_PORT;
}

function peerOf(value: Json): PeerEntry | null {
  if (!isObject(value)) return null;
  const { server_id: serverId, host, port } = value;
  if (typeof serverId !== 'string' || !isServerId(serverId) || typeof host !== 'string')
    return null;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > HIGHEST_PORT) {
    return null;
  }
  return { serverId, host, port };
}
