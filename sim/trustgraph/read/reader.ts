/** Readers take a file's text in pieces, as it comes, and keep no more of it than the rows. */
import type { Rows } from '../rows.ts';
import type { Verify } from './signatures.ts';

export interface GraphReader {
  write(text: string): void;
  /** Throws where the file ends too early. */
  end(): ReadFile;
  readonly rowCount: number;
}

export interface ReadFile {
  readonly rows: Rows;
  /** How columns, directions and defaults were understood: printed, and part of the provenance. */
  readonly understood: string;
}

export interface ReadOptions {
  /** `source=0,target=1,weight=3,time=4`, by number from zero or by the header's name. */
  readonly columns?: string;
  /** Weight of an edge where the file has none. */
  readonly defaultWeight: number;
  /** Seconds since 1970: of certificates those that are live then are edges. */
  readonly at?: number;
  /** Of certificates; without it no signature is looked at. */
  readonly verify?: Verify;
}
