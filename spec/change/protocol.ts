/**
 * All facts of one state of the protocol at one version. What stands in schemas/, in `since` and in
 * the features of versions.yaml differs by version; everything else is the same at all of them.
 */
import type { Json, JsonSchema } from '../schema.ts';
import type { Facts, Kind } from './facts.ts';
import { orderOf } from './meeting.ts';
import { addRegistryFacts } from './registry-facts.ts';
import { addSchemaFacts } from './schema-facts.ts';
import {
  isInForce,
  type OpenTree,
  openTree,
  type Row,
  rowsIn,
  type SpecTree,
  SpecUnreadable,
  textIn,
  textsIn,
} from './tree.ts';

/** Ascending. Throws SpecUnreadable where the tree is no state of the protocol. */
export function versionsOf(tree: OpenTree): readonly string[] {
  const document = tree.document('versions.yaml');
  if (!document) throw new SpecUnreadable(`${tree.name}: no spec/versions.yaml in it`);
  return rowsIn(document, 'versions')
    .map((row) => textIn(row, 'version'))
    .sort(orderOf);
}

export function factsAt(tree: OpenTree, version: string): Facts {
  const facts: Facts = new Map();
  addMessages(facts, tree, version);
  addLimits(facts, tree);
  addRegister(facts, tree, version);
  addRegistryFacts(facts, tree, version);
  addVersioning(facts, tree, version);
  return facts;
}

/** Of a tree that is not open yet. */
export const versionsIn = (tree: SpecTree): readonly string[] => versionsOf(openTree(tree));

const EMITTED = ['emitted/register.json', 'emitted/messages.json', 'emitted/limits.json'];

/** What a tree does not hold, so that it cannot be compared. */
export function missingFrom(tree: SpecTree): readonly string[] {
  return EMITTED.filter((path) => tree.read(path) === null);
}

// --- messages -------------------------------------------------------------------------------------

/** 2.0 asks for the shapes of 1.1 and has no folder of its own: the greatest folder up to it holds. */
function folderFor(tree: OpenTree, version: string): string {
  const folders = new Set(
    tree.list('schemas').flatMap((path) => /^schemas\/(\d+\.\d+)\//.exec(path)?.[1] ?? []),
  );
  const known = [...folders].filter((folder) => orderOf(folder, version) <= 0).sort(orderOf);
  return known.at(-1) ?? version;
}

function addMessages(facts: Facts, tree: OpenTree, version: string): void {
  const folder = `schemas/${folderFor(tree, version)}`;
  for (const path of tree.list(folder)) {
    if (!path.endsWith('.json')) continue;
    const schema = tree.document(path) as JsonSchema | null;
    const name = `message ${path.slice(folder.length + 1, -'.json'.length)}`;
    facts.set(name, { kind: 'message', value: true, within: null });
    if (schema) addSchemaFacts(facts, name, schema);
  }
  const document = tree.document('emitted/messages.json');
  for (const row of document ? rowsIn(document, 'messages') : []) addDeclaration(facts, row);
}

function addDeclaration(facts: Facts, row: Row): void {
  const name = `message ${textIn(row, 'type')}`;
  if (!facts.has(name)) return; // Not of this version.
  const one = (what: string, kind: Kind, value: string): void => {
    if (value !== '') facts.set(`${name} ${what}`, { kind, value, within: name });
  };
  const each = (what: string, kind: Kind, values: readonly string[]): void => {
    for (const value of values) one(`${what} ${value}`, kind, 'true');
  };
  const signed = (row.signed ?? {}) as Row;
  one('code', 'registry-byte', textIn(row, 'code'));
  one('direction', 'direction', textIn(row, 'direction'));
  one('signature', 'signature', [signed.member, signed.by].filter(Boolean).join(' by '));
  each('legal in', 'legal-state', textsIn(row, 'legalIn'));
  each('answered by', 'answer', textsIn(row, 'answeredBy'));
  each('alias', 'alias', textsIn(row, 'aliases'));
}

// --- limits and the register ------------------------------------------------------------------------

function addLimits(facts: Facts, tree: OpenTree): void {
  const document = tree.document('emitted/limits.json');
  if (!document) return;
  for (const row of rowsIn(document, 'limits')) {
    const kind = `limit-${textIn(row, 'sense')}` as Kind;
    facts.set(`limit ${textIn(row, 'limit')}`, { kind, value: row.value ?? null, within: null });
  }
  for (const row of rowsIn(document, 'fixed')) {
    const value = row.value ?? null;
    facts.set(`fixed ${textIn(row, 'fixed')}`, { kind: 'limit-exact', value, within: null });
  }
}

/** On these no peer can judge another. */
const UNSEEN = new Set(['architecture', 'none']);

function addRegister(facts: Facts, tree: OpenTree, version: string): void {
  const document = tree.document('emitted/register.json');
  if (!document) return;
  for (const row of rowsIn(document, 'requirements')) {
    if (!isInForce(row, version)) continue;
    const name = `requirement ${textIn(row, 'id')}`;
    const level = textIn(row, 'level');
    if (UNSEEN.has(textIn(row, 'observe'))) {
      facts.set(name, { kind: 'unobservable', value: textIn(row, 'statement'), within: null });
      continue;
    }
    facts.set(name, { kind: 'requirement', value: level, within: null });
    addStatement(facts, name, level === 'MAY' ? 'unobservable' : 'statement', row, 'statement');
  }
  for (const row of rowsIn(document, 'readings')) {
    const name = `reading ${textIn(row, 'id')}`;
    const isSilent = row.documentation === true;
    const kind = isSilent ? 'unobservable' : 'reading';
    facts.set(name, { kind, value: textIn(row, 'option'), within: null });
    addStatement(facts, name, isSilent ? 'unobservable' : 'statement', row, 'take');
  }
}

function addStatement(facts: Facts, name: string, kind: Kind, row: Row, member: string): void {
  facts.set(`${name} ${member}`, { kind, value: textIn(row, member), within: name });
}

// --- versions ---------------------------------------------------------------------------------------

function addVersioning(facts: Facts, tree: OpenTree, version: string): void {
  const document = tree.document('versions.yaml');
  if (!document) return;
  const { max_major_distance, grammar, steps } = (document.amc ?? {}) as Row;
  const rule = (name: string, kind: Kind, value: Json = null): void =>
    void facts.set(`amc ${name}`, { kind, value, within: null });
  rule('max_major_distance', 'meeting-rule', max_major_distance);
  rule('grammar', 'meeting-rule', grammar);
  for (const [at, step] of (Array.isArray(steps) ? (steps as Row[]) : []).entries()) {
    rule(`step ${at + 1}`, 'statement', textIn(step, 'step'));
  }
  for (const row of rowsIn(document, 'features')) {
    const duty = dutyAt((row.at ?? {}) as Row, version);
    if (duty === undefined) continue;
    const name = `feature ${textIn(row, 'feature')}`;
    facts.set(name, { kind: 'duty', value: duty, within: null });
  }
}

/** A version that a feature does not name asks what the greatest one before it asks. */
function dutyAt(at: Row, version: string): Json | undefined {
  const named = Object.keys(at).filter((one) => orderOf(one, version) <= 0);
  return at[named.sort(orderOf).at(-1) ?? ''];
}
