/**
 * A ground whose first subject starts at once, before it is even known which cases there are: most
 * need nothing special of it, and those run first. Where waiting is virtual, starting costs nothing
 * and nothing is done ahead.
 */
import type { Ground, RunningSubject } from '../../test/conformance/ground.ts';

const plain = { policy: {}, versions: null };

export function withHeadStart(ground: Ground): Ground {
  if (ground.virtualTime) return ground;
  let ahead: Promise<RunningSubject> | null = ground.start(plain);
  // If it fails before it is asked for, whoever asks is told.
  ahead.catch(() => undefined);
  const take = (): Promise<RunningSubject> | null => {
    const taken = ahead;
    ahead = null;
    return taken;
  };
  return {
    ...ground,
    async start(needs) {
      const isPlain = JSON.stringify(needs) === JSON.stringify(plain);
      return (isPlain && take()) || ground.start(needs);
    },
    async close() {
      // Nobody waits for one that was not needed: it is closed when it comes, or ended with us.
      void take()
        ?.then((unused) => unused.close())
        .catch(() => undefined);
      await ground.close();
    },
  };
}
