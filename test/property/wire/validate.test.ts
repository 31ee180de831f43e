/**
 * Every declaration: its valid values pass, each of its faults is refused for the requirement that
 * the suite expects, and with that one guard off the same message passes.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import type { Json, JsonObject } from '../../../reference/wire/json.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import { arbitraryDeclared } from '../../../spec/arbitrary.ts';
import { exampleOf } from '../../../spec/example.ts';
import { faultsOf } from '../../../spec/faults.ts';
import { declarations } from '../../../spec/messages.ts';
import { values } from './json-values.ts';

const validate = createValidator({ must: createMust() });
function outcome(result: ReturnType<typeof validate>): string {
  return result.ok ? 'accepted' : result.error.requirement;
}

const runs = { numRuns: 20 };
const VERSIONS = ['1.0', '1.1', '2.0'] as const;
const versions = fc.constantFrom(...VERSIONS);

describe.each(declarations.map((declaration) => ({ type: declaration.type, declaration })))(
  '$type',
  ({ declaration }) => {
    const example = exampleOf(declaration.json) as JsonObject;
    const valid = fc.oneof(
      ...VERSIONS.map((version) =>
        fc.tuple(fc.constant(version), arbitraryDeclared(declaration, { version })),
      ),
    );

    test('is accepted when it is valid, and keeps its canonical form', () =>
      fc.assert(
        fc.property(valid, ([version, message]) => {
          const result = validate(message, version);
          expect(outcome(result)).toBe('accepted');
          if (result.ok) {
            expect(canonicalText(result.value as unknown as Json)).toBe(canonicalText(message));
          }
        }),
        runs,
      ));
    test('is refused for the requirement that each fault breaks', () => {
      for (const { path, fault, requirement, since, apply } of faultsOf(declaration)) {
        const context = `${path.join('.')} ${fault}`;
        const message = apply(example);
        expect(outcome(validate(message, '1.1')), context).toBe(requirement);
        const at10 = since === '1.0' ? requirement : 'accepted';
        expect(outcome(validate(message, '1.0')), context).toBe(at10);
        const careless = createValidator({ must: createMust({ off: new Set([requirement]) }) });
        expect(outcome(careless(message, '1.1')), context).toBe('accepted');
      }
    });
    test('with any member replaced by anything is accepted or refused, never thrown', () =>
      fc.assert(
        fc.property(
          fc.constantFrom(...Object.keys(example)),
          values,
          versions,
          (name, value, version) => {
            const result = validate({ ...example, [name]: value }, version);
            if (!result.ok) expect(result.error.requirement).toMatch(/^[XCFT]-[A-Z0-9]+-\d+$/);
          },
        ),
        runs,
      ));
  },
);
