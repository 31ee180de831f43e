/**
 * Clock, chance and everything else that is not the same twice, taken away while a simulation runs:
 * whoever asks for them is told so at once, at the place where it was done.
 */

/** What is not the same in every run of a process, as member of what. */
const ambients: readonly (readonly [holder: () => object | undefined, member: string])[] = [
  [() => Date, 'now'],
  [() => performance, 'now'],
  [() => Math, 'random'],
  [() => globalThis.crypto, 'getRandomValues'],
  [() => globalThis.crypto, 'randomUUID'],
  [() => String.prototype, 'localeCompare'],
  [() => globalThis, 'setTimeout'],
  [() => globalThis, 'setInterval'],
  [() => globalThis, 'setImmediate'],
  [() => globalThis, 'queueMicrotask'],
];

/** A core has asked for what only an argument may give it. */
export class AmbientError extends Error {
  override readonly name = 'AmbientError';
}

/** Runs what is synchronous, with stubs that throw in place of all the above. */
export function withoutAmbient<R>(run: () => R): R {
  const undo = [...ambients.map(([holder, member]) => forbid(holder(), member)), forbidDate()];
  try {
    return run();
  } finally {
    for (const restore of undo.reverse()) restore();
  }
}

function forbid(holder: object | undefined, member: string): () => void {
  if (!holder) return () => {};
  const own = Object.getOwnPropertyDescriptor(holder, member);
  const value = (): never => {
    throw new AmbientError(`${member} was asked for inside a simulation`);
  };
  Object.defineProperty(holder, member, { value, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(holder, member, own);
    else Reflect.deleteProperty(holder, member);
  };
}

/** A date without an argument is a clock. */
function forbidDate(): () => void {
  const real = globalThis.Date;
  globalThis.Date = new Proxy(real, {
    apply(): never {
      throw new AmbientError('the date was asked for inside a simulation');
    },
    construct(target, given: unknown[]) {
      if (given.length === 0) throw new AmbientError('the date was asked for inside a simulation');
      return Reflect.construct(target, given) as object;
    },
  });
  return () => {
    globalThis.Date = real;
  };
}
