/**
 * The evidence file of `norc trust assess`: YAML or JSON by its schema
 * (reference/trust/evidence/evidence-file.schema.json). Every fault is said with file, line and
 * column, all at once.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import { type Micros, millis, toSeconds } from '../../reference/time.ts';
import type { Dossier } from '../../reference/trust/evidence/assessment.ts';
import { UsageError } from '../usage-error.ts';

interface Members {
  readonly subject: string;
  readonly at: string;
  readonly method: string;
  readonly chain?: {
    readonly authority: string;
    readonly keys: readonly { readonly algorithm: string; readonly bits: number }[];
    readonly expires: string;
  };
  readonly ocsp?: 'good' | 'missing';
  readonly transparency?: 'proven' | 'missing';
  readonly domain_observed?: string;
  readonly signed_statements?: number;
  readonly recommendations?: number;
  readonly attestations?: readonly { readonly standard: string; readonly expires: string }[];
  readonly revocations_for_cause?: number;
  readonly trusted_since?: string;
  readonly clearance?: { readonly level: string; readonly adjudicated: string };
  readonly hybrid_link?: boolean;
}

export interface EvidenceFile {
  readonly subject: string;
  readonly dossier: Dossier;
}

const MOST_BYTES = 1 << 20;
const schemaFile = new URL(
  '../../reference/trust/evidence/evidence-file.schema.json',
  import.meta.url,
);

/** Throws UsageError. */
export function readEvidenceFile(path: string): EvidenceFile {
  const lines = new LineCounter();
  // Dates stay as they are written: `core` knows none.
  const document = parseDocument(textOf(path), { lineCounter: lines, schema: 'core' });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const broken = document.errors.map(({ pos, message }) => {
    return `${place(pos[0])}: ${message.split('\n')[0]}`;
  });
  if (broken.length > 0) throw new UsageError(broken.join('\n'));
  const members = valuesOf(document, path);
  const faults = faultsOf(members, (at, member) => place(offsetOf(document, at, member)));
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return dossierOf(members as Members);
}

function textOf(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= MOST_BYTES) return bytes.toString('utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new UsageError(`${path}: cannot be read (${why})`);
  }
  throw new UsageError(`${path}: larger than ${MOST_BYTES} bytes`);
}

/** Aliases could make a small file large. */
function valuesOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    throw new UsageError(`${path}:1:1: aliases (*name) are not taken here`);
  }
}

type Path = readonly (string | number)[];

function faultsOf(members: unknown, place: (at: Path, member?: string) => string): string[] {
  const validate = new Ajv2020({ allErrors: true }).compile(
    JSON.parse(readFileSync(schemaFile, 'utf8')),
  );
  if (!validate(members)) return [...new Set((validate.errors ?? []).map((e) => told(e, place)))];
  return momentsIn(members as object).flatMap(({ at, text }) =>
    Number.isNaN(Date.parse(text)) ? [`${place(at)}: ${text} is no date of the calendar`] : [],
  );
}

function told(error: ErrorObject, place: (at: Path, member?: string) => string): string {
  const at = pathOf(error.instancePath);
  const name = at.join('.') || 'the file';
  const { params, keyword, message } = error;
  switch (keyword) {
    case 'additionalProperties': {
      const member = String(params.additionalProperty);
      return `${place(at, member)}: unknown member ${member} in ${name}`;
    }
    case 'enum':
      return `${place(at)}: ${name} must be one of ${params.allowedValues.join(', ')}`;
    case 'pattern':
      return `${place(at)}: ${name} must be a date such as 2026-11-29 or 2026-11-29T12:00:00Z`;
    default:
      return `${place(at)}: ${name} ${message ?? 'is not right'}`;
  }
}

function pathOf(pointer: string): Path {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Where a value stands; of a member that should not be there, its name. */
function offsetOf(document: Document, at: Path, member?: string): number {
  const node = at.length === 0 ? document.contents : document.getIn(at, true);
  if (member !== undefined && isMap(node)) {
    const pair = node.items.find(({ key }) => String(key) === member);
    const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
    if (range) return range[0];
  }
  const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
  return range?.[0] ?? 0;
}

/** Every text that the schema has let through as a moment, with its place. */
function momentsIn(value: unknown, at: Path = []): { at: Path; text: string }[] {
  if (typeof value === 'string') {
    return /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) ? [{ at, text: value }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    return momentsIn(inner, [...at, Array.isArray(value) ? Number(name) : name]);
  });
}

function dossierOf(members: Members): EvidenceFile {
  const { chain, clearance } = members;
  return {
    subject: members.subject,
    dossier: {
      at: moment(members.at),
      method: members.method,
      chain: chain
        ? {
            authority: chain.authority,
            keys: chain.keys,
            expiresAtSeconds: secondsOf(chain.expires),
          }
        : null,
      ocspGood: members.ocsp === 'good',
      transparencyProven: members.transparency === 'proven',
      domainObservedAtSeconds: secondsOrNull(members.domain_observed),
      signedStatements: members.signed_statements ?? 0,
      recommendationThousandths: members.recommendations ?? 0,
      attestations: (members.attestations ?? []).map(({ standard, expires }) => ({
        standard,
        expiresAtSeconds: secondsOf(expires),
      })),
      revocationsForCause: members.revocations_for_cause ?? 0,
      trustedSinceSeconds: secondsOrNull(members.trusted_since),
      clearance: clearance
        ? { held: clearance.level, adjudicatedAtSeconds: secondsOf(clearance.adjudicated) }
        : null,
      hybridLink: members.hybrid_link ?? false,
    },
  };
}

function moment(text: string): Micros {
  return millis(Date.parse(text));
}

function secondsOf(text: string): number {
  return toSeconds(moment(text));
}

function secondsOrNull(text: string | undefined): number | null {
  return text === undefined ? null : secondsOf(text);
}
