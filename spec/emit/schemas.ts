/**
 * schemas/<version>/<type>.json: a JSON Schema (2020-12) of every declared message, for other
 * languages. At 1.0 the members that the documents lack are optional (L-V12).
 */
import type { Declaration } from '../message.ts';
import { type JsonSchema, tolerant } from '../schema.ts';

interface SchemaFile {
  readonly path: string;
  readonly text: string;
}

/** Loads the declarations late, because they import what emit.ts writes first. */
export async function schemaFiles(): Promise<SchemaFile[]> {
  const { declarations } = await import('../messages.ts');
  return [...declarations].sort(byType).flatMap(filesOf);
}

function filesOf(declaration: Declaration): SchemaFile[] {
  const strict = fileOf(declaration, '1.1', declaration.json);
  if (declaration.since !== '1.0') return [strict];
  return [fileOf(declaration, '1.0', tolerant(declaration.json)), strict];
}

function fileOf({ type, summary }: Declaration, version: string, json: JsonSchema): SchemaFile {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:norc:schema:${version}:${type}`,
    title: type,
    description: summary,
    ...json,
  };
  return { path: `schemas/${version}/${type}.json`, text: `${JSON.stringify(schema, null, 2)}\n` };
}

const byType = (a: Declaration, b: Declaration): number => (a.type < b.type ? -1 : 1);
