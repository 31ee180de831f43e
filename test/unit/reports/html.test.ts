/** The page: complete, self-contained, well formed whatever a subject says, and legible. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { piecesOf } from '../../../reports/characters.ts';
import { countsOf } from '../../../reports/counts.ts';
import { anchor, fragment, html } from '../../../reports/html/markup.ts';
import { renderHtml } from '../../../reports/html.ts';
import { type Results, verdicts } from '../../../reports/results.ts';
import { hostileResults, register, sample, sampleResults } from './sample.ts';
import { type Element, elementsOf } from './well-formed.ts';

const page = renderHtml(sample, register);
const elements = elementsOf(page, 'html');

const named = (all: readonly Element[], name: string) => all.filter((each) => each.name === name);
const withClass = (all: readonly Element[], name: string) =>
  all.filter((each) => (each.attributes.class ?? '').split(' ').includes(name));

/** Text that an attacker would choose. */
const foreign = () =>
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '!', '-', ']', 's', '\u202e'),
    }),
  );

describe('levels by method', () => {
  const [some] = sample.cases;
  const of = (id: string, title: string) => ({ ...(some as NonNullable<typeof some>), id, title });
  const withLevels: Results = {
    ...sample,
    cases: [
      of('trust/levels/basic-by-direct_exchange', 'basic by direct_exchange is granted to all'),
      of('trust/levels/nato-by-web_of_trust', 'nato by web_of_trust is refused with 5808: so'),
      of('trust/levels-lacking/other', 'another case'),
    ],
  };

  test('are a table of what the run found, each cell a link to its case', () => {
    const all = elementsOf(renderHtml(withLevels, register), 'html');
    const links = named(all, 'a').filter(({ attributes }) =>
      attributes.href?.startsWith('#case-trust/levels/'),
    );
    expect(links.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['granted', 'refused with 5808']),
    );
    expect(all.some(({ attributes }) => attributes.id === 'levels')).toBe(true);
  });

  test('are left out where none was judged', () => {
    expect(elements.some(({ attributes }) => attributes.id === 'levels')).toBe(false);
  });
});

