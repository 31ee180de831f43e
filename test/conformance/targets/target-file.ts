/**
 * `target.yaml`: which server to judge: a command or an image that starts it, or the address of one
 * that runs. What is wrong with the file is said with line and column, and how to mend it; all at once.
 */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { base64urlFault } from '../../../reference/wire/base64url.ts';
import { versionNames } from '../../../spec/emitted/versions.ts';
import { type Authority, createAuthority } from '../authority.ts';
import { commandTarget } from './command.ts';
import { imageTarget } from './image.ts';
import type { Target } from './target.ts';
import { urlTarget } from './url.ts';

/** The operator's mistake. `faults`: `file:line:column: what, and how to mend it`, one each. */
export class BadTargetFile extends Error {
  override readonly name = 'BadTargetFile';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

export interface TargetFile {
  /** The authority of the run: the target's own, or a fresh one. */
  authority(): Promise<Authority>;
  target(authority: Authority): Target;
}

interface CommandMembers {
  readonly command: string | readonly string[];
  readonly directory?: string;
  readonly environment?: { readonly [name: string]: string };
  readonly ready_within_seconds?: number;
}

interface ImageMembers {
  readonly image: string;
  readonly environment?: { readonly [name: string]: string };
  readonly ready_within_seconds?: number;
}

interface UrlMembers {
  readonly url: string;
  readonly server_id: string;
  readonly enrolment_token: string;
  readonly public_key?: string;
  readonly certificate?: string;
  readonly federation?: string;
  readonly ca?: string;
  readonly authority?: { readonly certificate: string; readonly key: string };
  readonly dns?: string;
  readonly capabilities?: readonly string[];
  readonly versions?: readonly string[];
}

const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text };
const hostAndPort = '^(\\[[0-9a-fA-F:.]+\\]|[^:\\s]+):[0-9]{1,5}$';

const environment = { type: 'object', additionalProperties: { type: 'string' } };
const readyWithin = { type: 'number', exclusiveMinimum: 0, maximum: 600 };

const commandSchema = {
  type: 'object',
  required: ['command'],
  additionalProperties: false,
  properties: {
    command: { anyOf: [text, { ...texts, minItems: 1 }] },
    directory: text,
    environment,
    ready_within_seconds: readyWithin,
  },
};

const imageSchema = {
  type: 'object',
  required: ['image'],
  additionalProperties: false,
  properties: {
    image: { type: 'string', pattern: '^\\S+$' },
    environment,
    ready_within_seconds: readyWithin,
  },
};

const urlSchema = {
  type: 'object',
  required: ['url', 'server_id', 'enrolment_token'],
  additionalProperties: false,
  oneOf: [{ required: ['public_key'] }, { required: ['certificate'] }],
  properties: {
    url: { type: 'string', pattern: '^wss://' },
    server_id: text,
    enrolment_token: text,
    public_key: text,
    certificate: text,
    federation: { type: 'string', pattern: hostAndPort },
    ca: text,
    authority: {
      type: 'object',
      required: ['certificate', 'key'],
      additionalProperties: false,
      properties: { certificate: text, key: text },
    },
    dns: { type: 'string', pattern: hostAndPort },
    capabilities: texts,
    versions: { ...texts, minItems: 1 },
  },
};

/** What to write instead, by member; the rest is said by the schema itself. */
const advice: { readonly [member: string]: string } = {
  url: 'give the client endpoint, such as wss://127.0.0.1:8443/norc-c',
  federation: 'give host:port, such as 127.0.0.1:8843',
  dns: 'give the address:port that the subject asks, such as 127.0.0.1:5353',
  command: 'give a line for the shell, or a list: program and arguments',
  image: 'give the name of an image, such as example/norc-server:1.0',
  environment: 'give names and texts; put numbers in quotes',
  public_key: 'give base64url of the 32 bytes of the Ed25519 server key',
};

const ajv = new Ajv2020({ allErrors: true, verbose: true });
const validateCommand = ajv.compile<CommandMembers>(commandSchema);
const validateImage = ajv.compile<ImageMembers>(imageSchema);
const validateUrl = ajv.compile<UrlMembers>(urlSchema);

/** Throws BadTargetFile. */
export function readTargetFile(path: string): TargetFile {
  const file = new File(path);
  const members = file.members();
  if (validateCommand(members)) return fromCommand(members, file);
  if (validateImage(members)) return fromImage(members);
  if (validateUrl(members)) return fromUrl(members, file);
  const kinds = { command: validateCommand, image: validateImage, url: validateUrl };
  const [kind, another] = Object.entries(kinds).filter(([name]) => name in members);
  if (!kind || another) {
    const what = 'give one of `command` or `image`, to start a server, or `url`, of one that runs';
    throw file.fault([], what);
  }
  const [, { errors }] = kind;
  throw new BadTargetFile([...new Set((errors ?? []).flatMap((error) => file.explain(error)))]);
}

function fromCommand(members: CommandMembers, file: File): TargetFile {
  const { command, environment, ready_within_seconds: seconds } = members;
  return {
    authority: () => createAuthority(),
    target: (authority) =>
      commandTarget({
        authority,
        command,
        directory: file.resolve(members.directory ?? '.'),
        ...(environment && { environment }),
        ...(seconds !== undefined && { readyWithinMs: seconds * 1000 }),
      }),
  };
}

