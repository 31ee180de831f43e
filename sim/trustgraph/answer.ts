/** What a question is answered with, before anybody decides how it is shown or stored. */

export type Cell = string | number | null;

export interface Column {
  readonly name: string;
  /** `count`: a whole number; `number`: binary64; `text`. */
  readonly kind: 'count' | 'number' | 'text';
}

export interface Table {
  /** Kebab-case: the name of its file. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** People are not shown rows that hold zero in this column; files have them all. */
  readonly hiddenAtZero?: string;
}

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Confidence band: lowest and highest y at each x. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[];
}

export interface Plot {
  readonly name: string;
  readonly title: string;
  readonly kind: 'lines' | 'bars';
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

export interface Answer {
  /** The answer in sentences. */
  readonly lines: readonly string[];
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
  /** A file of another kind, such as a drawing of a path: by its name. */
  readonly files?: Readonly<Record<string, string>>;
}

export const count = (name: string): Column => ({ name, kind: 'count' });
export const number = (name: string): Column => ({ name, kind: 'number' });
export const text = (name: string): Column => ({ name, kind: 'text' });

export const grouped = (value: number) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
