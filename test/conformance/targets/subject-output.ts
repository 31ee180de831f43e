/**
 * What a subject writes (spec/choices.md, start contract): JSON lines with a member `norc` are for
 * the suite; everything else is its log, of which the last lines are kept for a report of its
 * death.
 */
import type { Readable } from 'node:stream';
import { Ajv2020 } from 'ajv/dist/2020.js';

export interface ReadyLine {
  readonly norc: 'ready';
  readonly client_url: string;
  readonly federation_port: number;
  readonly capabilities: readonly string[];
  readonly versions: readonly string[];
}

export type SubjectLine =
  | ReadyLine
  | {
      readonly norc: 'publish-txt' | 'withdraw-txt';
      readonly name: string;
      readonly value: string;
    };

export interface SubjectOutput {
  listen(stream: Readable, onLine: ((line: LineReading) => void) | null): void;
  /** Last lines of its log. */
  text(): string;
}

/** A line for the suite, or one that wants to be and is wrong: why. */
export type LineReading = SubjectLine | { readonly norc: 'malformed'; readonly reason: string };

const KEPT_LINES = 200;
/** A line without end is cut, so that it cannot fill the memory. */
const LINE_CHARACTERS = 64 * 1024;

const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text };
const record = {
  type: 'object',
  required: ['name', 'value'],
  properties: { name: text, value: text },
};
const schemas: { readonly [norc: string]: object } = {
  ready: {
    type: 'object',
    required: ['client_url', 'federation_port', 'capabilities', 'versions'],
    properties: {
      client_url: { type: 'string', pattern: '^wss://' },
      federation_port: { type: 'integer', minimum: 1, maximum: 65_535 },
      capabilities: texts,
      versions: { ...texts, minItems: 1 },
    },
  },
  'publish-txt': record,
  'withdraw-txt': record,
};
const ajv = new Ajv2020({ validateSchema: false });
const validators = new Map(
  Object.entries(schemas).map(([norc, schema]) => [norc, ajv.compile(schema)]),
);

export function createSubjectOutput(): SubjectOutput {
  const log: string[] = [];
  const keep = (line: string): void => {
    log.push(line.slice(0, LINE_CHARACTERS));
    if (log.length > KEPT_LINES) log.shift();
  };
  return {
    listen(stream, onLine) {
      stream.setEncoding('utf8');
      let rest = '';
      const take = (line: string): void => {
        const reading = onLine && readLine(line);
        if (reading) onLine(reading);
        const isUnderstood = reading && reading.norc !== 'malformed';
        if (!isUnderstood && line.trim() !== '') keep(line);
      };
      stream.on('data', (chunk: string) => {
        const lines = `${rest}${chunk}`.split(/\r?\n/);
        rest = lines.pop() ?? '';
        lines.forEach(take);
        if (rest.length <= LINE_CHARACTERS) return;
        keep(rest);
        rest = '';
      });
      stream.on('end', () => take(rest));
    },
    text: () => log.join('\n'),
  };
}

/** Null when the line is not for the suite. */
export function readLine(line: string): LineReading | null {
  if (!line.startsWith('{')) return null;
  const value = parsed(line);
  const validate = typeof value?.norc === 'string' ? validators.get(value.norc) : undefined;
  if (!value || !validate) return null;
  if (validate(value)) return value as SubjectLine;
  const [fault] = validate.errors ?? [];
  const reason = `the line ${line.slice(0, 200)}: ${fault?.instancePath ?? ''} ${fault?.message}`;
  return { norc: 'malformed', reason };
}

function parsed(line: string): { readonly norc?: unknown } | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
