/**
 * Who waits for what: the part of time that is alike on every ground. A wait ends with what is
 * found, empty-handed at its limit, or with the death of the subject or a defect of the suite.
 */
export interface Waiter {
  /** Ends the wait when there is something, and says whether it did. */
  serve(): boolean;
  expire(): void;
  fail(error: unknown): void;
}

export interface Waits {
  /**
   * At once what is there already, even of a dead subject; else `begin` sets the limit and returns
   * what lifts it.
   */
  until<T>(
    found: () => T | undefined,
    begin: (waiter: Waiter) => () => void,
  ): Promise<T | undefined>;
  /** Those who wait at this moment. */
  waiting(): readonly Waiter[];
  /** The subject has ended: every wait fails, until it is started again. */
  end(death: Error): void;
  resume(): void;
  /** Throws when nobody could wait. */
  assertAlive(): void;
  /** A defect of the suite, met where nobody waits: whoever waits now or next is told. */
  blame(error: unknown): void;
}

export function createWaits(): Waits {
  const waiters = new Set<Waiter>();
  let death: Error | null = null;
  let blamed: { error: unknown } | null = null;

  function failAll(error: unknown): void {
    for (const waiter of [...waiters]) waiter.fail(error);
  }

  function assertAlive(): void {
    if (death) throw death;
    if (!blamed) return;
    const { error } = blamed;
    blamed = null;
    throw error;
  }

  return {
    async until(found, begin) {
      const already = found();
      if (already !== undefined) return already;
      assertAlive();
      return enter(waiters, found, begin);
    },
    waiting: () => [...waiters],
    end(reported) {
      death = reported;
      failAll(reported);
    },
    resume() {
      death = null;
    },
    assertAlive,
    blame(error) {
      if (waiters.size > 0) failAll(error);
      else blamed ??= { error };
    },
  };
}

function enter<T>(
  waiters: Set<Waiter>,
  found: () => T | undefined,
  begin: (waiter: Waiter) => () => void,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let lift = (): void => {};
    const leave = (): void => {
      lift();
      waiters.delete(waiter);
    };
    const waiter: Waiter = {
      serve() {
        try {
          const value = found();
          if (value === undefined) return false;
          leave();
          resolve(value);
        } catch (error) {
          // A case asks badly: its own wait ends, not that of whoever brought the news.
          waiter.fail(error);
        }
        return true;
      },
      expire() {
        leave();
        resolve(undefined);
      },
      fail(error) {
        leave();
        reject(error);
      },
    };
    waiters.add(waiter);
    lift = begin(waiter);
  });
}
