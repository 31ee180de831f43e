/**
 * Identities of our servers for cases that each have a subject of their own. What one subject has
 * seen no other knows, so the same chain can serve in every case; making and reading it anew would
 * cost more than the case. Within a case no identity is given out twice.
 */
import type { Authority, IssuedIdentity } from './authority.ts';

export interface IdentityPool {
  /** The authority as one case sees it. */
  forCase(): Authority;
}

/** More are made, but not kept: a run asks for some dozens. */
const KEPT = 1024;

export function createIdentityPool(authority: Authority): IdentityPool {
  const kept = new Map<string, Promise<IssuedIdentity>>();
  return {
    forCase() {
      const asked = new Map<string, number>();
      return {
        ...authority,
        issue(request) {
          const what = JSON.stringify(request);
          const nth = (asked.get(what) ?? 0) + 1;
          asked.set(what, nth);
          const key = `${nth} ${what}`;
          const known = kept.get(key);
          if (known) return known;
          const fresh = authority.issue(request);
          if (kept.size < KEPT) kept.set(key, fresh);
          return fresh;
        },
      };
    },
  };
}
