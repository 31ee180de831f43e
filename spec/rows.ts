/**
 * The register as it is read at every start: from emitted/register.json, which `npm run emit` writes
 * and CI holds against the YAML. Parsing and checking the YAML itself (register.ts) takes a second.
 */
import { readFileSync } from 'node:fs';
import type { Family, Reading, Requirement } from './register-schema.ts';

export interface Rows {
  readonly families: readonly Family[];
  readonly requirements: readonly Requirement[];
  readonly readings: readonly Reading[];
}

let rows: Rows | null = null;

function all(): Rows {
  rows ??= JSON.parse(readFileSync(new URL('./emitted/register.json', import.meta.url), 'utf8'));
  return rows as Rows;
}

/** All requirements, in the order of registries/families.yaml and of their numbers. */
export const requirementRows = (): readonly Requirement[] => all().requirements;

/** All entries of the ledger, in its order. */
export const readingRows = (): readonly Reading[] => all().readings;

/** The families of requirements, in the order in which a reader meets them. */
export const familyRows = (): readonly Family[] => all().families;
