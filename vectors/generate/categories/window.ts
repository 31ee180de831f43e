/** V-SEQ: the replay window (L-E13 to L-E15). */
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { seeded } from '../primitives/bytes.ts';
import { emptyWindow, isFresh, record } from '../primitives/window.ts';
import { decimal, flag, from, listOf, objectOf, oneOf } from '../shape.ts';

type Size = 1024 | 4096;
type Ranges = readonly (readonly [from: bigint, to: bigint])[];

const grounds = {
  duplicate: { requirements: ['X-SEQ-03'], readings: ['L-E15'], flags: ['replay'] },
  device: { requirements: ['X-SEQ-03'], readings: ['L-E14', 'L-E15'], flags: ['window-edge'] },
  link: { requirements: ['X-SEQ-04'], readings: ['L-E14'], flags: ['window-edge'] },
  ahead: { requirements: ['X-SEQ-05'], readings: ['L-E15'], flags: ['lost-late-message'] },
  late: { requirements: ['X-SEQ-06'], readings: ['L-E15'], flags: ['lost-late-message'] },
  jump: { requirements: ['X-SEQ-08'], readings: ['L-E13'], flags: ['far-jump'] },
  zero: { requirements: ['X-SEQ-01'], readings: ['L-E13'], flags: ['no-number'] },
  forged: { requirements: ['X-SEQ-07'], readings: ['L-E13'], flags: ['unproven-number'] },
  restart: {
    requirements: ['X-SEQ-16', 'X-SEQ-03'],
    readings: ['L-E12'],
    flags: ['forgotten-window'],
  },
} satisfies Record<string, Grounds>;

function judged(
  about: Grounds,
  name: string,
  window: Size,
  accepted: Ranges,
  number: bigint,
): Draft {
  const state = emptyWindow(window);
  for (const [first, last] of accepted) {
    for (let next = first; next <= last; next += 1n) record(state, next);
  }
  const input: VectorValue = {
    function: 'is-fresh',
    window,
    accepted: accepted.map(([first, last]) => [String(first), String(last)]),
    number: String(number),
  };
  return (isFresh(state, number) ? valid : invalid)(about, name, input);
}

/** The row of the plan: 100 to 120 have come. */
function planned(): Draft[] {
  const come: Ranges = [[100n, 120n]];
  const at = (about: Grounds, name: string, accepted: Ranges, number: bigint): Draft =>
    judged(about, name, 1024, accepted, number);
  return [
    ...Array.from({ length: 21 }, (_, n) =>
      at(grounds.duplicate, `again-${100 + n}`, come, 100n + BigInt(n)),
    ),
    at(grounds.late, 'unseen-99', come, 99n),
    at(grounds.late, 'unseen-1', come, 1n),
    at(grounds.ahead, 'next-121', come, 121n),
    at(grounds.ahead, 'ahead-125', come, 125n),
    at(
      grounds.late,
      'late-122-after-125',
      [
        [100n, 121n],
        [125n, 125n],
      ],
      122n,
    ),
    at(
      grounds.duplicate,
      'late-122-twice',
      [
        [100n, 121n],
        [125n, 125n],
        [122n, 122n],
      ],
      122n,
    ),
    at(
      grounds.device,
      'unseen-100-under-head-1123',
      [
        [101n, 120n],
        [1123n, 1123n],
      ],
      100n,
    ),
    at(
      grounds.device,
      'unseen-100-under-head-1124',
      [
        [101n, 120n],
        [1124n, 1124n],
      ],
      100n,
    ),
    at(
      grounds.device,
      'seen-100-under-head-1124',
      [
        [100n, 120n],
        [1124n, 1124n],
      ],
      100n,
    ),
  ];
}

/** Both sides of the lower edge, for heads that fall anywhere in a bitmap. */
function edges(): Draft[] {
  const heads = [5000n, 8191n, 8192n, 8193n, 16_777_215n, 4_294_967_296n, 9_007_199_254_740_991n];
  const sizes: readonly Size[] = [1024, 4096];
  return sizes.flatMap((size) => {
    const about = size === 1024 ? grounds.device : grounds.link;
    return heads.flatMap((head) => {
      // As far as one may come in honest steps.
      const come: Ranges = [[head, head]];
      return [-1n, 0n, 1n].map((beside) => {
        const number = head - BigInt(size) + beside;
        const name = `w${size}-head-${head}-edge${beside < 0n ? '' : '-plus'}${beside}`;
        return judged(about, name, size, come, number);
      });
    });
  });
}

