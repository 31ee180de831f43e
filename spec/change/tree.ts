/** One state of this room as files, wherever they lie: a folder, a commit, a test. */
import { parse } from 'yaml';
import type { Json } from '../schema.ts';
import { orderOf } from './meeting.ts';

export interface SpecTree {
  /** For messages to a person. */
  readonly name: string;
  /** Null where there is no such file. Paths are below spec/. */
  read(path: string): string | null;
  /** Paths of all files below the folder. */
  list(folder: string): readonly string[];
}

/** A file that is not what it must be: which, where, what. */
export class SpecUnreadable extends Error {
  override readonly name = 'SpecUnreadable';
}

export type Row = { readonly [member: string]: Json };

/** A tree whose documents are parsed once, however often they are asked for. */
export interface OpenTree {
  readonly name: string;
  /** A JSON or YAML file as an object. Null where it is missing. Throws SpecUnreadable. */
  document(path: string): Row | null;
  list(folder: string): readonly string[];
}

/** `passedOver`: files that count as missing. */
export function openTree(tree: SpecTree, passedOver: readonly string[] = []): OpenTree {
  const known = new Map<string, Row | null>();
  return {
    name: tree.name,
    list: (folder) => tree.list(folder),
    document(path) {
      const found = known.get(path);
      if (found !== undefined) return found;
      const text = passedOver.includes(path) ? null : tree.read(path);
      const row = text === null ? null : objectIn(tree, path, text);
      known.set(path, row);
      return row;
    },
  };
}

/** The rows of one member of a document. */
export function rowsIn(document: Row, member: string): readonly Row[] {
  const rows = document[member];
  return Array.isArray(rows) ? (rows as Row[]) : [];
}

/** A row that says `since` is not there before that version. */
export function isInForce(row: Row, version: string): boolean {
  return row.since === undefined || orderOf(String(row.since), version) <= 0;
}

export const textIn = (row: Row, member: string): string => String(row[member] ?? '');

export function textsIn(row: Row, member: string): readonly string[] {
  const list = row[member];
  return Array.isArray(list) ? list.map(String) : [];
}

function objectIn(tree: SpecTree, path: string, text: string): Row {
  const value = parsed(tree, path, text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  throw new SpecUnreadable(`${tree.name}: spec/${path} holds no object`);
}

function parsed(tree: SpecTree, path: string, text: string): unknown {
  try {
    return path.endsWith('.json') ? JSON.parse(text) : parse(text);
  } catch (error) {
    const [what] = String(error instanceof Error ? error.message : error).split('\n');
    throw new SpecUnreadable(`${tree.name}: spec/${path} cannot be read: ${what}`);
  }
}
