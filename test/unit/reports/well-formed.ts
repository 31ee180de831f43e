/**
 * Reads markup strictly and returns its elements; throws at the first fault. Stricter than a
 * browser: a page that passes has no place where foreign text was taken for markup by luck.
 */

export interface Element {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  /** Text directly inside, unescaped. */
  readonly text: string;
}

export type Dialect = 'html' | 'xml';

const voidElements = new Set(['meta', 'link', 'input', 'br', 'img']);
const rawElements = new Set(['script', 'style']);
const entities: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
};

interface OpenElement {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  text: string;
}

/** A tag, an XML or HTML declaration, or text up to the next tag. */
const token =
  /<([/]?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*([/]?)>|<[!?][^<>]*>|[^<]+/y;

export function elementsOf(text: string, dialect: Dialect): readonly Element[] {
  if (dialect === 'xml') refuseIllegal(text);
  const done: Element[] = [];
  const open: OpenElement[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`not markup at ${at}: ${text.slice(at, at + 60)}`);
    const [whole, slash, name] = match;
    if (name === undefined) addText(open, whole);
    else if (slash === '/') done.push(close(open, name));
    else done.push(...begin({ text, dialect, open }, match));
  }
  if (open.length > 0) throw new Error(`never closed: ${open.map(({ name }) => name).join(' ')}`);
  return done;
}

/** Puts an element on the stack, or gives it back where it has no inside. */
function begin(
  { text, dialect, open }: { text: string; dialect: Dialect; open: OpenElement[] },
  [, , name = '', attributes = '', selfClosing]: RegExpExecArray,
): readonly Element[] {
  const element = { name, attributes: attributesOf(attributes), text: '' };
  if (selfClosing === '/' || (dialect === 'html' && voidElements.has(name))) return [element];
  open.push(element);
  if (dialect === 'html' && rawElements.has(name)) takeRaw(text, element);
  return [];
}

function addText(open: OpenElement[], whole: string): void {
  if (whole.startsWith('<')) return;
  const inside = open.at(-1);
  const text = unescaped(whole);
  if (inside) inside.text += text;
  else if (text.trim() !== '') throw new Error(`text outside of everything: ${text.slice(0, 60)}`);
}

function close(open: OpenElement[], name: string): Element {
  const element = open.pop();
  if (element?.name !== name) throw new Error(`</${name}> closes ${element?.name ?? 'nothing'}`);
  return element;
}

function takeRaw(text: string, element: OpenElement): void {
  const end = text.indexOf(`</${element.name}`, token.lastIndex);
  element.text = text.slice(token.lastIndex, end);
  token.lastIndex = end;
}

function attributesOf(text: string): { [name: string]: string } {
  const attributes: { [name: string]: string } = {};
  for (const [, name = '', value = ''] of text.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)) {
    if (name in attributes) throw new Error(`twice: ${name}`);
    attributes[name] = unescaped(value);
  }
  return attributes;
}

function unescaped(text: string): string {
  return text.replace(/&([^;]{0,8});?/g, (whole, name: string) => {
    const character = entities[name];
    if (character === undefined) throw new Error(`a bare ampersand: ${whole}`);
    return character;
  });
}

/** XML 1.0, 2.2: these may not stand in a document, not even as references. */
function refuseIllegal(text: string): void {
  const illegal = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.exec(text);
  if (illegal)
    throw new Error(`not a character of XML: U+${illegal[0].charCodeAt(0).toString(16)}`);
}
