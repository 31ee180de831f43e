/**
 * The template tag of the page. Everything that is put in is foreign until proven otherwise:
 * between tags it is escaped and its hidden characters become visible marks, inside a tag it is
 * escaped for a quoted attribute. Only what this tag made itself goes in unescaped.
 */
import { piecesOf, plainText } from '../characters.ts';

declare const made: unique symbol;

/** Markup that is safe to send. Only this file makes any. */
export interface Markup {
  readonly markup: string;
  readonly [made]: true;
}

/** Null and the empty list leave nothing behind. */
export type Content = Markup | string | number | null | readonly Content[];

export function html(fixed: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const places = placesOf(fixed);
  let markup = fixed[0] ?? '';
  for (const [at, content] of contents.entries()) {
    markup += (places[at] === 'tag' ? attribute(content) : element(content)) + fixed[at + 1];
  }
  return brand(markup);
}

/** Text of ours that is no markup: the style sheet and the script. */
export function verbatim(text: string): Markup {
  return brand(text);
}

/** A link inside the page. */
export function fragment(id: string): string {
  return `#${encodeURIComponent(wellFormed(id)).replaceAll('%2F', '/')}`;
}

/** An `id` must have no white space, and be the one that `fragment` leads to. */
export function anchor(id: string): string {
  return wellFormed(id).replace(/\s/g, '_');
}

function wellFormed(id: string): string {
  return plainText(id).replace(/\s/g, '_');
}

const brand = (markup: string): Markup => ({ markup }) as Markup;

type Place = 'tag' | 'text';
/**
 * Where each content of a template stands. A template is one object, however often it is filled.
 */
const knownPlaces = new WeakMap<TemplateStringsArray, readonly Place[]>();

function placesOf(fixed: TemplateStringsArray): readonly Place[] {
  const known = knownPlaces.get(fixed);
  if (known) return known;
  let place: Place = 'text';
  const places = fixed.map((text) => {
    place = placeAfter(text, place);
    return place;
  });
  knownPlaces.set(fixed, places);
  return places;
}

/** Attributes are always quoted, and our own fixed text holds no `>` inside one. */
function placeAfter(fixed: string, before: Place): Place {
  const open = fixed.lastIndexOf('<');
  const close = fixed.lastIndexOf('>');
  if (open === close) return before;
  return open > close ? 'tag' : 'text';
}

function element(content: Content): string {
  if (content === null) return '';
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return visible(content);
  if (isList(content)) return content.map(element).join('');
  return content.markup;
}

function attribute(content: Content): string {
  if (content === null) return '';
  if (isList(content)) return content.map(attribute).join(' ');
  return escapeText(plainText(typeof content === 'object' ? content.markup : String(content)));
}

const isList = (content: Content): content is readonly Content[] => Array.isArray(content);

function visible(text: string): string {
  return piecesOf(text)
    .map(({ text: part, name }) =>
      name === null ? betweenTags(part) : `<i class="hid">${name}</i>`,
    )
    .join('');
}

/** Quotes mean nothing between tags, and messages are full of them. */
function betweenTags(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** For a quoted attribute, and for XML. */
export function escapeText(text: string): string {
  return betweenTags(text).replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
