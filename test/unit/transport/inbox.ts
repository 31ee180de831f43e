/** Collects the inputs that an edge delivers, and waits for them by type. */
import type { Input } from '../../../reference/core.ts';

type OfType<T extends Input['type']> = Extract<Input, { type: T }>;

export interface Inbox {
  readonly deliver: (input: Input) => void;
  /** The next input of this type, in order of arrival; each is taken once. */
  next<T extends Input['type']>(type: T): Promise<OfType<T>>;
  /** All that was not taken. */
  rest(): readonly Input[];
}

/** `react` sees every input as it arrives. */
export function createInbox(react: (input: Input) => void = () => {}): Inbox {
  const inputs: Input[] = [];
  const waiting: { type: string; resolve: (input: Input) => void }[] = [];
  return {
    deliver(input) {
      const at = waiting.findIndex(({ type }) => type === input.type);
      if (at === -1) inputs.push(input);
      else waiting.splice(at, 1)[0]?.resolve(input);
      react(input);
    },
    next<T extends Input['type']>(type: T) {
      const at = inputs.findIndex((input) => input.type === type);
      if (at !== -1) return Promise.resolve(inputs.splice(at, 1)[0] as OfType<T>);
      return new Promise<OfType<T>>((resolve) => {
        waiting.push({ type, resolve: (input) => resolve(input as OfType<T>) });
      });
    },
    rest: () => inputs,
  };
}
