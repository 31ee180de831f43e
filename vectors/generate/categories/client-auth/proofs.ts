/** Registration and exchange key: what is signed, and what does not verify (L-C03, L-E03). */
import { type Draft, type Grounds, invalid, valid } from '../../category.ts';
import { flip, fromHex, hex } from '../../primitives/bytes.ts';
import { canonicalBytes } from '../../primitives/canonical-json.ts';
import { seededKey, sign } from '../../primitives/signature.ts';
import { changedValue } from '../../variation.ts';
import {
  authentication,
  bytesOf,
  CHALLENGE,
  device,
  exchange,
  grounds,
  type Kind,
  type Members,
  objectFor,
  registration,
  signatureOf,
  types,
} from './scene.ts';

export function signedBytes(): Draft[] {
  const all: readonly (readonly [Kind, Members, Grounds])[] = [
    ['registration', registration, grounds.registration],
    ['authentication', authentication, grounds.authentication],
    ['kex', exchange, grounds.kex],
  ];
  return all.flatMap(([kind, members, about]) => [
    valid(
      about,
      `${kind}-bytes`,
      { function: `${kind}-bytes`, ...members },
      {
        signed_hex: hex(bytesOf(kind, members)),
      },
    ),
    ...Object.keys(members).map((member) => {
      const changed = { ...members, [member]: changedValue(members[member] ?? '') as string };
      const name = `${kind}-bytes-of-another-${member.replaceAll('_', '-')}`;
      const output = { signed_hex: hex(bytesOf(kind, changed)) };
      return valid(about, name, { function: `${kind}-bytes`, ...changed }, output);
    }),
  ]);
}

/** Registration and exchange key: the signature stays, one member does not. */
export function proofs(kind: 'registration' | 'kex', members: Members, about: Grounds): Draft[] {
  const verify = (signature: string, change: Members = {}) => ({
    function: `verify-${kind}`,
    ...members,
    ...change,
    signature,
  });
  const right = signatureOf(kind, members);
  const { challenge: _, ...rest } = members;
  const strangers = seededKey('stranger');
  return [
    valid(about, `${kind}-verifies`, verify(right)),
    ...Object.keys(members).flatMap((member) => {
      const changed = { [member]: changedValue(members[member] ?? '') as string };
      const words = member.replaceAll('_', '-');
      return [
        invalid(about, `${kind}-shown-with-another-${words}`, verify(right, changed)),
        ...(member === 'public_key'
          ? []
          : [
              invalid(
                about,
                `${kind}-signed-with-another-${words}`,
                verify(signatureOf(kind, { ...members, ...changed })),
              ),
            ]),
      ];
    }),
    invalid(about, `${kind}-by-another-key`, verify(signatureOf(kind, members, strangers))),
    invalid(about, `${kind}-signature-zero`, verify('00'.repeat(64))),
    invalid(about, `${kind}-signature-empty`, verify('')),
    invalid(about, `${kind}-signature-cut`, verify(right.slice(0, 126))),
    ...[0, 31, 32, 63].map((at) =>
      invalid(
        about,
        `${kind}-signature-byte-${at}-changed`,
        verify(hex(flip(fromHex(right), 8 * at))),
      ),
    ),
    invalid(
      grounds.cross,
      `${kind}-signed-as-another-type`,
      verify(
        hex(sign(device, canonicalBytes({ ...objectFor(kind, members), type: 'auth_response' }))),
      ),
    ),
    invalid(
      grounds.cross,
      `${kind}-signed-without-type`,
      verify(hex(sign(device, canonicalBytes({ ...objectFor(kind, members), type: null })))),
    ),
    invalid(
      grounds.registration,
      `${kind}-signed-in-hex`,
      verify(hex(sign(device, canonicalBytes({ type: types[kind], ...members })))),
    ),
    invalid(
      grounds.oracle,
      `${kind}-signed-in-part`,
      verify(hex(sign(device, canonicalBytes({ type: types[kind], ...rest, user_id: null })))),
    ),
    ...(kind === 'registration'
      ? [
          invalid(
            grounds.oracle,
            'registration-over-the-raw-challenge',
            verify(hex(sign(device, fromHex(CHALLENGE)))),
          ),
        ]
      : [
          invalid(
            grounds.oracle,
            'kex-over-the-raw-key',
            verify(hex(sign(device, fromHex(String(exchange.kex_public_key))))),
          ),
        ]),
  ];
}
