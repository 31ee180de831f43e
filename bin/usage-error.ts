/** What the user gave cannot be used: what, where, and how to mend it. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The server that was to be asked does not answer. Exit code 3. */
export class SubjectSilent extends Error {
  override readonly name = 'SubjectSilent';
}

/** Architecture §5. */
export const exitCodes = {
  passed: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  suiteError: 4,
  nothingTested: 5,
  staleBaseline: 6,
  interrupted: 130,
} as const;
