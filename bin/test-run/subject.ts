/** Which server `norc test` judges, from its argument and its flags. */
import { quoted } from '../quoted.ts';
import { UsageError } from '../usage-error.ts';

export interface SubjectFlags {
  readonly adapter?: string;
  readonly url?: string;
  readonly serverId?: string;
  readonly token?: string;
  readonly publicKey?: string;
  readonly certificate?: string;
  readonly ca?: string;
  readonly command?: string;
  readonly image?: string;
  readonly readyWithin?: string;
}

export type Subject =
  | { readonly kind: 'reference'; readonly readyWithinMs?: number }
  | { readonly kind: 'command'; readonly line: string; readonly readyWithinMs?: number }
  | { readonly kind: 'image'; readonly image: string; readonly readyWithinMs?: number }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL; readonly facts: UrlFacts };

/** What nobody can find out about a running server without being told. */
export interface UrlFacts {
  readonly serverId: string;
  readonly token: string;
  readonly identity: { readonly publicKey: string } | { readonly certificateFile: string };
  /** Absent: the roots of the system. */
  readonly caFile?: string;
}

/** A pattern after `--only a` without an `--only` of its own arrives as a target file. */
function patternHint(path: string | undefined): string {
  return path?.includes('*') ? `; for a second pattern say --only '${path}'` : '';
}

function refuseAdapter({ adapter }: SubjectFlags): void {
  if (adapter === undefined) return;
  const instead = `npx norc vectors check --adapter ${quoted(adapter)}`;
  throw new UsageError(`--adapter: a library has no connections to judge; say ${instead}`);
}

export function subjectOf(flags: SubjectFlags, path: string | undefined): Subject {
  refuseAdapter(flags);
  const { url, command: line, image, readyWithin } = flags;
  const given = [
    path && 'a target file',
    line !== undefined && '--command',
    image !== undefined && '--image',
    url && '--url',
  ];
  const [first, second] = given.filter(Boolean);
  if (second) throw new UsageError(`give ${first} or ${second}, not both${patternHint(path)}`);
  const stray = urlOnly.find((flag) => !url && flags[flag.key] !== undefined);
  if (stray)
    throw new UsageError(`${stray.flag} goes with --url; a target file has members for it`);
  if (url) return urlSubject(flags, url);
  if (path) {
    if (path.includes('*')) throw new UsageError(`${path} is no file${patternHint(path)}`);
    if (readyWithin === undefined) return { kind: 'file', path };
    throw new UsageError(`--ready-within: write ready_within_seconds into ${path} instead`);
  }
  return startedSubject(flags);
}

function startedSubject({ command: line, image, readyWithin }: SubjectFlags): Subject {
  const readyWithinMs = readyWithin === undefined ? undefined : secondsOf(readyWithin) * 1000;
  const limit = readyWithinMs === undefined ? {} : { readyWithinMs };
  if (image !== undefined) return { kind: 'image', image: imageName(image), ...limit };
  if (line === undefined) return { kind: 'reference', ...limit };
  if (line.trim() === '') throw new UsageError('--command: say the command that starts the server');
  return { kind: 'command', line, ...limit };
}

function imageName(name: string): string {
  if (/^\S+$/.test(name)) return name;
  throw new UsageError(`--image ${quoted(name)}: name an image, such as example/norc-server:1.0`);
}

const urlOnly = [
  { flag: '--server-id', key: 'serverId' },
  { flag: '--token', key: 'token' },
  { flag: '--public-key', key: 'publicKey' },
  { flag: '--certificate', key: 'certificate' },
  { flag: '--ca', key: 'ca' },
] as const;

function urlSubject(flags: SubjectFlags, text: string): Subject {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'wss:') {
    throw new UsageError(`--url ${text}: say for example wss://chat.example:8443/norc-c`);
  }
  const { serverId, publicKey, certificate, ca: caFile, readyWithin } = flags;
  const token = flags.token ?? process.env.NORC_ENROLMENT_TOKEN;
  if (readyWithin !== undefined) {
    throw new UsageError('--ready-within: a server at a --url runs already');
  }
  if (publicKey !== undefined && certificate !== undefined) {
    throw new UsageError('give --public-key or --certificate, not both');
  }
  const missing = [
    ...(serverId ? [] : ['--server-id <domain>']),
    ...(token ? [] : ['--token <enrolment token>']),
    ...(publicKey || certificate ? [] : ['--certificate <PEM file> or --public-key <base64url>']),
  ];
  const identity = certificate ? { certificateFile: certificate } : publicKey && { publicKey };
  if (!serverId || !token || !identity) {
    throw new UsageError(
      `--url needs ${missing.join(', ')} as well (and --ca <PEM file> where the system does not ` +
        'know the root), or a target.yaml with url, server_id, enrolment_token, certificate, ca',
    );
  }
  const facts = { serverId, token, identity, ...(caFile !== undefined && { caFile }) };
  return { kind: 'url', url, facts };
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 600) return seconds;
  throw new UsageError(`--ready-within ${text}: say seconds, more than 0 and at most 600`);
}
