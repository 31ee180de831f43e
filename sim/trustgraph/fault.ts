/** What the user's graph or question cannot be: said with the place, never guessed around. */
export class GraphFault extends Error {
  override readonly name = 'GraphFault';
}

/** A place in a file, counted from one. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export function faultAt({ line, column }: Place, message: string): GraphFault {
  return new GraphFault(`line ${line}, column ${column}: ${message}`);
}
