/** The lattice of labels: what crosses from a higher to a lower domain, and by which guard (T 7.1). */
import { describe, expect, test } from 'vitest';
import { defaultPolicy, type ServerConfig } from '../../../reference/config.ts';
import { isWithinCeiling, mayCross } from '../../../reference/federation/ceiling.ts';
import type { GuardRule } from '../../../reference/trust-policy.ts';
import { classifications, levelNames } from '../../../spec/emitted/registries.ts';

const labels = Object.values(classifications).flat();
const server = 'bravo.example';

function configWith(...guards: GuardRule[]): Pick<ServerConfig, 'policy'> {
  const government = { ...defaultPolicy.trust.government, guards };
  return { policy: { ...defaultPolicy, trust: { ...defaultPolicy.trust, government } } };
}

const diode = { server, from: 'secret', to: 'unclassified', system: 'diode' };

describe('a transfer between domains', () => {
  test('T-GOV-04: without a guard is what the ceiling admits, for every level and label', () => {
    for (const level of [...levelNames, 'strong']) {
      for (const label of [...labels, 'restricted']) {
        const crossing = mayCross(configWith(), { server, level, label });
        expect(crossing).toBe(isWithinCeiling(level, label));
      }
    }
  });

  test('T-GOV-04: by a guard is the one that is listed, and no other', () => {
    const config = configWith(diode);
    for (const level of levelNames) {
      for (const label of labels) {
        const isGuarded = label === 'secret' && isWithinCeiling(level, 'unclassified');
        const expected = isWithinCeiling(level, label) || isGuarded;
        expect(mayCross(config, { server, level, label })).toBe(expected);
      }
    }
    const toAnother = { server: 'mallory.example', level: 'basic', label: 'secret' };
    expect(mayCross(config, toAnother)).toBe(false);
  });

  test('T-GOV-04: by a guard ends no higher than the ceiling', () => {
    const config = configWith({ ...diode, to: 'confidential' });
    expect(mayCross(config, { server, level: 'basic', label: 'secret' })).toBe(false);
  });
});
