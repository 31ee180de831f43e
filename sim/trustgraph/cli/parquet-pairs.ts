/** Every pair as Parquet, a group of rows at a time. */
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { PairSink } from './ask-score.ts';

const ROWS_OF_GROUP = 500_000;

const schema = [
  { name: 'root', num_children: 5 },
  { name: 'source', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'target', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'hops', type: 'INT32', repetition_type: 'REQUIRED' },
  { name: 'score', type: 'DOUBLE', repetition_type: 'REQUIRED' },
  { name: 'level', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
] as const;

export function createParquetPairs(file: string, provenance: string): PairSink {
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: [...schema],
    kvMetadata: [{ key: 'provenance', value: provenance }],
  });
  let group = emptyGroup();
  const flush = () => {
    if (group.hops.length === 0) return;
    const columnData = Object.entries(group).map(([name, data]) => ({ name, data }));
    writer.write({ columnData, rowGroupSize: ROWS_OF_GROUP });
    group = emptyGroup();
  };
  return {
    add(source, target, hops, score, level) {
      group.source.push(source);
      group.target.push(target);
      group.hops.push(hops);
      group.score.push(score);
      group.level.push(level);
      if (group.hops.length === ROWS_OF_GROUP) flush();
    },
    close() {
      flush();
      writer.finish();
    },
  };
}

const emptyGroup = () => ({
  source: [] as string[],
  target: [] as string[],
  hops: [] as number[],
  score: [] as number[],
  level: [] as string[],
});
