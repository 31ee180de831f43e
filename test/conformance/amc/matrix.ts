/**
 * Every pair of version sets, in every layer and, for NORC-T, on a link of every version of NORC-F:
 * negotiated by the reference, and answered by the rule alone (spec/change/meeting.ts).
 */
import type { MatrixCell, MatrixResults, MatrixTable } from '../../../reports/amc/matrix.ts';
import { meetingOf } from '../../../spec/change/meeting.ts';
import { createAuthority } from '../authority.ts';
import { prepareInProcess } from '../grounds/in-process.ts';
import {
  type Bench,
  type Lists,
  negotiateClient,
  negotiateFederation,
  negotiateTrust,
  type Outcome,
  SERVERS,
} from './negotiations.ts';
import { setsOf } from './version-sets.ts';

export type MatrixLayer = MatrixTable['layer'];

export interface MatrixPlan {
  readonly versions: readonly string[];
  readonly layers: readonly MatrixLayer[];
}

type Sheet = Pick<MatrixTable, 'layer' | 'carrier'>;

const negotiations: {
  readonly [layer in MatrixLayer]: (bench: Bench, lists: Lists, carrier: string) => Outcome;
} = { client: negotiateClient, federation: negotiateFederation, trust: negotiateTrust };

export async function createBench(): Promise<Bench> {
  const authority = await createAuthority();
  const [parts, acme, bravo] = await Promise.all([
    prepareInProcess(authority),
    ...SERVERS.map((serverId) => authority.issue({ serverId, role: 'federation' as const })),
  ]);
  if (!acme || !bravo) throw new Error('an authority that issues nothing');
  return { parts, identities: [acme, bravo] };
}

/** `progress` is told of every cell: how many are done, of how many. */
export function runMatrix(
  bench: Bench,
  { versions, layers }: MatrixPlan,
  progress: (done: number, all: number) => void = () => {},
): MatrixResults {
  const sets = setsOf(versions);
  const sheets = layers.flatMap((layer) => sheetsOf(layer, versions));
  const all = sheets.length * sets.length ** 2;
  let done = 0;
  const tables = sheets.map((sheet) => {
    const cells = pairsOf(sets).map((pair) => {
      progress(++done, all);
      return cellOf(bench, sheet, sets, pair);
    });
    return { ...sheet, cells };
  });
  return { format: 'norc-amc-matrix/1', ground: 'in-process', versions, sets, tables };
}

/** What the rule alone says of a cell. */
export function expectedIn({ layer, carrier }: Sheet, [own, other]: Lists): MatrixCell['expected'] {
  const meeting = meetingOf(own, other, carrier);
  if (!meeting) return { version: null, compatibilityMode: false };
  return { ...meeting, compatibilityMode: layer === 'trust' ? null : meeting.compatibilityMode };
}

function sheetsOf(layer: MatrixLayer, versions: readonly string[]): readonly Sheet[] {
  if (layer !== 'trust') return [{ layer, carrier: null }];
  return versions.map((carrier) => ({ layer, carrier }));
}

type Pair = readonly [asking: number, answering: number];

function pairsOf(sets: readonly unknown[]): readonly Pair[] {
  return sets.flatMap((_, asking) => sets.map((__, answering): Pair => [asking, answering]));
}

function cellOf(
  bench: Bench,
  sheet: Sheet,
  sets: readonly (readonly string[])[],
  [asking, answering]: Pair,
): MatrixCell {
  // Lists are sets: one side has them the other way round.
  const lists: Lists = [sets[asking] ?? [], (sets[answering] ?? []).toReversed()];
  const outcome = negotiations[sheet.layer](bench, lists, sheet.carrier ?? '');
  return { asking, answering, ...outcome, expected: expectedIn(sheet, lists) };
}
