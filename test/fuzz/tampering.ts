/**
 * Stands between our honest actors and a subject, on any ground: what they send through `upgrade` and
 * `dial` goes through a plan of mutations before it reaches the subject. All that crosses is recorded.
 */

import { canonicalText } from '../../reference/wire/canonical.ts';
import type { JsonObject } from '../../reference/wire/json.ts';
import { fixed } from '../../spec/limits.ts';
import { requestProofHeader } from '../../spec/messages/federation/signed-objects.ts';
import {
  type DeviceChannel,
  LinkBroken,
  type LinkChannel,
  type RunningSubject,
} from '../conformance/ground.ts';
import type { Bend } from '../conformance/stage.ts';
import {
  type Donor,
  meaningOf,
  objectOf,
  overwrite,
  rewrite,
  rewritings,
  typeOf,
} from './mutate.ts';
import type { Mutation, MutationOf, Plan, SenderHand } from './mutation.ts';

/** One message on its way, as it arrives. */
export interface Crossing {
  readonly to: 'subject' | 'us';
  /** Type of the message; of an answer without one, its status. */
  readonly type: string;
  readonly text: string;
  /** Type of the honest message that it is, or stands for, or comes ahead of. */
  readonly standsFor: string;
  /** `altered`: not what an honest sender sent. `extra`: nobody honest has sent it at all. */
  readonly fate: 'honest' | 'altered' | 'extra' | 'dropped';
  /** Of an answer: which request it answers, as an index of the record. */
  readonly answers?: number;
  /** HTTP status of an answer. */
  readonly status?: number;
}

export interface Tampering {
  /** The subject as the actors see it. */
  readonly subject: RunningSubject;
  readonly crossings: readonly Crossing[];
  /** For the sender's hand: how the next message of this type is bent, if it is. */
  bend<T extends object>(type: string): { bend?: Bend<T> };
  /** Who the sender is that changes its own messages: one for the whole plan. */
  readonly sender: SenderHand;
  /** How this one is told to be done by the plan. */
  told<K extends Mutation['kind']>(kind: K, message: string): MutationOf<K> | undefined;
  /** Types of honest messages that were changed before or while they crossed. */
  readonly altered: ReadonlySet<string>;
  /** The mutations that have made a difference to them. */
  readonly effective: ReadonlySet<Mutation>;
  /** Messages as an honest sender would have sent them, and as they were sent. */
  readonly originals: Donor;
  readonly finals: Donor;
  /** Where the plan says that the message comes late, lets time pass before it is composed. */
  waitBefore(message: string): Promise<void>;
  /** What an honest run rests on is there: from here on all is changed and recorded. */
  begin(): void;
  /** From here on nothing is any more. */
  stop(): void;
}

interface State {
  readonly subject: RunningSubject;
  readonly plan: Plan;
  readonly donor: Donor;
  readonly crossings: Crossing[];
  readonly altered: Set<string>;
  readonly effective: Set<Mutation>;
  readonly originals: Map<string, JsonObject>;
  readonly finals: Map<string, JsonObject>;
  /** Bodies that crossed, to be replayed: with the proof that each had. */
  readonly past: Map<string, Sent>;
  phase: 'before' | 'under way' | 'over';
}

interface Sent {
  readonly body: string | Uint8Array;
  readonly proof: string | null;
}

/** Of which nothing is made: they come when a channel waits long. */
const passing: ReadonlySet<string> = new Set(['ping', 'pong']);

export function createTampering(subject: RunningSubject, plan: Plan, donor: Donor): Tampering {
  const state: State = {
    ...{ subject, plan, donor, crossings: [], altered: new Set() },
    ...{ effective: new Set(), originals: new Map(), finals: new Map() },
    ...{ past: new Map(), phase: 'before' },
  };
  return {
    subject: {
      ...subject,
      upgrade: async (request) => {
        const subprotocols = offerOf(state, request.subprotocols);
        const channel = await subject.upgrade({ ...request, subprotocols });
        return channel.refused ? channel : deviceChannel(state, channel);
      },
      dial: async (options) => {
        const channel = await subject.dial({ ...options, alpn: offerOf(state, options.alpn) });
        return channel.refused ? channel : linkChannel(state, channel);
      },
    },
    crossings: state.crossings,
    altered: state.altered,
    effective: state.effective,
    originals: state.originals,
    finals: state.finals,
    sender:
      senders.find((hand) => plan.some((each) => 'hand' in each && each.hand === hand)) ?? 'peer',
    bend: (type) => bendFor(state, type),
    told: (kind, message) => (state.phase === 'over' ? undefined : toldOf(plan, kind, message)),
    async waitBefore(message) {
      const late = toldOf(plan, 'delay', message);
      if (!late || state.phase !== 'under way') return;
      alter(state, message, [late]);
      await subject.pass(late.delayMs);
    },
    begin() {
      state.phase = 'under way';
    },
    stop() {
      state.phase = 'over';
    },
  };
}

