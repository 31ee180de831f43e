/** Whether the user still wants what is under way: until ctrl-C. A second one ends the process. */
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface Wish {
  /** Lets signals in first: between two looks the process does nothing else. */
  isWanted(): Promise<boolean>;
  close(): void;
}

export function createWish(): Wish {
  let isWanted = true;
  const stop = (): void => {
    isWanted = false;
  };
  process.once('SIGINT', stop);
  return {
    async isWanted() {
      await nextTurn();
      return isWanted;
    },
    close: () => void process.removeListener('SIGINT', stop),
  };
}