function zeros(): Draft[] {
  const come: Ranges = [[5n, 9n]];
  return [
    judged(grounds.zero, 'zero-is-no-number', 1024, come, 0n),
    judged(grounds.zero, 'zero-in-an-empty-window', 1024, [], 0n),
    judged(grounds.zero, 'two-to-the-53', 1024, [[2n ** 53n - 2n, 2n ** 53n - 2n]], 2n ** 53n),
    judged(
      grounds.zero,
      'last-number-there-is',
      1024,
      [[2n ** 53n - 2n, 2n ** 53n - 2n]],
      2n ** 53n - 1n,
    ),
    judged(grounds.zero, 'two-to-the-64', 4096, come, 2n ** 64n),
    judged(grounds.zero, 'wraps-to-one', 4096, come, 2n ** 64n + 1n),
    judged(grounds.ahead, 'first-number-one', 1024, [], 1n),
    judged(grounds.ahead, 'largest-start', 1024, [], 2n ** 24n - 1n),
    judged(grounds.jump, 'start-of-two-to-the-40', 1024, [], 2n ** 40n),
  ];
}

function jumps(): Draft[] {
  const head = 20_000_000n;
  const sizes: readonly Size[] = [1024, 4096];
  const steps = {
    'just-allowed': 2n ** 20n,
    'one-too-far': 2n ** 20n + 1n,
    'twice-too-far': 2n ** 21n,
  };
  return sizes.flatMap((size) => [
    ...Object.entries(steps).map(([name, step]) =>
      judged(grounds.jump, `w${size}-jump-${name}`, size, [[head, head]], head + step),
    ),
    judged(grounds.jump, `w${size}-jump-to-two-to-the-40`, size, [[100n, 120n]], 2n ** 40n),
    judged(grounds.jump, `w${size}-jump-to-the-largest`, size, [[100n, 120n]], 2n ** 53n - 1n),
    judged(grounds.ahead, `w${size}-a-window-ahead`, size, [[100n, 120n]], 120n + BigInt(size)),
    // All places of the bitmap have been taken by the new head: what was seen is too old now.
    judged(
      grounds.duplicate,
      `w${size}-old-after-a-jump`,
      size,
      [
        [100n, 120n],
        [9000n, 9000n],
      ],
      110n,
    ),
    judged(
      grounds.late,
      `w${size}-gap-after-a-jump`,
      size,
      [
        [100n, 120n],
        [9000n, 9000n],
      ],
      8990n,
    ),
    judged(
      grounds.late,
      `w${size}-same-place-as-an-old-one`,
      size,
      [
        [100n, 120n],
        [100n + BigInt(size) + 20n, 100n + BigInt(size) + 20n],
      ],
      100n + BigInt(size),
    ),
  ]);
}

interface Step {
  readonly number: bigint;
  readonly authentic: boolean;
}

function traced(about: Grounds, name: string, window: Size, steps: readonly Step[]): Draft {
  const state = emptyWindow(window);
  const outcomes = steps.map(({ number, authentic }) => {
    if (!isFresh(state, number) || !authentic) return 'reject';
    record(state, number);
    return 'accept';
  });
  const told = steps.map(({ number, authentic }) => ({ number: String(number), authentic }));
  return valid(about, name, { function: 'trace', window, steps: told }, { outcomes });
}

/** The process ends after so many steps, and goes on with what it has stored. */
function restarted(name: string, window: Size, steps: readonly Step[], restart_after: number) {
  const { input, output } = traced(grounds.restart, name, window, steps);
  const asked = { ...(input as object), function: 'trace-with-restart', restart_after };
  return valid(grounds.restart, name, asked, output);
}

const genuine = (...numbers: readonly bigint[]): Step[] =>
  numbers.map((number) => ({ number, authentic: true }));
const forged = (number: bigint): Step => ({ number, authentic: false });

function traces(): Draft[] {
  const walk = (name: string, spread: number): Step[] => {
    const bytes = seeded(`walk ${name}`, 120);
    return Array.from(bytes, (byte, at) => ({
      number: BigInt(1 + at * 8 + (byte % spread)),
      authentic: byte % 5 !== 0,
    }));
  };
  return [
    traced(
      grounds.late,
      'trace-of-the-plan',
      1024,
      genuine(100n, 120n, 119n, 119n, 121n, 125n, 122n, 122n),
    ),
    traced(grounds.forged, 'forged-high-number-blocks-nothing', 1024, [
      ...genuine(100n, 101n),
      forged(1_000_000n),
      ...genuine(102n, 99n, 101n),
    ]),
    traced(grounds.forged, 'forged-number-is-not-used-up', 1024, [
      ...genuine(100n),
      forged(101n),
      ...genuine(101n, 101n),
    ]),
    traced(grounds.forged, 'forged-first-number', 4096, [forged(16_000_000n), ...genuine(7n, 8n)]),
    traced(
      grounds.jump,
      'steps-of-the-largest-jump',
      1024,
      genuine(1n, 1_048_577n, 2_097_153n, 3_145_730n, 1_048_577n),
    ),
    ...[24, 200, 60].map((spread) =>
      traced(grounds.duplicate, `walk-of-spread-${spread}`, 1024, walk('a', spread)),
    ),
    ...[24, 255].map((spread) =>
      traced(grounds.link, `walk-on-a-link-of-spread-${spread}`, 4096, walk('b', spread)),
    ),
  ];
}

