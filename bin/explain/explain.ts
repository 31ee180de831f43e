/** Gathers all that the project knows of one name. */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Declaration } from '../../spec/message.ts';
import { loadMachines, loadRegistry } from '../../spec/register.ts';
import type { ErrorCodeRow, Machine, Reading, Requirement } from '../../spec/register-schema.ts';
import { readingRows as readings, requirementRows as requirements } from '../../spec/rows.ts';
import { enforcedAt } from './enforced-at.ts';
import { lastVerdict } from './last-verdict.ts';
import { type Linking, vectorFacts } from './vector-facts.ts';

export interface Explanation {
  readonly title: string;
  readonly kind: string;
  readonly facts: readonly { readonly name: string; readonly lines: readonly string[] }[];
}

/** Reading a file of the register takes a moment: each is read when first asked for, and once. */
function once<T>(load: () => T): () => T {
  let loaded: { readonly value: T } | undefined;
  return () => {
    loaded ??= { value: load() };
    return loaded.value;
  };
}

const machines = once(loadMachines);
const errorCodes = once(
  () => loadRegistry<{ codes: readonly ErrorCodeRow[] }>('error-codes').codes,
);

export async function explain(name: string): Promise<Explanation | undefined> {
  const upper = name.toUpperCase();
  const requirement = requirements().find((row) => row.id === upper);
  if (requirement) return requirementFacts(requirement);
  const reading = readings().find((entry) => entry.id === upper);
  if (reading) return readingFacts(reading);
  const code = errorCodes().find((row) => String(row.code) === name);
  if (code) return errorFacts(code);
  const { messages } = await import('../../spec/messages.ts');
  const message = Object.values<Declaration>(messages).find(
    (declared) => declared.type === name || declared.aliases.includes(name),
  );
  if (message) return messageFacts(message);
  const machine = machines().find((each) => each.machine === name);
  return machine ? machineFacts(machine) : vectorFacts(name, linking);
}

const linking: Linking = {
  requirement: (id) => `${id} ${requirements().find((row) => row.id === id)?.statement ?? ''}`,
  reading: readingLine,
};

/** Names that look like `name`, best first. */
export async function nearestNames(name: string): Promise<readonly string[]> {
  const { messages } = await import('../../spec/messages.ts');
  const names = [
    ...requirements().map((row) => row.id),
    ...readings().map((entry) => entry.id),
    ...errorCodes().map((row) => String(row.code)),
    ...Object.keys(messages),
    ...machines().map((each) => each.machine),
  ];
  const wanted = name.toLowerCase();
  return names
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(2, wanted.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 4)
    .map(({ candidate }) => candidate);
}

async function requirementFacts(row: Requirement): Promise<Explanation> {
  const whose = row.assigned ? 'ours, from a schema or narrative' : "the documents'";
  return {
    title: row.id,
    kind: 'requirement',
    facts: [
      { name: 'Statement', lines: [row.statement] },
      { name: 'Level', lines: [`${row.level} (the level is ${whose})`] },
      { name: 'Source', lines: [row.source] },
      { name: 'Readings it hangs on', lines: row.readings.map(readingLine) },
      { name: 'How it can be observed', lines: [observation(row)] },
      { name: 'Enforced in the reference at', lines: enforcedAt(row.id) },
      {
        name: 'Verified by',
        lines: await casesFor((theCase) => theCase.verifies.includes(row.id)),
      },
      { name: 'Last verdict', lines: lastVerdict(row.id) },
    ],
  };
}

function observation({ observe, check, reason, subject }: Requirement): string {
  const how = observe === 'wire' ? check.wire : (check.simulation ?? check.wire);
  const whom = subject === 'device' ? ' (a duty of devices)' : '';
  return `${observe}${whom}${how ? `: ${how}` : ''}${reason ? ` (${reason})` : ''}`;
}

function readingLine(id: string): string {
  const reading = readings().find((entry) => entry.id === id);
  return `${id} ${reading?.title ?? ''}: ${reading?.take ?? ''}`;
}

