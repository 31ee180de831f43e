/** Tables as Apache Parquet, for pandas, polars, DuckDB and R. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Column, Table } from '../answer.ts';

const types = { count: 'INT64', number: 'DOUBLE', text: 'STRING' } as const;

export function parquetOf(table: Table, provenance: string): Uint8Array {
  const columnData = table.columns.map((column, at) => ({
    name: column.name,
    type: types[column.kind],
    nullable: true,
    data: table.rows.map((row) => parquetCell(row[at] ?? null, column)),
  }));
  const kvMetadata = [{ key: 'provenance', value: provenance }];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}

const parquetCell = (cell: string | number | null, { kind }: Column) =>
  kind === 'count' && typeof cell === 'number' ? BigInt(cell) : cell;
