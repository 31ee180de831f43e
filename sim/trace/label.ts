/** What a journal entry is called in a trace, and a digest of all that it says. */
import type { Frame } from '../../reference/core.ts';
import type { Parcel } from '../network/parcel.ts';
import { digestOfBytes, digestOfText, digestOfValue } from './digest.ts';
import type { Happening } from './journal.ts';

/** The kinds of records, by their number. The order is part of the format. */
export const eventNames = [
  'sent',
  'received',
  'noticed',
  'started',
  'crashed',
  'commanded',
  'logged',
  'audited',
  'shown',
  'said',
  'plan',
  'threw',
] as const satisfies readonly Happening['event'][];

const numbers = new Map<string, number>(eventNames.map((name, number) => [name, number]));

export const numberOf = (event: Happening['event']): number => numbers.get(event) as number;

export function labelOf(happening: Happening): string {
  switch (happening.event) {
    case 'sent':
    case 'received':
      return labelOfParcel(happening.parcel);
    case 'noticed': {
      const { input } = happening;
      return input.type === 'timer-fired' ? `timer ${purposeOf(input.timer)}` : input.type;
    }
    case 'commanded':
      return happening.command.command;
    case 'logged': {
      const { entry } = happening;
      return entry.event === 'refused' ? `refused ${entry.requirement}` : entry.event;
    }
    case 'audited':
      return `${happening.entry.type} ${happening.entry.action}`;
    case 'shown':
      return happening.effect.type;
    case 'plan':
      return `${happening.item} ${happening.phase}`;
    case 'threw':
      return happening.during;
    default:
      return happening.event;
  }
}

export function labelOfParcel({ kind, message, status }: Parcel): string {
  if (message !== null) return message.type;
  return kind === 'answer' ? `answer ${status}` : kind;
}

/** `federation/deadline/<link>` is for a deadline, whichever link's it is. */
const purposeOf = (timer: string): string => timer.split('/', 2).join('/');

export function peerOf(happening: Happening): string {
  switch (happening.event) {
    case 'sent':
    case 'received':
    case 'noticed':
      return happening.peer;
    case 'audited':
      return happening.entry.target;
    case 'commanded':
      return 'server' in happening.command ? happening.command.server : '';
    case 'logged':
      return happening.entry.peer;
    default:
      return '';
  }
}

export function digestOf(happening: Happening): number {
  if (happening.event !== 'sent' && happening.event !== 'received') {
    return digestOfText(JSON.stringify(happening));
  }
  return digestOfParcel(happening.parcel);
}

/** A parcel arrives as it was sent, and nothing is changed in it: what is changed is another one. */
const known = new WeakMap<Parcel, number>();

function digestOfParcel(parcel: Parcel): number {
  const before = known.get(parcel);
  if (before !== undefined) return before;
  const { kind, exchange, path, proof, status, body } = parcel;
  const clear = digestOfText(`${kind} ${exchange} ${path} ${proof} ${status}`);
  const digest = body === null ? clear : digestOfFrame(body, clear);
  known.set(parcel, digest);
  return digest;
}

function digestOfFrame(frame: Frame, clear: number): number {
  return frame.kind === 'value'
    ? digestOfValue(frame.value, clear)
    : digestOfBytes(frame.bytes, clear);
}
