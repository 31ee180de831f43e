/**
 * Certificates of NORC servers as a graph: a `norc_trust_certificate` says that its issuer trusts its
 * subject, at a level, between two times. JSON documents: a certificate, a `norc_crl`, a list of such;
 * a text in a list is a blob of certificate_bundle (base64url of JSON, L-T14).
 *
 * A certificate holds no score: its edge weighs what its level asks for at least (T-PATH-02). What is
 * live is decided for one time, which must be given. A revocation for compromise voids a certificate
 * for all times, any other from its date on; an unknown reason counts as compromise (L-R02).
 * Signatures are verified where the issuer's key is at hand (`signatures.ts`).
 */
import { type Level, levels } from '../../../spec/emitted/registries.ts';
import type { CrlReason } from '../../../spec/messages/trust/enumerations.ts';
import { faultAt, GraphFault, type Place } from '../fault.ts';
import { createRowSink } from '../rows.ts';
import { elementPlaces } from './json-places.ts';
import { quoted } from './number.ts';
import type { GraphReader, ReadFile, ReadOptions } from './reader.ts';
import { createSignatures, type Members, type Signatures } from './signatures.ts';

const MOST_CHARACTERS = 256 * 1024 * 1024;

interface Certificate {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly level: Level;
  readonly notBefore: number;
  readonly notAfter: number;
}

interface Revocation {
  readonly issuer: string;
  readonly date: number;
  readonly isForAllTimes: boolean;
}

/** Documents one after the other: of one file, or of all files of a folder. */
export interface CertificateCollector {
  readonly count: number;
  /** Throws with the place in this document; `file` names it where there are several. */
  add(text: string, file?: string): void;
  finish(): ReadFile;
}

export function createCertificateReader(options: ReadOptions): GraphReader {
  const collector = createCertificateCollector(options);
  const pieces: string[] = [];
  let size = 0;
  return {
    write(text) {
      size += text.length;
      if (size > MOST_CHARACTERS)
        throw faultAt({ line: 1, column: 1 }, `more than ${MOST_CHARACTERS} characters of JSON`);
      pieces.push(text);
    },
    get rowCount() {
      return collector.count;
    },
    end() {
      collector.add(pieces.join(''));
      return collector.finish();
    },
  };
}

export function createCertificateCollector({ at, verify }: ReadOptions): CertificateCollector {
  if (at === undefined)
    throw new GraphFault('certificates are live at some times only: say at which (--at)');
  const certificates = new Map<string, Certificate>();
  const revocations = new Map<string, Revocation>();
  const signatures = createSignatures(verify);
  return {
    get count() {
      return certificates.size;
    },
    add(text, file = '') {
      for (const { record, what, place } of recordsOf(text)) {
        takeRecord(record, what, certificates, revocations);
        addSigned(signatures, record, file, what, place);
      }
    },
    finish: () => graphAt(at, certificates, revocations, signatures.check()),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    // Without a position it is the end that came too early.
    const [, position] = /position (\d+)/.exec((thrown as Error).message) ?? [];
    const before = text
      .slice(0, position === undefined ? text.length : Number(position))
      .split('\n');
    const place = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
    throw faultAt(place, 'not JSON');
  }
}

type Held = Map<string, Certificate>;
type Listed = Map<string, Revocation>;

interface PlacedRecord {
  readonly record: Members;
  readonly what: string;
  readonly place: Place;
}

function* recordsOf(text: string): Generator<PlacedRecord> {
  const document = parsed(text);
  const places = elementPlaces(text);
  const values = Array.isArray(document) ? document : [document];
  for (const [index, each] of values.entries()) {
    const what = Array.isArray(document) ? `element ${index + 1}` : 'the document';
    const record = recordOf(typeof each === 'string' ? fromBlob(each, what) : each, what);
    yield { record, what, place: places[index] ?? { line: 1, column: 1 } };
  }
}

function addSigned(
  signatures: Signatures,
  record: Members,
  file: string,
  what: string,
  { line, column }: Place,
): void {
  const inFile = file === '' ? '' : `${file}: `;
  signatures.add(record, file, `${inFile}line ${line}, column ${column}: ${what}`);
}

