/** The scenarios that come with the simulator, and scenario files in general. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CompileOptions, compileScenario, type Scenario } from '../../sim/scenario/compile.ts';
import type { CryptoTier } from '../../sim/world/world-spec.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import { UsageError } from '../usage-error.ts';

const folder = fileURLToPath(new URL('../../sim/scenarios/', import.meta.url));
const ENDING = '.yaml';

export function libraryNames(): readonly string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  return files.map((file) => file.slice(0, -ENDING.length)).sort();
}

export interface LoadOptions {
  readonly seed?: number;
  readonly crypto?: CryptoTier;
  readonly off?: readonly RequirementId[];
  readonly program?: NonNullable<CompileOptions['program']>;
  /** Of files that the scenario names, as it names them. */
  readonly onRead?: (path: string, text: string) => void;
}

/** `given`: a path, or a name of the library. Throws UsageError and ScenarioError. */
export function loadScenario(given: string, { onRead, ...options }: LoadOptions = {}): Scenario {
  const path = placeOf(given);
  const readFile = (file: string): string => {
    const text = readFileSync(resolve(dirname(path), file), 'utf8');
    onRead?.(file, text);
    return text;
  };
  return compileScenario(given, readFileSync(path, 'utf8'), { ...options, readFile });
}

function placeOf(given: string): string {
  if (existsSync(given)) return given;
  const inLibrary = `${folder}${given}${ENDING}`;
  if (!given.includes('/') && existsSync(inLibrary)) return inLibrary;
  throw new UsageError(
    `${given} is no file, and no scenario of the library; norc sim list names those there are`,
  );
}