describe('markup', () => {
  test('gives back any text, and adds no element but the marks of the hidden', () =>
    fc.assert(
      fc.property(foreign(), (text) => {
        const all = elementsOf(html`<p title="${text}">${text}</p>`.markup, 'html');
        expect(all.every(({ name }) => name === 'p' || name === 'i')).toBe(true);
        const kept = piecesOf(text).filter(({ name }) => name === null);
        expect(named(all, 'p').map((each) => each.text)).toEqual([
          kept.map((k) => k.text).join(''),
        ]);
      }),
    ));

  test('lets no hidden character through, in text or attribute', () =>
    fc.assert(
      fc.property(foreign(), (text) => {
        expect(html`<p title="${text}">${text}</p>`.markup).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    ));

  test('leads a link to the element that has the same name', () =>
    fc.assert(
      fc.property(foreign(), (id) => {
        expect(decodeURIComponent(fragment(id).slice(1))).toBe(anchor(id));
      }),
    ));

  test('keeps harmless text of any language as it is', () => {
    expect(html`${'grüße 你好 שלום 3 < 4'}`.markup).toBe('grüße 你好 שלום 3 &lt; 4');
  });
});

describe('the page', () => {
  test('shows every requirement and every case once, under its id', () => {
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(sample.requirements.map(({ id }) => id)));
    expect(ids).toEqual(expect.arrayContaining(sample.cases.map(({ id }) => `case-${id}`)));
    expect(withClass(elements, 'requirement')).toHaveLength(sample.requirements.length);
    expect(withClass(elements, 'case')).toHaveLength(sample.cases.length);
  });

  test('has no link that leads nowhere', () => {
    const ids = new Set(elements.flatMap(({ attributes }) => attributes.id ?? []));
    const links = elements.flatMap(({ attributes }) => attributes.href ?? []);
    const lost = links
      .filter((link) => link.startsWith('#'))
      .filter((link) => !ids.has(decodeURIComponent(link.slice(1))));
    expect(lost).toEqual([]);
  });

  test('says of each requirement and case the verdict that the results say', () => {
    for (const [name, judged] of [
      ['requirement', sample.requirements],
      ['case', sample.cases],
    ] as const) {
      const shown = withClass(elements, name).map((each) => each.attributes['data-verdict'] ?? '');
      const counts = countsOf(judged);
      for (const verdict of verdicts) {
        expect(shown.filter((word) => word === verdict)).toHaveLength(counts[verdict]);
        expect(counts[verdict], `the sample has no ${verdict}`).toBeGreaterThan(0);
      }
    }
  });

  test('adds up: the last row of the totals is the sum of the rows above it', () => {
    const foot = /<tfoot>(.*?)<\/tfoot>/s.exec(page)?.[1] ?? '';
    const numbers = [...foot.matchAll(/class="number[^"]*">(\d+)</g)].map(([, n]) => Number(n));
    const counts = countsOf(sample.requirements);
    expect(numbers).toEqual([register.length, ...verdicts.map((verdict) => counts[verdict])]);
  });

  test('tells of a failed case what was expected, what came, its reading, how to rerun it', () => {
    const failed = sample.cases.find(({ verdict, readings }) => verdict === 'fail' && readings[0]);
    const from = page.indexOf(`id="case-${failed?.id}"`);
    const part = page.slice(from, page.indexOf('class="item case"', from));
    expect(part).toContain('federation_error');
    expect(part).toContain('granted_trust_level');
    expect(part).toContain(`href="#${failed?.readings[0]}"`);
    expect(part).toContain(failed?.rerun);
    expect(part).toContain('class="sequence"');
  });

  test('draws an arrow for each message of a failed case, to the message it leads to', () => {
    const failed = sample.cases.find(({ verdict }) => verdict === 'fail');
    const at = sample.cases.findIndex(({ id }) => id === failed?.id);
    const arrows = withClass(elements, 'arrow').filter((each) =>
      each.attributes.href?.startsWith(`#m${at}-`),
    );
    expect(arrows).toHaveLength(failed?.exchange.length ?? 0);
  });

  test('is the same for the same results', () => {
    expect(renderHtml(sampleResults(), register)).toBe(page);
  });

  test('renders a run in which nothing was tested and says so', () => {
    const nothing = { ...sample, cases: [], requirements: [] };
    expect(withClass(elementsOf(renderHtml(nothing, register), 'html'), 'ending')[0]?.text).toBe(
      'Nothing was tested',
    );
  });
});

describe('the page fetches nothing', () => {
  test('and names no address but its own parts', () => {
    const addresses = ['src', 'href', 'srcset', 'action', 'data', 'poster', 'xlink:href'];
    const found = elements.flatMap(({ attributes }) =>
      addresses.flatMap((name) => attributes[name] ?? []),
    );
    expect(found.filter((address) => !/^#|^data:,$/.test(address))).toEqual([]);
    const attributes = new Set(elements.flatMap((element) => Object.keys(element.attributes)));
    expect([...attributes].filter((name) => name === 'style' || name.startsWith('on'))).toEqual([]);
    const style = named(elements, 'style')[0]?.text ?? '';
    expect(style).not.toMatch(/@import|url\((?!"#arrow)/);
    expect(named(elements, 'script')[0]?.text).not.toMatch(/fetch|XMLHttp|import|https?:/);
  });

  test('and its policy admits exactly the style and the script that stand in it', () => {
    const policy = named(elements, 'meta')
      .map(({ attributes }) => attributes)
      .find((meta) => meta['http-equiv'] === 'Content-Security-Policy')?.content;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    for (const name of ['style', 'script']) {
      const [only, ...others] = named(elements, name);
      expect(others).toEqual([]);
      const hash = createHash('sha256')
        .update(only?.text ?? '')
        .digest('base64');
      expect(policy).toContain(`${name}-src 'sha256-${hash}'`);
    }
  });
});

describe('a hostile subject', () => {
  const hostile = renderHtml(hostileResults(), register);
  const attacked = elementsOf(hostile, 'html');

  test('adds no element that an honest one does not have', () => {
    const names = (all: readonly Element[]) => [...new Set(all.map(({ name }) => name))].sort();
    const allowed = new Set(names(elements));
    expect(names(attacked).filter((name) => !allowed.has(name))).toEqual([]);
    expect(named(attacked, 'script')).toHaveLength(1);
    expect(named(attacked, 'style')).toHaveLength(1);
    expect(named(attacked, 'img')).toHaveLength(0);
  });

  test('gets no hidden character into the page', () => {
    expect(hostile.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(hostile).toContain('<i class="hid">U+202E</i>');
    expect(hostile).toContain('<i class="hid">NUL</i>');
  });

  test('sees its own line breaks named, and none of ours among its bytes', () => {
    const wires = withClass(attacked, 'wire').map(({ text }) => text);
    expect(wires.filter((text) => text.includes('\n'))).toEqual([]);
  });

  test('cannot make the page large: long messages are cut, and the page says by how much', () => {
    const cut = withClass(attacked, 'cut').map(({ text }) => text.replace(/\s+/g, ' '));
    expect(cut).toContain('The first 6,000 of 18,000 bytes; 12,000 are cut.');
    expect(hostile.length).toBeLessThan(2_000_000);
  });

  test('cannot flood it: of a thousand messages it shows the first and the last', () => {
    const [first] = sample.cases.filter(({ verdict }) => verdict === 'fail');
    const entry = first?.exchange[1];
    if (!first || !entry) throw new Error('the sample has no failed case with an exchange');
    const flood = { ...first, exchange: Array.from({ length: 1000 }, () => entry) };
    const flooded: Results = { ...sample, cases: [flood] };
    const all = elementsOf(renderHtml(flooded, register), 'html');
    expect(withClass(all, 'message')).toHaveLength(60);
    expect(page).not.toContain('940 more');
    const cut = withClass(all, 'cut').map(({ text }) => text.replace(/\s+/g, ' '));
    expect(cut).toContain('940 more entries in the results file.');
  });
});

describe('the colours', () => {
  const sheet = readFileSync(
    new URL('../../../reports/html/style/colours.css', import.meta.url),
    'utf8',
  );
  const [light = '', dark = ''] = sheet.split('@media (prefers-color-scheme: dark)');

  test.each([
    ['light', light],
    ['dark', dark],
  ])('of the %s page give every word a contrast of 4.5 or more', (_, text) => {
    const colour = (name: string) => {
      const found = new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(text)?.[1];
      if (!found) throw new Error(`no colour ${name}`);
      return found;
    };
    for (const verdict of verdicts) {
      for (const behind of [`${verdict}-tint`, 'paper', 'page']) {
        expect(contrast(colour(`${verdict}-ink`), colour(behind)), behind).toBeGreaterThan(4.5);
      }
    }
    for (const ink of ['ink', 'soft', 'link']) {
      for (const behind of ['paper', 'page', 'sunk']) {
        expect(contrast(colour(ink), colour(behind)), `${ink} ${behind}`).toBeGreaterThan(4.5);
      }
    }
  });
});

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
