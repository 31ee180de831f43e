/**
 * A ground whose first subject starts at once, before anybody has asked for it: as the first group
 * of cases will need it. Where waiting is virtual, starting costs nothing and nothing is done ahead.
 */
import type { Case } from '../../test/conformance/case.ts';
import type { Ground, RunningSubject } from '../../test/conformance/ground.ts';
import { groupByNeeds, startNeedsOf } from '../../test/conformance/run.ts';

export function withHeadStart(ground: Ground, cases: readonly Case[]): Ground {
  const first = groupByNeeds(cases)[0]?.[0];
  if (ground.virtualTime || !first) return ground;
  const needs = JSON.stringify(startNeedsOf(first));
  let ahead: Promise<RunningSubject> | null = ground.start(startNeedsOf(first));
  // If it fails before it is asked for, whoever asks is told.
  ahead.catch(() => undefined);
  return {
    ...ground,
    async start(options) {
      const waiting = ahead;
      if (!waiting || JSON.stringify(options) !== needs) return ground.start(options);
      ahead = null;
      return waiting;
    },
    async close() {
      const unused = ahead;
      ahead = null;
      // Nobody waits for it: it is closed when it comes, or ended with us.
      void unused?.then((subject) => subject.close()).catch(() => undefined);
      await ground.close();
    },
  };
}