async function readingFacts(reading: Reading): Promise<Explanation> {
  const options = (reading.options ?? []).map(({ key, text }) => {
    const taken = key === reading.option ? ' (taken)' : '';
    const testable =
      key === reading.testable_alternative ? ` (testable: --reading ${reading.id}=${key})` : '';
    return `${key}: ${text}${taken}${testable}`;
  });
  const hanging = requirements().filter((row) => row.readings.includes(reading.id));
  return {
    title: `${reading.id} ${reading.title}`,
    kind: 'ledger entry',
    facts: [
      { name: 'What the documents do', lines: [reading.problem] },
      { name: 'Options', lines: options },
      { name: 'Reading we take', lines: [reading.take] },
      { name: 'Why', lines: [reading.why] },
      { name: 'What a peer sees', lines: [reading.visible] },
      { name: 'Requirements that hang on it', lines: hanging.map((r) => `${r.id} ${r.statement}`) },
      {
        name: 'Cases whose verdict hangs on it',
        lines: await casesFor((c) => c.readings.includes(reading.id)),
      },
    ],
  };
}

function errorFacts(row: ErrorCodeRow): Explanation {
  const citing = requirements().filter((requirement) =>
    `${requirement.statement} ${requirement.check.wire ?? ''}`.includes(String(row.code)),
  );
  return {
    title: `${row.code} ${row.name}`,
    kind: `error code, ${row.category}`,
    facts: [
      { name: 'Meaning', lines: [row.meaning] },
      { name: 'Text on the wire', lines: [row.message] },
      { name: 'Reasons (details.reason)', lines: row.reasons ?? [] },
      { name: 'Source', lines: [`${row.source}${row.proposed ? ' (proposed by us)' : ''}`] },
      { name: 'Requirements that name it', lines: citing.map((r) => `${r.id} ${r.statement}`) },
    ],
  };
}

function messageFacts(declared: Declaration): Explanation {
  const required = new Set(declared.json.required ?? []);
  const added = new Set(declared.json['x-added'] ?? []);
  const members = Object.entries(declared.json.properties ?? {}).map(([name, member]) => {
    const presence = added.has(name) ? 'from 1.1' : required.has(name) ? 'always' : 'optional';
    return `${name}: ${member['x-kind'] ?? member.type ?? 'value'} (${presence})`;
  });
  const code = declared.code === null ? 'none' : `0x${declared.code.toString(16).padStart(2, '0')}`;
  return {
    title: declared.type,
    kind: `message ${declared.row}, NORC ${declared.layer} layer`,
    facts: [
      { name: 'What it does', lines: [declared.summary] },
      { name: 'Code', lines: [`${code} (${declared.codeStatus})`] },
      { name: 'Direction', lines: [declared.direction] },
      { name: 'Legal in', lines: [declared.legalIn.join(', ')] },
      { name: 'Answered by', lines: [declared.answeredBy.join(', ') || 'nothing'] },
      {
        name: 'Signed',
        lines: [declared.signed ? `${declared.signed.member} by ${declared.signed.by}` : 'not'],
      },
      { name: 'Members', lines: members },
      { name: 'Source', lines: [declared.source.join(', ')] },
      { name: 'Readings', lines: declared.readings.map(readingLine) },
      { name: 'Its shape is required by', lines: [declared.shape] },
      { name: 'Schema', lines: [`spec/schemas/1.1/${declared.type}.json`] },
    ],
  };
}

function machineFacts(machine: Machine): Explanation {
  const rows = machine.transitions.map(
    (t) =>
      `${t.n}: ${[t.from].flat().join('|')} --${t.event}--> ${t.to}${t.guard ? `  if ${t.guard}` : ''}`,
  );
  return {
    title: machine.machine,
    kind: 'state machine',
    facts: [
      { name: 'States', lines: [machine.states.join(', ')] },
      { name: 'Transitions', lines: rows },
    ],
  };
}

/** All cases are loaded here only: other names are explained without. */
async function casesFor(
  wanted: (theCase: { verifies: readonly RequirementId[]; readings: readonly string[] }) => boolean,
): Promise<readonly string[]> {
  const { allCases } = await import('../../test/conformance/registry.ts');
  return allCases.filter(wanted).map((theCase) => `${theCase.id}: ${theCase.title}`);
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
