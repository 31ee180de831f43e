/**
 * A cache that forgets its least recently used entry, so that hostile input cannot make it grow.
 */
export interface BoundedCache<V> {
  /** The value under `key`, made by `make` when it is not there. */
  get(key: string, make: () => V): V;
}

export function createBoundedCache<V>(capacity: number): BoundedCache<V> {
  const entries = new Map<string, { value: V }>();
  return {
    get(key, make) {
      const entry = entries.get(key) ?? { value: make() };
      // Insertion order of a Map is the order of use: the oldest is the first.
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > capacity) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      return entry.value;
    },
  };
}
