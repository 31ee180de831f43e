/** What the matrix of versions found, in one JSON document; every way of showing it starts from here. */

export interface MatrixResults {
  readonly format: 'norc-amc-matrix/1';
  readonly ground: 'in-process' | 'sockets';
  /** All versions that anybody speaks, ascending. */
  readonly versions: readonly string[];
  /** What a build may speak. `cells` name them by their place. */
  readonly sets: readonly (readonly string[])[];
  readonly tables: readonly MatrixTable[];
}

export interface MatrixTable {
  readonly layer: 'client' | 'federation' | 'trust';
  /** The version of the link below NORC-T (L-V11). Null: the layer itself negotiates it. */
  readonly carrier: string | null;
  readonly cells: readonly MatrixCell[];
}

export interface MatrixCell {
  /** Of the side that asks: a device, or the server that dials. */
  readonly asking: number;
  readonly answering: number;
  /** What both sides have written down, or why they have not met. */
  readonly got: Answer;
  /** What the rule alone says. */
  readonly expected: Answer;
  /** Why they did not meet, as the refusing side logged it. */
  readonly refusal: string | null;
}

/**
 * Null version: no session. `compatibilityMode` is null where the layer does not say it. A text for
 * what the two sides believe differently.
 */
export type Answer =
  | { readonly version: string | null; readonly compatibilityMode: boolean | null }
  | { readonly split: string };

export function agrees({ got, expected }: MatrixCell): boolean {
  if ('split' in got || 'split' in expected) return false;
  const isSaid = got.compatibilityMode !== null && expected.compatibilityMode !== null;
  return (
    got.version === expected.version &&
    (!isSaid || got.compatibilityMode === expected.compatibilityMode)
  );
}

export function disagreements({ tables }: MatrixResults) {
  return tables.flatMap(({ layer, carrier, cells }) =>
    cells.filter((cell) => !agrees(cell)).map((cell) => ({ layer, carrier, ...cell })),
  );
}

export const tableTitle = ({ layer, carrier }: Pick<MatrixTable, 'layer' | 'carrier'>): string =>
  ({
    client: 'NORC-C: a device (rows) and a server (columns)',
    federation: 'NORC-F: the server that dials (rows) and the one that is dialled (columns)',
    trust: `NORC-T on a link of NORC-F ${carrier}: requester (rows) and responder (columns)`,
  })[layer];

export function answerText(answer: Answer): string {
  if ('split' in answer) return answer.split;
  if (answer.version === null) return 'no session';
  return answer.compatibilityMode ? `${answer.version} in compatibility mode` : answer.version;
}
