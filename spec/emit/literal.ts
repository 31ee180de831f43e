/**
 * Prints plain values as TypeScript source: one member a line where a value does not fit on one line.
 * The output depends on the value alone, so that a second run gives the same bytes.
 */
export type Plain =
  | null
  | boolean
  | number
  | string
  | readonly Plain[]
  | { readonly [name: string]: Plain | undefined };

const WIDTH = 100;

/** `value` as an expression whose first line starts at `indent` columns. */
export function literal(value: Plain, indent = 0): string {
  const short = inline(value);
  if (indent + short.length <= WIDTH && !isDeep(value)) return short;
  const pad = ' '.repeat(indent + 2);
  const lines = Array.isArray(value)
    ? value.map((item) => `${pad}${literal(item, indent + 2)},`)
    : members(value).map(([key, item]) => `${pad}${name(key)}: ${literal(item, indent + 2)},`);
  if (lines.length === 0) return short;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return [open, ...lines, `${' '.repeat(indent)}${close}`].join('\n');
}

function inline(value: Plain): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = members(value).map(([key, item]) => `${name(key)}: ${inline(item)}`);
  return inner.length === 0 ? '{}' : `{ ${inner.join(', ')} }`;
}

function members(value: Plain): [string, Plain][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).filter((entry): entry is [string, Plain] => entry[1] !== undefined);
}

/** Objects that hold objects are spread over lines even where they would fit. */
function isDeep(value: Plain): boolean {
  return members(value).some(([, item]) => members(item).length > 0);
}

function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A member name. `__proto__` must be computed, or it would set the prototype. */
function name(key: string): string {
  if (key === '__proto__') return "['__proto__']";
  return /^(?:[A-Za-z_$][\w$]*|[1-9]\d{0,14})$/.test(key) ? key : quote(key);
}

/** `trust_expired` becomes `trustExpired`. */
export function camel(text: string): string {
  return text.replace(/[_-]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The row with its keys in camel case; values are left alone. */
export function camelKeys(row: object): { [name: string]: Plain } {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [camel(key), value as Plain]),
  );
}

/** `export const <name> = <value> as const;` under a comment of one line. */
export function constant(name: string, comment: string, value: Plain): string {
  return `/** ${comment} */\nexport const ${name} = ${literal(value)} as const;\n`;
}
