/** A copy of our own spec in memory, and edits of it as somebody would make them. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { SpecTree } from '../../../spec/change/tree.ts';

const room = new URL('../../../spec/', import.meta.url);

export type Files = Map<string, string>;
export type Edit = (files: Files) => void;

export function ownSpec(): Files {
  const paths = readdirSync(room, { recursive: true, encoding: 'utf8' });
  const data = paths.filter((path) => /\.(?:json|yaml)$/.test(path));
  return new Map(data.map((path) => [path, readFileSync(new URL(path, room), 'utf8')]));
}

export function treeOf(files: Files, name = 'ours'): SpecTree {
  return {
    name,
    read: (path) => files.get(path) ?? null,
    list: (folder) => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort(),
  };
}

export function planted(files: Files, edits: readonly Edit[]): SpecTree {
  const copy = new Map(files);
  for (const edit of edits) edit(copy);
  return treeOf(copy, 'planted');
}

// biome-ignore lint/suspicious/noExplicitAny: an edit goes anywhere in a document without a type
type Document = any;

/** JSON or YAML. An edit that changes nothing is a mistake of the test. */
export const edit =
  (path: string, change: (document: Document) => void): Edit =>
  (files) => {
    const text = files.get(path);
    if (text === undefined) throw new Error(`there is no ${path}`);
    const isJson = path.endsWith('.json');
    const document = isJson ? JSON.parse(text) : parse(text);
    change(document);
    const edited = isJson ? JSON.stringify(document) : stringify(document);
    if (edited === (isJson ? JSON.stringify(JSON.parse(text)) : stringify(parse(text)))) {
      throw new Error(`the edit of ${path} changes nothing`);
    }
    files.set(path, edited);
  };

/** The shape of a message in both folders. */
export const shape = (type: string, change: (schema: Document) => void): Edit =>
  all(edit(`schemas/1.0/${type}.json`, change), edit(`schemas/1.1/${type}.json`, change));

export const all =
  (...edits: readonly Edit[]): Edit =>
  (files) => {
    for (const one of edits) one(files);
  };

export const declare = (version: string): Edit =>
  edit('versions.yaml', ({ versions }) => versions.push({ version, title: 't', meaning: 'm' }));

/** A folder of shapes of its own, as the greatest one is. */
export const newShapes =
  (version: string): Edit =>
  (files) => {
    for (const [path, text] of [...files]) {
      if (path.startsWith('schemas/1.1/')) files.set(path.replace('/1.1/', `/${version}/`), text);
    }
  };

/** The row of a table in a document. */
export const row = (
  path: string,
  table: string,
  [key, value]: readonly [string, unknown],
  change: (found: Document) => void,
): Edit =>
  edit(path, (document) => {
    const found = document[table].find((one: Document) => one[key] === value);
    if (!found) throw new Error(`no ${key} ${value} in ${path}`);
    change(found);
  });

export const drop = (path: string, table: string, [key, value]: readonly [string, unknown]): Edit =>
  edit(path, (document) => {
    document[table] = document[table].filter((one: Document) => one[key] !== value);
  });

export const insert = (path: string, table: string, added: object): Edit =>
  edit(path, (document) => document[table].push(added));
