/**
 * The register in the form that a run asks for it. Reading it takes longer than many cases, and one
 * that passes needs nothing of it: it is read when first asked for.
 */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Reading, Requirement } from '../../spec/register-schema.ts';
import { readingRows, requirementRows } from '../../spec/rows.ts';
import type { Level } from '../../test/conformance/verdict.ts';

export interface Lore {
  readonly register: readonly Requirement[];
  requirement(id: RequirementId): Requirement | undefined;
  reading(id: string): Reading | undefined;
  levelOf(id: RequirementId): Level;
}

interface Loaded {
  readonly register: readonly Requirement[];
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly readings: ReadonlyMap<string, Reading>;
}

let loaded: Loaded | undefined;

export function createLore(): Lore {
  const lore = (): Loaded => {
    loaded ??= load();
    return loaded;
  };
  return {
    get register() {
      return lore().register;
    },
    requirement: (id) => lore().requirements.get(id),
    reading: (id) => lore().readings.get(id),
    levelOf: (id) => lore().requirements.get(id)?.level ?? 'MUST',
  };
}

function load(): Loaded {
  const register = requirementRows();
  return {
    register,
    requirements: new Map(register.map((row) => [row.id, row])),
    readings: new Map(readingRows().map((entry) => [entry.id, entry])),
  };
}
