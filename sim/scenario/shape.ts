/** Whether a value of a scenario has its shape; what has not is said with its place. */
import { Ajv, type ErrorObject } from 'ajv';
import type { ScenarioFault } from './fault.ts';
import type { Path, Source } from './source.ts';

const ajv = new Ajv({ allErrors: true, strict: false });

export function shapeFaults(
  source: Source,
  schema: object,
  value: unknown,
  base: Path,
): readonly ScenarioFault[] {
  if (ajv.validate(schema, value)) return [];
  return (ajv.errors ?? []).filter(isTelling).map((error) => faultOf(source, error, base));
}

/** That none of several shapes fits is said by what is wrong with each. */
const isTelling = ({ keyword }: ErrorObject): boolean => keyword !== 'anyOf';

function faultOf(source: Source, error: ErrorObject, base: Path): ScenarioFault {
  const path = [...base, ...pathIn(error.instancePath)];
  const { keyword, params } = error;
  const name = path.at(-1) ?? 'the scenario';
  switch (keyword) {
    case 'additionalProperties': {
      const unknown = String(params.additionalProperty);
      return source.faultAt([...path, unknown], `unknown member ${unknown}`, 'name');
    }
    case 'required':
      return source.faultAt(path, `${params.missingProperty} is missing`);
    case 'enum':
      return source.faultAt(path, `${name} must be one of ${params.allowedValues.join(', ')}`);
    case 'pattern':
      return source.faultAt(
        path,
        `${name} must be a quantity with its unit, as in ${exampleOf(params.pattern)}`,
      );
    default:
      return source.faultAt(path, `${name} ${error.message}`);
  }
}

function exampleOf(pattern: string): string {
  if (pattern.includes('%')) return '0.5%';
  if (pattern.includes('ppm')) return '20ppm';
  if (pattern.includes('KiB')) return pattern.includes('/s') ? '10MB/s' : '4KiB';
  return pattern.includes('/(') ? '900/min' : '30s or 20ms';
}

const pathIn = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((name) => (/^\d+$/.test(name) ? Number(name) : name.replaceAll('~1', '/')));
