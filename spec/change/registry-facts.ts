/** The facts of registries/ and machines/: a table says what each member of a row is to a peer. */
import type { Json } from '../schema.ts';
import type { Facts, Kind } from './facts.ts';
import { isInForce, type OpenTree, type Row, rowsIn, textIn } from './tree.ts';

interface RegistryTable {
  readonly file: string;
  /** The member that holds the rows. */
  readonly rows: string;
  /** What a row is called, and the members that name it. */
  readonly title: string;
  readonly key: readonly string[];
  readonly kind: Kind;
  /** Whether the order of the rows counts. */
  readonly ordered?: true;
  readonly members: { readonly [member: string]: Kind };
}

/** Members that are not named explain, and change nothing on the wire. A list is a fact an element. */
const tables: readonly RegistryTable[] = [
  {
    ...{ file: 'error-codes', rows: 'codes', title: 'error code', key: ['code'] },
    kind: 'error-code',
    members: { category: 'shared-value', layer: 'shared-value', reasons: 'reason', retry: 'hint' },
  },
  {
    ...{ file: 'error-codes', rows: 'ranges', title: 'error range', key: ['from', 'to'] },
    kind: 'error-range',
    members: { category: 'shared-value' },
  },
  {
    ...{ file: 'cipher-suites', rows: 'suites', title: 'suite', key: ['id'] },
    ...{ kind: 'negotiable', ordered: true },
    members: {
      value: 'shared-value',
      signature: 'shared-value',
      key_agreement: 'shared-value',
      kem: 'shared-value',
      aead: 'shared-value',
      hash: 'shared-value',
      mandatory: 'shared-value',
    },
  },
  {
    ...{ file: 'levels', rows: 'levels', title: 'level', key: ['level'] },
    ...{ kind: 'shared-row', ordered: true },
    members: {
      rank: 'shared-value',
      grantable: 'shared-value',
      threshold: 'limit-minimum',
      ca_types: 'enum-value',
      signing_algorithms: 'enum-value',
      chain_algorithms: 'shared-value',
      certificate_transparency: 'shared-value',
      ocsp: 'shared-value',
      compliance_standards: 'gate',
      background_check: 'shared-value',
      permissions: 'enum-value',
      max_message_bytes: 'limit-maximum',
      hybrid_pq: 'shared-value',
    },
  },
  {
    ...{ file: 'levels', rows: 'methods', title: 'method', key: ['method'] },
    kind: 'negotiable',
    members: {
      automatic: 'hint',
      max_trust_level: 'shared-value',
      max_with_ca: 'shared-value',
      needs_chain: 'shared-value',
      validation_seconds: 'hint',
      revocation_support: 'shared-value',
    },
  },
  {
    ...{ file: 'permissions', rows: 'permissions', title: 'permission', key: ['permission'] },
    kind: 'shared-row',
    members: { gates: 'gate', condition: 'shared-value', refusal: 'shared-value' },
  },
  {
    ...{ file: 'capabilities', rows: 'capabilities', title: 'capability', key: ['capability'] },
    kind: 'negotiable',
    members: { layers: 'negotiable', gates: 'gate' },
  },
  {
    ...{ file: 'classifications', rows: 'ladders', title: 'ladder', key: ['ladder'] },
    kind: 'shared-row',
    members: { labels: 'enum-value' },
  },
  {
    ...{ file: 'classifications', rows: 'ceilings', title: 'ceiling', key: ['level'] },
    kind: 'shared-row',
    members: { national: 'shared-value', nato: 'shared-value', by_policy: 'shared-value' },
  },
  {
    ...{ file: 'labels', rows: 'labels', title: 'label', key: ['name'] },
    kind: 'shared-row',
    members: { label: 'shared-value', kind: 'shared-value' },
  },
];

export function addRegistryFacts(facts: Facts, tree: OpenTree, version: string): void {
  for (const table of tables) addTable(facts, tree, table, version);
  for (const path of tree.list('machines')) {
    if (path.endsWith('.yaml')) addMachine(facts, tree.document(path) ?? {});
  }
}

function addTable(facts: Facts, tree: OpenTree, table: RegistryTable, version: string): void {
  const document = tree.document(`registries/${table.file}.yaml`) ?? {};
  const rows = rowsIn(document, table.rows).filter((row) => isInForce(row, version));
  const nameOf = (row: Row) => table.key.map((member) => textIn(row, member)).join('–');
  for (const row of rows) {
    const name = `${table.title} ${nameOf(row)}`;
    facts.set(name, { kind: table.kind, value: true, within: null });
    for (const [member, kind] of Object.entries(table.members)) {
      addMember(facts, name, [member, kind], row[member]);
    }
  }
  if (!table.ordered) return;
  facts.set(`order of each ${table.title}`, {
    kind: 'order',
    value: rows.map(nameOf),
    within: null,
  });
}

function addMember(
  facts: Facts,
  name: string,
  [member, kind]: readonly [string, Kind],
  value: Json | undefined,
): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value) || kind === 'shared-value') {
    facts.set(`${name} ${member}`, { kind, value, within: name });
    return;
  }
  for (const element of value) {
    facts.set(`${name} ${member} ${String(element)}`, { kind, value: true, within: name });
  }
}

/** A transition is known by where it starts, what happens, and under which condition. */
function addMachine(facts: Facts, machine: Row): void {
  const title = `machine ${textIn(machine, 'machine')}`;
  facts.set(title, { kind: 'shared-row', value: true, within: null });
  for (const row of rowsIn(machine, 'transitions')) {
    const from = Array.isArray(row.from) && row.from.length > 0 ? row.from : ['nothing'];
    const condition = row.guard ? ` if ${textIn(row, 'guard')}` : '';
    for (const state of from) {
      const name = `${title}: ${String(state)} on ${textIn(row, 'event')}${condition}`;
      facts.set(name, { kind: 'transition', value: textIn(row, 'to'), within: title });
    }
  }
}