function fromBlob(blob: string, what: string): unknown {
  try {
    const bytes = Uint8Array.from(atob(blob.replaceAll('-', '+').replaceAll('_', '/')), (each) =>
      each.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new GraphFault(`${what} is no base64url of JSON: ${quoted(blob)}`);
  }
}

function takeRecord(record: Members, what: string, held: Held, listed: Listed): void {
  if (record.type === 'norc_trust_certificate') takeCertificate(record, what, held);
  else if (record.type === 'norc_crl') takeList(record, what, listed);
  else
    throw new GraphFault(
      `${what} has type ${quoted(String(record.type))}: neither norc_trust_certificate nor norc_crl`,
    );
}

function recordOf(value: unknown, what: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new GraphFault(`${what} is no JSON object`);
}

function textOf(record: Members, name: string, what: string): string {
  const value = record[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new GraphFault(`${what} has no text ${name}`);
}

function timeOf(record: Members, name: string, what: string): number {
  const value = record[name];
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw new GraphFault(`${what} has no time ${name} in whole seconds`);
}

function takeCertificate(record: Members, what: string, held: Held): void {
  const level = textOf(record, 'trust_level', what);
  if (!Object.hasOwn(levels, level))
    throw new GraphFault(`${what} has trust_level ${quoted(level)}, which is none`);
  const certificate: Certificate = {
    id: textOf(record, 'certificate_id', what),
    issuer: textOf(record, 'issuer_server', what),
    subject: textOf(record, 'subject_server', what),
    level: level as Level,
    notBefore: timeOf(record, 'not_before', what),
    notAfter: timeOf(record, 'not_after', what),
  };
  const known = held.get(certificate.id);
  // Both ends hold the same certificate; two that share an id are somebody's lie or mistake.
  if (known && JSON.stringify(known) !== JSON.stringify(certificate))
    throw new GraphFault(`${what} is another certificate than one before with its certificate_id`);
  held.set(certificate.id, certificate);
}

function takeList(record: Members, what: string, listed: Listed): void {
  const issuer = textOf(record, 'issuer_server', what);
  const entries = record.revoked_certificates;
  if (!Array.isArray(entries)) throw new GraphFault(`${what} has no list revoked_certificates`);
  for (const [index, value] of entries.entries()) {
    const where = `${what}, entry ${index + 1}`;
    const entry = recordOf(value, where);
    const revocation = {
      issuer,
      date: timeOf(entry, 'revocation_date', where),
      isForAllTimes: !softReasons.includes(textOf(entry, 'revocation_reason', where)),
    };
    const key = `${issuer} ${textOf(entry, 'certificate_id', where)}`;
    listed.set(key, stricter(listed.get(key), revocation));
  }
}

/** After these the key was still its owner's: what was issued before stands. */
const softReasons: readonly string[] = [
  'superseded',
  'cessation_of_operation',
  'affiliation_changed',
] satisfies readonly CrlReason[];

/** Lists of several times may name a certificate differently: the worst is taken, then the first. */
function stricter(known: Revocation | undefined, other: Revocation): Revocation {
  if (!known) return other;
  if (known.isForAllTimes !== other.isForAllTimes) return known.isForAllTimes ? known : other;
  return known.date <= other.date ? known : other;
}

function graphAt(at: number, held: Held, listed: Listed, signatures: string): ReadFile {
  const sink = createRowSink();
  const dead = { notYet: 0, expired: 0, revoked: 0 };
  for (const certificate of held.values()) {
    const { id, issuer, subject, level, notBefore, notAfter } = certificate;
    // Only its issuer revokes a certificate.
    const revocation = listed.get(`${issuer} ${id}`);
    if (at < notBefore) dead.notYet += 1;
    else if (at >= notAfter) dead.expired += 1;
    else if (revocation && (revocation.isForAllTimes || at >= revocation.date)) dead.revoked += 1;
    else
      sink.add(
        sink.node(issuer),
        sink.node(subject),
        (levels[level].threshold ?? 0) / 100,
        notBefore,
      );
  }
  return {
    rows: sink.finish(),
    understood:
      `certificates at ${at}: ${held.size}, of which ${dead.notYet} not yet valid, ` +
      `${dead.expired} expired, ${dead.revoked} revoked; an edge from issuer to subject weighs the ` +
      `least score of its level; ${signatures}`,
  };
}
