/** Version negotiation (X-AMC). */
import { chooseTrustVersion, chooseVersion } from '../../../reference/wire/version.ts';
import type { Input } from './input.ts';
import { allowed, answered, byFunction } from './results.ts';
import { must } from './tools.ts';

function chosen(input: Input) {
  const preferred = input.has('preferred') ? { preferred: input.text('preferred') } : {};
  return chooseVersion(input.texts('supported'), input.texts('offered'), { must, ...preferred });
}

export const version = byFunction({
  negotiate: (input) =>
    answered(chosen(input), ({ version, compatibilityMode }) => ({
      version,
      compatibility_mode: compatibilityMode,
    })),
  'check-choice': (input) => {
    const best = chosen(input);
    if (!best.ok) return answered(best, () => ({}));
    const { version, compatibilityMode } = best.value;
    const isSame =
      version === input.text('chosen') && compatibilityMode === input.flag('compatibility_mode');
    return allowed(isSame, 'not what both lists come to');
  },
  'negotiate-trust': (input) => {
    const link = input.text('federation_version');
    const lists = [input.texts('supported'), input.texts('offered')] as const;
    const best = chooseTrustVersion(...lists, link, { must });
    return answered(best, (choice) => ({ version: choice.version }));
  },
});