function fromImage(members: ImageMembers): TargetFile {
  const { image, environment: own, ready_within_seconds: seconds } = members;
  const options = {
    image,
    ...(own && { environment: own }),
    ...(seconds !== undefined && { readyWithinMs: seconds * 1000 }),
  };
  return {
    authority: () => createAuthority(),
    target: (authority) => imageTarget({ authority, ...options }),
  };
}

function fromUrl(members: UrlMembers, file: File): TargetFile {
  const { authority, ca, dns = null, federation } = members;
  const root = authority && {
    certificatePem: file.read(['authority', 'certificate'], authority.certificate),
    keyPem: file.read(['authority', 'key'], authority.key),
  };
  const facts = {
    serverId: members.server_id,
    publicKey: publicKeyOf(members, file),
    enrolmentToken: members.enrolment_token,
    capabilities: members.capabilities ?? [],
    versions: members.versions ?? versionNames,
  };
  const options = {
    clientUrl: new URL(members.url),
    roots: ca === undefined ? null : file.read(['ca'], ca),
    facts,
    federation: federation === undefined ? null : addressOf(federation),
    acceptsAuthority: root !== undefined,
    dns,
  };
  return {
    authority: () => (root ? createAuthority({ root }) : createAuthority()),
    target: () => urlTarget(options),
  };
}

function publicKeyOf({ public_key: key, certificate }: UrlMembers, file: File): string {
  if (key !== undefined) {
    if (isPublicKey(key)) return key;
    throw file.fault(['public_key'], advice.public_key ?? '');
  }
  const certified = ed25519KeyOf(file.read(['certificate'], certificate ?? ''));
  if (certified !== null) return certified;
  throw file.fault(['certificate'], 'not a PEM certificate of an Ed25519 key');
}

/** base64url of 32 bytes. */
export function isPublicKey(key: string): boolean {
  return key.length === 43 && base64urlFault(key) === null;
}

/** The key that a certificate is for, as base64url; null when it is no Ed25519 certificate. */
export function ed25519KeyOf(pem: string): string | null {
  try {
    const jwk = createPublicKey(new X509Certificate(pem).publicKey.export(spki)).export(asJwk);
    return jwk.crv === 'Ed25519' ? (jwk.x ?? null) : null;
  } catch {
    return null;
  }
}

const spki = { type: 'spki', format: 'pem' } as const;
const asJwk = { format: 'jwk' } as const;

function addressOf(hostAndPortText: string): { host: string; port: number } {
  const { hostname, port } = new URL(`tcp://${hostAndPortText}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

type Path = readonly (string | number)[];

/** The file as text, as values, and as places to point at. */
class File {
  readonly #path: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(path: string) {
    this.#path = path;
    this.#document = parseDocument(readText(path), { lineCounter: this.#lines });
    const faults = this.#document.errors.map(({ pos: [at], message }) =>
      this.#at(at, message.split('\n')[0] ?? message),
    );
    if (faults.length > 0) throw new BadTargetFile(faults);
  }

  members(): object {
    const value: unknown = this.#document.toJS();
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw this.fault([], 'expected members such as `command: node server.js`');
  }

  resolve(path: string): string {
    return resolve(dirname(this.#path), path);
  }

  read(member: Path, path: string): string {
    try {
      return readFileSync(this.resolve(path), 'utf8');
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? error.code : error;
      throw this.fault(member, `${path} cannot be read (${why}); paths count from this file`);
    }
  }

  fault(path: Path, what: string): BadTargetFile {
    return new BadTargetFile([this.#at(this.#offsetOf(path), what)]);
  }

  explain({ keyword, instancePath, params, message, parentSchema }: ErrorObject): string[] {
    const path = instancePath.split('/').slice(1);
    const name = path.join('.');
    switch (keyword) {
      case 'additionalProperties': {
        const unknown = String(params.additionalProperty);
        const known = Object.keys(parentSchema?.properties ?? {}).join(', ');
        const at = this.#offsetOf([...path, unknown]);
        return [this.#at(at, `unknown member \`${unknown}\`; known here: ${known}`)];
      }
      case 'required':
        if (parentSchema?.properties === undefined) return []; // a branch of oneOf
        return [this.#at(this.#offsetOf(path), `\`${params.missingProperty}\` is missing`)];
      case 'oneOf':
        return [this.#at(0, 'give either `public_key` or `certificate` of the server')];
      default:
        return [this.#at(this.#offsetOf(path), `\`${name}\`: ${advice[path[0] ?? ''] ?? message}`)];
    }
  }

  #offsetOf(path: Path): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node: unknown = this.#document.getIn(path.slice(0, length), true);
      if (hasRange(node)) return node.range[0];
    }
    return 0;
  }

  #at(offset: number, what: string): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#path}:${Math.max(1, line)}:${Math.max(1, col)}: ${what}`;
  }
}

function hasRange(node: unknown): node is { range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? error.code : error;
    throw new BadTargetFile([`${path}: cannot be read (${why})`]);
  }
}
