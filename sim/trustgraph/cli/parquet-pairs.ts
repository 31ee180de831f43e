/**
 * Every pair as Parquet, a group of rows at a time. What the last bytes of the file say of its groups
 * is the state from which a stopped run goes on.
 */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { PairForm } from './pairs-file.ts';

const ROWS_OF_GROUP = 500_000;

const schema = [
  { name: 'root', num_children: 5 },
  { name: 'source', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'target', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'hops', type: 'INT32', repetition_type: 'REQUIRED' },
  { name: 'score', type: 'DOUBLE', repetition_type: 'REQUIRED' },
  { name: 'level', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
] as const;

/** `state` is what the one before gave, when it had written so many bytes. */
export function createParquetPairs(provenance: string, bytes: number, state: unknown): PairForm {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [...schema],
    kvMetadata: [{ key: 'provenance', value: provenance }],
  });
  if (state !== null) resume(writer, parquet, bytes, state);
  let group = emptyGroup();
  const takeGroup = (): Uint8Array => {
    if (group.hops.length > 0) {
      const columnData = Object.entries(group).map(([name, data]) => ({ name, data }));
      parquet.write({ columnData, rowGroupSize: group.hops.length });
    }
    group = emptyGroup();
    return take(writer);
  };
  return {
    add(source, target, hops, score, level) {
      group.source.push(source);
      group.target.push(target);
      group.hops.push(hops);
      group.score.push(score);
      group.level.push(level);
    },
    // A group that is not full is not written, so that a run has the same bytes whether it was stopped.
    piece: () => (group.hops.length < ROWS_OF_GROUP ? null : takeGroup()),
    state: () => stateOf(parquet),
    end() {
      const last = takeGroup();
      void parquet.finish();
      return Buffer.concat([last, take(writer)]);
    },
  };
}

type Groups = Pick<ParquetWriter, 'row_groups' | 'num_rows' | 'pendingIndexes'>;

const stateOf = ({ row_groups, num_rows, pendingIndexes }: ParquetWriter): Groups => ({
  row_groups,
  num_rows,
  pendingIndexes,
});

/** The first bytes, which a new writer gives by itself, stand in the file already. */
function resume(writer: ByteWriter, parquet: ParquetWriter, bytes: number, state: unknown): void {
  writer.index = 0;
  writer.offset = bytes;
  Object.assign(parquet, state as Groups);
}

function take(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

const emptyGroup = () => ({
  source: [] as string[],
  target: [] as string[],
  hops: [] as number[],
  score: [] as number[],
  level: [] as string[],
});
