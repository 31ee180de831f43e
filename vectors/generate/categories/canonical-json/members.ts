/** The text of binary members and identifiers (L-S07, L-S09). */
import type { VectorValue } from '../../../vector-file.ts';
import { type Draft, invalid, valid } from '../../category.ts';
import { base64url, fromHex, hex, seeded, seededUuid } from '../../primitives/bytes.ts';
import { grounds } from './scene.ts';

export function binary(): Draft[] {
  const read = (name: string, text: string, bytes: Uint8Array): Draft =>
    valid(
      grounds.binary,
      `base64url-${name}`,
      { function: 'decode-base64url', text },
      { hex: hex(bytes) },
    );
  const wrong = {
    'one-pad': 'AAE=',
    'two-pads': 'AA==',
    'pad-alone': '=',
    plus: 'A+AA',
    slash: 'A/AA',
    'single-character': 'A',
    'five-characters': 'AAAAA',
    'unused-bits-of-two': 'AB',
    'unused-bits-of-two-high': 'AP',
    'unused-bits-of-three': 'AAB',
    'space-inside': 'AA AA',
    'line-feed-inside': 'AA\nAA',
    'space-before': ' AAAA',
    'null-character': 'AAA\u0000',
    'full-stop': 'AA.A',
    'full-width-letter': 'AAA\uff21',
    percent: 'AA%3D',
  };
  return [
    read('empty', '', new Uint8Array()),
    ...[1, 2, 3, 4, 31, 32, 33, 64].map((length) => {
      const bytes = seeded('base64url', length);
      return read(`${length}-bytes`, base64url(bytes), bytes);
    }),
    read('both-special-characters', '-_-_', fromHex('fbffbf')),
    ...Object.entries(wrong).map(([name, text]) =>
      invalid(grounds.binary, `base64url-${name}`, { function: 'decode-base64url', text }),
    ),
  ];
}

export function identifiers(): Draft[] {
  const good = seededUuid('identifier');
  const asked = (text: string): VectorValue => ({ function: 'check-uuid', text });
  const wrong = {
    'upper-case': good.toUpperCase(),
    'version-1': good.replace(/-4(...-)/, '-1$1'),
    'version-7': good.replace(/-4(...-)/, '-7$1'),
    'variant-0': good.replace(/^(.{19})./, '$10'),
    'variant-c': good.replace(/^(.{19})./, '$1c'),
    nil: '00000000-0000-0000-0000-000000000000',
    'without-hyphens': good.replaceAll('-', ''),
    braces: `{${good}}`,
    urn: `urn:uuid:${good}`,
    'one-short': good.slice(1),
    'one-long': `${good}0`,
    'line-feed-after': `${good}\n`,
    'not-hexadecimal': good.replace(/^./, 'g'),
    empty: '',
    'device-name': 'alice-device-1',
  };
  return [
    valid(grounds.uuid, 'uuid-version-4', asked(good)),
    ...['8', '9', 'a', 'b'].map((variant) =>
      valid(
        grounds.uuid,
        `uuid-variant-${variant}`,
        asked(`550e8400-e29b-41d4-${variant}716-446655440000`),
      ),
    ),
    ...Object.entries(wrong).map(([name, text]) =>
      invalid(grounds.uuid, `uuid-${name}`, asked(text)),
    ),
  ];
}
