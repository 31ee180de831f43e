/** The proof of work (L-C02). */
import { type Draft, invalid, valid } from '../../category.ts';
import { filled, hex, seededUuid, utf8 } from '../../primitives/bytes.ts';
import { blake3 } from '../../primitives/hash.ts';
import { CHALLENGE, DEVICE_ID, grounds } from './scene.ts';

const workHash = (challenge: Uint8Array, deviceId: string, solution: Uint8Array): Uint8Array =>
  blake3(utf8('norc:pow:v1'), challenge, utf8(deviceId), solution);

function solved(challenge: Uint8Array, difficulty: number): Uint8Array {
  for (let attempt = 0; ; attempt += 1) {
    const solution = utf8(String(attempt));
    if (hex(workHash(challenge, DEVICE_ID, solution)).startsWith('0'.repeat(difficulty)))
      return solution;
  }
}

export function work(): Draft[] {
  const challenge = filled(32, 3);
  const input = { challenge: CHALLENGE, device_id: DEVICE_ID };
  const right = solved(challenge, 4);
  const check = (change: object) => ({
    function: 'check-work',
    ...input,
    difficulty: 4,
    solution: hex(right),
    ...change,
  });
  const bits = { 'one-digit-short': 3, 'two-digits-short': 2, 'no-zero-digit': 1 };
  return [
    ...[0, 1, 2, 3, 4].map((difficulty) => {
      const solution = solved(challenge, difficulty);
      return valid(
        grounds.work,
        `work-of-${difficulty}`,
        { function: 'solve-work', ...input, difficulty },
        {
          solution: hex(solution),
          hash: hex(workHash(challenge, DEVICE_ID, solution)),
        },
      );
    }),
    ...[0, 1, 2, 3, 4].map((difficulty) =>
      valid(grounds.work, `work-suffices-for-${difficulty}`, check({ difficulty })),
    ),
    ...[5, 6, 16, 64, 65].map((difficulty) =>
      invalid(grounds.work, `work-falls-short-of-${difficulty}`, check({ difficulty })),
    ),
    ...Object.entries(bits).map(([name, difficulty]) =>
      invalid(
        grounds.work,
        `work-${name}`,
        check({ solution: hex(almost(challenge, difficulty)) }),
      ),
    ),
    invalid(grounds.work, 'work-for-another-challenge', check({ challenge: hex(filled(32, 4)) })),
    invalid(grounds.work, 'work-for-another-device', check({ device_id: seededUuid('other') })),
    invalid(grounds.work, 'work-with-a-number-for-text', check({ solution: '13b3' })),
    invalid(grounds.work, 'work-with-a-leading-zero', check({ solution: hex(utf8('05043')) })),
    invalid(grounds.work, 'work-not-done', check({ solution: '' })),
  ];
}

/** So many zero digits, and no more. */
function almost(challenge: Uint8Array, digits: number): Uint8Array {
  for (let attempt = 0; ; attempt += 1) {
    const solution = utf8(`n${attempt}`);
    const hash = hex(workHash(challenge, DEVICE_ID, solution));
    if (hash.startsWith('0'.repeat(digits)) && hash[digits] !== '0') return solution;
  }
}