function restarts(): Draft[] {
  const come = genuine(100n, 120n, 119n, 125n);
  const far = genuine(5n, 6000n, 5990n);
  return [
    restarted('after-a-restart-nothing-comes-again', 1024, [...come, ...come], 4),
    restarted('after-a-restart-late-ones-still-come', 1024, [...come, ...genuine(122n, 99n)], 4),
    restarted('after-a-restart-the-edge-stays', 1024, [...far, ...genuine(4976n, 4977n, 5n)], 3),
    restarted('after-a-restart-the-edge-of-a-link', 4096, [...far, ...genuine(1904n, 1905n)], 3),
    restarted(
      'after-a-restart-the-jump-stays-bounded',
      1024,
      genuine(7n, 1_048_584n, 1_048_583n),
      1,
    ),
    restarted('restart-of-an-empty-window', 1024, genuine(16_777_215n, 16_777_215n), 0),
    restarted('restart-after-a-forged-number', 1024, [...come, forged(9000n), ...genuine(126n)], 5),
    restarted(
      'restart-before-a-forged-number-comes-genuine',
      4096,
      [forged(7n), ...genuine(7n, 7n)],
      1,
    ),
  ];
}

const size = oneOf(1024, 4096);
const range = { type: 'array', prefixItems: [decimal, decimal], items: false, minItems: 2 };

export const window: CategorySource = {
  category: 'window',
  title: 'Replay window',
  description:
    'A number is fresh when it is 1…2^53 − 1, above head − window, not accepted before, and at most 2^20 ' +
    'above the head (above 2^24 − 1 where nothing has been accepted). The head is the highest accepted ' +
    'number. Only what is authentic is recorded. Numbers are decimal text.',
  functions: {
    'is-fresh': {
      does: 'accepted holds ranges [first, last] that have been accepted in this order; answer when number is fresh, else reject.',
      input: { window: size, accepted: listOf(range), number: decimal },
      output: {},
    },
    trace: {
      does: 'from an empty window: accept or reject for each step; what is not authentic is rejected and leaves no trace.',
      input: { window: size, steps: listOf(objectOf({ number: decimal, authentic: flag })) },
      output: { outcomes: listOf(oneOf('accept', 'reject')) },
    },
    'trace-with-restart': {
      does: 'as trace, but after `restart_after` steps the window is written to where it survives the process, and read again.',
      input: {
        window: size,
        steps: listOf(objectOf({ number: decimal, authentic: flag })),
        restart_after: from(0),
      },
      output: { outcomes: listOf(oneOf('accept', 'reject')) },
    },
  },
  flags: {
    replay: {
      bug: 'A number is accepted twice.',
      effect: 'A recorded message is delivered again: an order, a payment, an alarm.',
    },
    'window-edge': {
      bug: 'The lower edge is off by one, or the window smaller than required.',
      effect: 'Late messages are lost on one build and replays pass on another.',
    },
    'lost-late-message': {
      bug: 'Only ascending numbers are accepted.',
      effect: 'Whoever reorders packets drops messages at will.',
    },
    'far-jump': {
      bug: 'The head may move any distance.',
      effect: 'One message of a hostile device shuts out all later ones of its chain.',
    },
    'no-number': {
      bug: 'Zero, or a number beyond 2^53 − 1, is taken for a place.',
      effect: 'Unsequenced messages escape the window, or the number wraps around.',
    },
    'forgotten-window': {
      bug: 'The window does not survive a restart, or only its head does.',
      effect: 'Whoever makes a server restart replays what it recorded, or silences late messages.',
    },
    'unproven-number': {
      bug: 'The window moves before the message has been authenticated.',
      effect: 'Anybody on the path sends one forged high number and silences the sender.',
    },
  },
  drafts: () => [...planned(), ...edges(), ...zeros(), ...jumps(), ...traces(), ...restarts()],
};
