/**
 * What may be done to a parcel between two servers: an ordered list of rules, each asked in turn
 * for a verdict. Faults, attackers and whoever sits in the middle of a link are all such rules over
 * decoded messages; a rule with the power of a key makes new signatures itself.
 */
import type { Tick } from '../kernel/kernel.ts';
import type { Parcel } from './parcel.ts';

export type Verdict =
  /** Nothing to say: the next rule is asked. */
  | { readonly verdict: 'pass' }
  /** So much later than the network would, and out of the order of the stream. */
  | { readonly verdict: 'deliver'; readonly laterTicks: Tick }
  | { readonly verdict: 'drop' }
  /** Once more, so much later. */
  | { readonly verdict: 'duplicate'; readonly laterTicks: Tick }
  /** Kept until the rule goes. */
  | { readonly verdict: 'hold' }
  /** The next rules see the changed one. */
  | { readonly verdict: 'mutate'; readonly parcel: Parcel }
  /** These as well, after it. */
  | { readonly verdict: 'inject'; readonly parcels: readonly Parcel[] }
  /** A copy is kept on the rule's tape. */
  | { readonly verdict: 'record' }
  /** What is on the tape comes after it, once. */
  | { readonly verdict: 'replay' }
  /** The connection breaks, and with it the parcel is lost. */
  | { readonly verdict: 'reset' };

export interface Place {
  readonly from: string;
  readonly to: string;
  readonly now: Tick;
}

export interface Rule {
  readonly id: string;
  judge(parcel: Parcel, place: Place): Verdict;
}

/** What becomes of one parcel. */
export interface Fate {
  /** In order; usually one. `laterTicks` null: in the order of the stream. */
  readonly sent: readonly { readonly parcel: Parcel; readonly laterTicks: Tick | null }[];
  /** Rule that keeps it. */
  readonly heldBy: string | null;
  readonly isReset: boolean;
}

export interface Pipeline {
  add(rule: Rule): void;
  /** What it held is the caller's to send on. */
  remove(id: string): void;
  fateOf(parcel: Parcel, place: Place): Fate;
}

/** More than any program of an attacker has use for; a tape is no leak. */
const TAPE_PARCELS = 1024;

interface Tapes {
  readonly byRule: Map<string, Parcel[]>;
  /** Copies made: each is a request of its own, which nobody has asked and whose answer nobody awaits. */
  copies: number;
}

interface Draft {
  parcel: Parcel | null;
  laterTicks: Tick | null;
  readonly after: { readonly parcel: Parcel; readonly laterTicks: Tick | null }[];
  heldBy: string | null;
  isReset: boolean;
}

export function createPipeline(): Pipeline {
  const rules: Rule[] = [];
  const tapes: Tapes = { byRule: new Map(), copies: 0 };
  return {
    add: (rule) => void rules.push(rule),
    remove(id) {
      tapes.byRule.delete(id);
      const at = rules.findIndex((rule) => rule.id === id);
      if (at >= 0) rules.splice(at, 1);
    },
    fateOf(parcel, place) {
      if (rules.length === 0) return untouched(parcel);
      const draft: Draft = { parcel, laterTicks: null, after: [], heldBy: null, isReset: false };
      for (const { id, judge } of rules) {
        if (draft.parcel === null) break;
        apply(draft, judge(draft.parcel, place), { id, tapes });
      }
      const { heldBy, isReset, laterTicks, after } = draft;
      const own = draft.parcel ? [{ parcel: draft.parcel, laterTicks }] : [];
      return { sent: [...own, ...after], heldBy, isReset };
    },
  };
}

const untouched = (parcel: Parcel): Fate => ({
  sent: [{ parcel, laterTicks: null }],
  heldBy: null,
  isReset: false,
});

function apply(draft: Draft, verdict: Verdict, { id, tapes }: { id: string; tapes: Tapes }): void {
  const { parcel } = draft;
  if (parcel === null) return;
  switch (verdict.verdict) {
    case 'pass':
      return;
    case 'deliver':
      draft.laterTicks = (draft.laterTicks ?? 0) + verdict.laterTicks;
      return;
    case 'drop':
      draft.parcel = null;
      return;
    case 'duplicate':
      draft.after.push({ parcel: copyOf(parcel, tapes), laterTicks: verdict.laterTicks });
      return;
    case 'hold':
      draft.heldBy = id;
      draft.parcel = null;
      return;
    case 'mutate':
      draft.parcel = verdict.parcel;
      return;
    case 'inject':
      draft.after.push(...verdict.parcels.map((one) => ({ parcel: one, laterTicks: null })));
      return;
    case 'record': {
      const tape = tapes.byRule.get(id) ?? [];
      if (tape.length < TAPE_PARCELS) tape.push(parcel);
      tapes.byRule.set(id, tape);
      return;
    }
    case 'replay': {
      const tape = tapes.byRule.get(id)?.splice(0) ?? [];
      for (const one of tape) draft.after.push({ parcel: copyOf(one, tapes), laterTicks: null });
      return;
    }
    case 'reset':
      draft.parcel = null;
      draft.isReset = true;
      return;
  }
}

function copyOf(parcel: Parcel, tapes: Tapes): Parcel {
  tapes.copies += 1;
  return { ...parcel, exchange: `${parcel.exchange}~${tapes.copies}` };
}