const senders = ['forger', 'hop'] as const;

function toldOf<K extends Mutation['kind']>(plan: Plan, kind: K, message: string) {
  return plan.find((each): each is MutationOf<K> => each.kind === kind && each.message === message);
}

/** What is offered belongs to the first message that crosses the channel. */
function offerOf(state: State, honest: readonly string[]): readonly string[] {
  if (state.phase !== 'under way') return honest;
  const told = state.plan.find((each): each is MutationOf<'offer'> => each.kind === 'offer');
  if (!told || told.offer.join() === honest.join()) return honest;
  alter(state, told.message, [told]);
  return told.offer;
}

function bendFor<T extends object>(state: State, type: string): { bend?: Bend<T> } {
  const changes = rewritings(state.plan, type, (hand) => hand !== 'path');
  if (changes.length === 0 || state.phase === 'over') return {};
  return {
    bend(honest) {
      const before = honest as JsonObject;
      state.originals.set(type, before);
      const after = rewrite(before, changes, marking(state));
      state.finals.set(type, after);
      if (canonicalText(after) !== canonicalText(before)) state.altered.add(type);
      return after;
    },
  };
}

function alter({ altered, effective }: State, type: string, by: Plan): void {
  altered.add(type);
  for (const mutation of by) effective.add(mutation);
}

const marking = (state: State) => ({
  donor: state.donor,
  changed: (change: Mutation) => void state.effective.add(change),
});

/** What becomes of one message: what goes ahead of it, itself or what stands for it, what follows. */
interface Course {
  readonly ahead: readonly Sent[];
  readonly itself: Sent | null;
  readonly isAltered: boolean;
  readonly behind: readonly Sent[];
}

function courseOf(state: State, sent: Sent, type: string): Course {
  const mine = state.plan.filter(({ message }) => message === type);
  const honest = textOf(sent);
  const original = state.originals.has(type) ? null : objectOf(honest);
  if (original) state.originals.set(type, original);
  const changed = changedBody(state, honest, type, mine);
  const proof = proofOf(state, sent.proof, mine);
  const isDropped = mine.some(({ kind }) => kind === 'drop');
  const itself = isDropped ? null : { body: changed, proof };
  const isSameBody = sameMeaning(honest, changed);
  const final = isSameBody ? null : objectOf(textOf({ body: changed, proof }));
  if (final) state.finals.set(type, final);
  return {
    ahead: mine.flatMap((mutation) => aheadOf(state, mutation, sent.proof)),
    itself,
    isAltered: !isSameBody || proof !== sent.proof,
    behind: mine.some(({ kind }) => kind === 'duplicate') && itself ? [itself] : [],
  };
}

function changedBody(state: State, honest: string, type: string, mine: Plan): string | Uint8Array {
  const splice = mine.find((each): each is MutationOf<'splice'> => each.kind === 'splice');
  const donated = splice && state.donor.get(splice.of);
  const changes = rewritings(mine, type, (hand) => hand === 'path');
  const value = donated ?? (changes.length > 0 ? objectOf(honest) : null);
  const text = value ? JSON.stringify(rewrite(value, changes, marking(state))) : honest;
  const bytes = overwrite(text, mine);
  return mine.some(({ kind }) => byteKinds.has(kind)) ? bytes : text;
}

/** What is done to a message as a whole. */
const whole: ReadonlySet<string> = new Set([
  ...['drop', 'splice', 'proof', 'truncate', 'flip', 'garbage'],
]);

const byteKinds: ReadonlySet<string> = new Set(['truncate', 'flip', 'garbage']);

function aheadOf({ past, donor }: State, mutation: Mutation, proof: string | null): Sent[] {
  if (mutation.kind === 'replay') {
    const earlier = past.get(mutation.of);
    return earlier ? [earlier] : [];
  }
  const other = mutation.kind === 'insert' ? donor.get(mutation.of) : undefined;
  return other ? [{ body: JSON.stringify(other), proof }] : [];
}

/** Long past what F-AUTH-03 allows. */
const LATE_SECONDS = 3600;

