/** A local, ordered way between a device and its server: no latency, but never within a turn. */
import type { Kernel } from '../kernel/kernel.ts';

export interface Pipe<T> {
  send(item: T): void;
  /** One of the events that `send` has pushed. */
  carry(): void;
}

export function createPipe<T>(
  { kernel, kind, entity }: { readonly kernel: Kernel; readonly kind: number; entity: number },
  deliver: (item: T) => void,
): Pipe<T> {
  const queue: T[] = [];
  const pipe: Pipe<T> = {
    send(item) {
      queue.push(item);
      kernel.push(kernel.now, kind, entity, pipe);
    },
    carry() {
      const item = queue.shift();
      if (item !== undefined) deliver(item);
    },
  };
  return pipe;
}
