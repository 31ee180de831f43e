/** Establishments in which both sides keep to the rules, and methods × levels. */
import {
  type Level,
  levelNames,
  levels,
  type Method,
  methodNames,
  methods,
} from '../../../../spec/emitted/registries.ts';
import type { Draft } from '../../category.ts';
import { trustRun } from '../../primitives/trust-run.ts';
import { established, grounds, refuse } from './scene.ts';

/** Methods × levels. */
export function grid(): Draft[] {
  const granted = levelNames.filter((level) => level !== 'untrusted');
  return methodNames.flatMap((method) =>
    granted
      .filter((level) => !hangsOnChain(method, level) && !isHonest(method, level))
      .map((level) => {
        const isWithin = levels[level].rank <= levels[methods[method].maxTrustLevel].rank;
        const name = `${method}-at-${level}`.replaceAll('_', '-');
        const run = trustRun({ method, level });
        return isWithin
          ? established(grounds.cap, name, run)
          : refuse(grounds.cap, name, run.messages);
      }),
  );
}

/** That is `accept`. */
const isHonest = (method: Method, level: Level): boolean =>
  method === 'ca_validation' && level === 'verified';

/** Government PKI reaches nato with a nato_ca, and no chain is judged here. */
const hangsOnChain = (method: Method, level: Level): boolean =>
  method === 'government_pki' && level === 'nato';

export function honest(): Draft[] {
  const decisions = ['accept', 'conditional', 'reject'] as const;
  return decisions.flatMap((decision) =>
    [false, true].map((mutual) =>
      established(
        mutual ? grounds.mutual : grounds.decision,
        `${decision}${mutual ? '-mutual' : ''}`,
        trustRun({ decision, mutual }),
      ),
    ),
  );
}
