/** emitted/registries.ts: the registries of this room as typed data, for cores. */
import { loadRegistry } from '../register.ts';
import type { ErrorCodeRow } from '../register-schema.ts';
import { camel, camelKeys, constant, type Plain } from './literal.ts';

type Row = { readonly [name: string]: Plain };

export function registriesSource(): string {
  return [
    ...errorSource(),
    ...suiteSource(),
    ...levelSource(),
    ...permissionSource(),
    ...classificationSource(),
    ...labelSource(),
    ...capabilitySource(),
  ].join('\n');
}

function errorSource(): string[] {
  const { ranges, codes } = loadRegistry<{ ranges: Row[]; codes: ErrorCodeRow[] }>('error-codes');
  const byLayer: Record<string, Record<string, number>> = {};
  const byCode: Record<string, Plain> = {};
  for (const row of codes) {
    byLayer[row.layer] = { ...byLayer[row.layer], [camel(row.name)]: row.code };
    const { reasons = [], retry = false, ...rest } = row;
    byCode[row.code] = { ...rest, path: `${row.layer}.${camel(row.name)}`, retry, reasons };
  }
  const categories = [...new Set(ranges.map((range) => range.category as string))];
  return [
    constant(
      'errorCode',
      'Error codes by layer and name: `errorCode.trust.expired` is 5804.',
      byLayer,
    ),
    'type Layers = typeof errorCode;',
    'export type ErrorCode = { [L in keyof Layers]: Layers[L][keyof Layers[L]] }[keyof Layers];\n',
    constant('errorCategories', 'The values of `error_category`.', categories),
    'export type ErrorCategory = (typeof errorCategories)[number];\n',
    constant('errorRanges', 'Which codes belong to which category (X-ERR-02).', ranges),
    errorRowType,
    `/** What each code means and says on the wire. */
export const errorByCode: Readonly<Record<ErrorCode, ErrorRow>> = ${tableOf(byCode)};\n`,
  ];
}

const errorRowType = `export interface ErrorRow {
  readonly code: ErrorCode;
  readonly name: string;
  readonly category: ErrorCategory;
  readonly layer: keyof Layers;
  readonly meaning: string;
  /** The text on the wire: generic (X-ERR-03). */
  readonly message: string;
  /** False where the documents give the code, true where it is ours (L-T09). */
  readonly proposed: boolean;
  readonly source: string;
  readonly path: string;
  /** Whether \`retry_after\` may accompany it (L-X04). */
  readonly retry: boolean;
  /** Values of \`details.reason\`. */
  readonly reasons: readonly string[];
}
`;

const tableOf = (rows: Record<string, Plain>): string =>
  constant('rows', '', rows)
    .replace(/^[\s\S]*?= /, '')
    .replace(/ as const;\n$/, '');

function suiteSource(): string[] {
  const { suites } = loadRegistry<{ suites: Row[] }>('cipher-suites');
  return [
    ...keyed('suite', 'id', suites, 'Cipher suites, best first (L-H09).'),
    constant('mandatorySuite', 'The suite that everybody speaks (X-CS-03).', mandatory(suites)),
  ];
}

function mandatory(suites: Row[]): Plain {
  return suites.find((suite) => suite.mandatory)?.id ?? null;
}

function levelSource(): string[] {
  const { levels, methods } = loadRegistry<{ levels: Row[]; methods: Row[] }>('levels');
  return [
    ...keyed('level', 'level', levels, 'Trust levels, ascending (T-LVL-01).'),
    ...keyed('method', 'method', methods, 'Trust methods with their caps (L-T19).'),
  ];
}

function permissionSource(): string[] {
  const { permissions } = loadRegistry<{ permissions: Row[] }>('permissions');
  return keyed('permission', 'permission', permissions, 'Permissions and what each gates.');
}

interface Classifications {
  ladders: { ladder: string; labels: string[] }[];
  default: string;
  refused: string[];
  ceilings: Row[];
}

function classificationSource(): string[] {
  const registry = loadRegistry<Classifications>('classifications');
  const ladders = Object.fromEntries(registry.ladders.map((l) => [l.ladder, l.labels]));
  const ceilings = Object.fromEntries(
    registry.ceilings.map(({ level, ...rest }) => [String(level), camelKeys(rest)]),
  );
  return [
    constant('classifications', 'Ladders of labels, ascending, not comparable (L-X02).', ladders),
    constant('classificationNames', 'All labels.', Object.values(ladders).flat()),
    'export type Classification = (typeof classificationNames)[number];\n',
    constant('defaultClassification', 'Where it is optional and absent.', registry.default),
    constant('refusedClassifications', 'In samples, never on the wire.', registry.refused),
    constant('ceilings', 'The highest label of each ladder by level (X-CLS-04).', ceilings),
  ];
}

function labelSource(): string[] {
  const registry = loadRegistry<{ labels: Row[]; reserved: string[] }>('labels');
  const labels = Object.fromEntries(registry.labels.map((row) => [String(row.name), row.label]));
  return [
    constant('labels', 'Labels that separate the uses of a hash or key (5.5).', labels),
    'export type LabelName = keyof typeof labels;',
    'export type Label = (typeof labels)[LabelName];\n',
    constant('reservedLabels', 'Prefixes that nothing may use yet (L-E21).', registry.reserved),
  ];
}

function capabilitySource(): string[] {
  const { capabilities } = loadRegistry<{ capabilities: Row[] }>('capabilities');
  return keyed('capability', 'capability', capabilities, 'Capability atoms (L-X06).');
}

/** `<word>Names`, the type `<Word>`, and `<word>s` keyed by the name. */
function keyed(word: string, key: string, rows: Row[], comment: string): string[] {
  const plural = word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`;
  const type = `${word[0]?.toUpperCase()}${word.slice(1)}`;
  const table = Object.fromEntries(rows.map((row) => [String(row[key]), camelKeys(row)]));
  const order = rows.map((row) => row[key] ?? null);
  return [
    constant(`${word}Names`, comment, order),
    `export type ${type} = (typeof ${word}Names)[number];\n`,
    constant(plural, `The rows of ${word}Names.`, table),
  ];
}
