/** Whole establishments of trust, both sides, beside the signatures that they cannot do without. */
import type { Crypto } from '../../reference/crypto/crypto.ts';
import { establish, renew, statuses } from '../unit/trust/deeds.ts';
import { ACME, BRAVO, createWorld, serverOf, type World } from '../unit/trust/pair.ts';
import { type Measure, perSecond } from './measure.ts';

interface Bare {
  /** A second, of 1 KiB. */
  readonly sign: number;
  readonly verify: number;
}

export function trustExchanges(bare: Bare): readonly Measure[] {
  const establishing = measured(bare, () => createWorld(), establish);
  const renewing = measured(bare, trusted, (world) => renew(world, ACME, BRAVO));
  return [
    { what: 'establishment, mutual, both sides', ...establishing },
    { what: 'establishment and renewal', ...renewing },
  ];
}

function trusted(): World {
  const world = createWorld();
  establish(world);
  if (!statuses(world).every((status) => status === 'active')) throw new Error('no trust');
  return world;
}

/** The world is made anew each time: what is remembered of the last run must not speed up the next. */
function measured(
  bare: Bare,
  prepare: () => World,
  act: (world: World) => void,
): Pick<Measure, 'rate' | 'beside'> {
  const { signed, verified } = counted(prepare, act);
  const rate = perSecond(() => act(prepare()));
  const limit = 1 / (signed / bare.sign + verified / bare.verify);
  const share = ((rate / limit) * 100).toFixed(0);
  return { rate, beside: `${share} % of its ${signed} bare signatures and ${verified} checks` };
}

/** How often keys are used in one run, with what comes before it. */
function counted(prepare: () => World, act: (world: World) => void) {
  const count = { signed: 0, verified: 0 };
  const fresh = createWorld();
  for (const id of [ACME, BRAVO]) watch(serverOf(fresh, id).context, count);
  if (prepare === trusted) establish(fresh);
  act(fresh);
  return count;
}

function watch(
  given: { readonly crypto: Crypto },
  count: { signed: number; verified: number },
): void {
  const { crypto } = given;
  // The world's own context, of which this bench may count the calls.
  const context = given as { crypto: Crypto };
  context.crypto = {
    ...crypto,
    sign(...call) {
      count.signed += 1;
      return crypto.sign(...call);
    },
    verify(...call) {
      count.verified += 1;
      return crypto.verify(...call);
    },
  };
}
