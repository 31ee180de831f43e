/** Operator commands, one JSON line each: `{"norc":"command","command":"establish-trust",…}`. */
import { conditionTypes, renewalReasons } from '../../spec/messages/trust/enumerations.ts';
import type { Json } from '../../spec/schema.ts';
import type { Command } from '../core.ts';
import { isObject, type JsonObject } from '../wire/json.ts';

export type CommandReading = { readonly command: Command } | { readonly fault: string };

type Kind = 'string' | 'number' | 'boolean' | 'strings';
interface Member {
  readonly kind: Kind;
  readonly isOptional?: true;
  readonly oneOf?: readonly string[];
}

/** Of every command of core.ts: its members, so that a misspelt one is not silently ignored. */
const MEMBERS: { readonly [C in Command['command']]: { readonly [name: string]: Member } } = {
  'establish-trust': {
    server: { kind: 'string' },
    level: { kind: 'string' },
    method: { kind: 'string' },
    mutual: { kind: 'boolean', isOptional: true },
  },
  'revoke-trust': {
    server: { kind: 'string' },
    reason: { kind: 'string' },
    scope: { kind: 'string', isOptional: true },
    permissions: { kind: 'strings', isOptional: true },
    gracePeriodSeconds: { kind: 'number', isOptional: true },
  },
  'renew-trust': {
    server: { kind: 'string' },
    reason: { kind: 'string', isOptional: true, oneOf: renewalReasons },
    level: { kind: 'string', isOptional: true },
    permissions: { kind: 'strings', isOptional: true },
    messagesPerSecond: { kind: 'number', isOptional: true },
    bandwidthMbps: { kind: 'number', isOptional: true },
    justification: { kind: 'string', isOptional: true },
  },
  'meet-condition': {
    server: { kind: 'string' },
    condition: { kind: 'string', oneOf: conditionTypes },
    evidence: { kind: 'string' },
    of: { kind: 'string', isOptional: true, oneOf: ['issued', 'held'] },
  },
  'approve-trust': {
    server: { kind: 'string' },
    decision: { kind: 'string', oneOf: ['approve', 'refuse'] },
    request: { kind: 'string', isOptional: true },
    reason: { kind: 'string', isOptional: true },
  },
  'ask-recommendation': {
    server: { kind: 'string' },
    about: { kind: 'string' },
    level: { kind: 'string', isOptional: true, oneOf: ['basic', 'verified', 'strong'] },
  },
  'check-health': {
    server: { kind: 'string' },
    days: { kind: 'number', isOptional: true },
  },
  'ask-audit-root': {
    server: { kind: 'string' },
    daysAgo: { kind: 'number', isOptional: true },
  },
  'dispute-revocation': {
    server: { kind: 'string' },
    status: { kind: 'string', isOptional: true, oneOf: ['disputed', 'appealing'] },
  },
  'clear-revocation': { server: { kind: 'string' } },
  stop: {},
};

/** The fault is for whoever typed the line. */
export function readCommand(line: string): CommandReading {
  const value = parse(line);
  if (!isObject(value) || value.norc !== 'command') {
    return { fault: 'not a line such as {"norc":"command","command":"stop"}' };
  }
  const { norc: _, ...given } = value;
  const name = Object.keys(MEMBERS).find((known) => known === given.command);
  if (name === undefined) {
    return { fault: `unknown command; known: ${Object.keys(MEMBERS).join(', ')}` };
  }
  const members = MEMBERS[name as Command['command']];
  const fault = memberFault(members, given);
  // Every member has been checked against the table of that command.
  return fault === null ? { command: given as unknown as Command } : { fault: `${name}: ${fault}` };
}

function memberFault(
  members: { readonly [name: string]: Member },
  given: JsonObject,
): string | null {
  for (const name of Object.keys(given)) {
    if (name !== 'command' && !Object.hasOwn(members, name)) return `unknown member ${name}`;
  }
  for (const [name, { kind, isOptional, oneOf }] of Object.entries(members)) {
    const value = given[name];
    if (value === undefined && isOptional) continue;
    if (value === undefined) return `${name} is missing`;
    if (!isOf(kind, value)) return `${name} must be of type ${kind}`;
    if (oneOf && !oneOf.includes(String(value))) return `${name} must be ${oneOf.join(' or ')}`;
  }
  return null;
}

function isOf(kind: Kind, value: Json): boolean {
  if (kind !== 'strings') return typeof value === kind;
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** What is not JSON is no object either. */
function parse(line: string): Json {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