function proofOf({ past }: State, honest: string | null, mine: Plan): string | null {
  const how = mine.find((each): each is MutationOf<'proof'> => each.kind === 'proof')?.how;
  if (!how || honest === null) return honest;
  if (how === 'absent') return null;
  if (how === 'of-another') return [...past.values()].at(-1)?.proof ?? null;
  const { ts = '0', sig = '' } = requestProofHeader.exec(honest)?.groups ?? {};
  return `ts=${Number(ts) - LATE_SECONDS};sig=${sig}`;
}

const textOf = ({ body }: Sent): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body);

function sameMeaning(honest: string, changed: string | Uint8Array): boolean {
  if (honest === changed) return true;
  const bytes = typeof changed === 'string' ? new TextEncoder().encode(changed) : changed;
  return meaningOf(bytes) === meaningOf(new TextEncoder().encode(honest));
}

function record(state: State, crossing: Crossing): number {
  return state.crossings.push(crossing) - 1;
}

function noteSent(state: State, sent: Sent, standsFor: string, fate: Crossing['fate']): number {
  const text = textOf(sent);
  const isBent = fate === 'honest' && state.altered.has(standsFor);
  return record(state, {
    to: 'subject',
    type: typeOf(text),
    text,
    standsFor,
    fate: isBent ? 'altered' : fate,
  });
}

/** Sends one message and what the plan makes of it; gives back what came of itself. */
async function carry<T>(
  state: State,
  sent: Sent,
  send: (each: Sent, fate: Crossing['fate']) => Promise<T>,
): Promise<T | null> {
  const type = typeOf(textOf(sent));
  const { ahead, itself, isAltered, behind } = courseOf(state, sent, type);
  for (const each of ahead) await send(each, 'extra');
  if (isAltered || itself === null) {
    alter(
      state,
      type,
      state.plan.filter((each) => each.message === type && whole.has(each.kind)),
    );
  }
  if (itself === null) noteSent(state, sent, type, 'dropped');
  const outcome = itself && (await send(itself, isAltered ? 'altered' : 'honest'));
  for (const each of behind) await send(each, 'extra');
  state.past.set(type, sent);
  return outcome;
}

function deviceChannel(state: State, channel: DeviceChannel): DeviceChannel {
  return {
    ...channel,
    async send(frame) {
      const sent = { body: frame, proof: null };
      const type = typeOf(textOf(sent));
      if (state.phase !== 'under way' || passing.has(type)) return channel.send(frame);
      await carry(state, sent, async (each, fate) => {
        noteSent(state, each, type, fate);
        await channel.send(each.body);
      });
    },
    async next(withinMs) {
      const frame = await channel.next(withinMs);
      if (state.phase === 'under way' && frame) {
        const text = frame.closed ? `closed ${frame.code}` : frame.text;
        const type = frame.closed ? `(closed ${frame.code})` : typeOf(text);
        record(state, { to: 'us', type, text, standsFor: '', fate: 'honest' });
      }
      return frame;
    },
  };
}

function linkChannel(state: State, channel: LinkChannel): LinkChannel {
  return {
    ...channel,
    async request(path, body, headers, withinMs) {
      if (body === null) return channel.request(path, body, headers, withinMs);
      const { [fixed.proofHeader]: proof = null, ...others } = headers;
      const type = typeOf(textOf({ body, proof }));
      if (state.phase !== 'under way') {
        state.past.set(type, { body, proof });
        return channel.request(path, body, headers, withinMs);
      }
      const answer = await carry(state, { body, proof }, async (each, fate) => {
        const answers = noteSent(state, each, type, fate);
        const proved = each.proof === null ? {} : { [fixed.proofHeader]: each.proof };
        const asked = channel.request(path, each.body, { ...others, ...proved }, withinMs);
        return answered(state, asked, { answers, type, fate });
      });
      if (answer === null) throw new LinkBroken('the request was lost');
      if (answer instanceof LinkBroken) throw answer;
      return answer;
    },
  };
}

type HttpAnswer = Awaited<ReturnType<LinkChannel['request']>>;

/** A link that breaks is an answer too. */
async function answered(
  state: State,
  asked: Promise<HttpAnswer>,
  { answers, type: standsFor, fate }: { answers: number; type: string; fate: Crossing['fate'] },
): Promise<HttpAnswer | LinkBroken> {
  const note = (type: string, text: string, status: number): void =>
    void record(state, { to: 'us', type, text, standsFor, fate, answers, status });
  try {
    const answer = await asked;
    note(typeOf(answer.text) || `(HTTP ${answer.status})`, answer.text, answer.status);
    return answer;
  } catch (error) {
    if (!(error instanceof LinkBroken)) throw error;
    note(`(${error.message})`, '', 0);
    return error;
  }
}
