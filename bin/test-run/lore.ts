/** The register in the form that a run asks for it. */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import { loadReadings, loadRequirements } from '../../spec/register.ts';
import type { Reading, Requirement } from '../../spec/register-schema.ts';
import type { Level } from '../../test/conformance/verdict.ts';

export interface Lore {
  readonly register: readonly Requirement[];
  requirement(id: RequirementId): Requirement | undefined;
  reading(id: string): Reading | undefined;
  levelOf(id: RequirementId): Level;
}

export function loadLore(): Lore {
  const register = loadRequirements();
  const requirements = new Map(register.map((row) => [row.id, row]));
  const readings = new Map<string, Reading>(loadReadings().map((entry) => [entry.id, entry]));
  return {
    register,
    requirement: (id) => requirements.get(id),
    reading: (id) => readings.get(id),
    levelOf: (id) => requirements.get(id)?.level ?? 'MUST',
  };
}
