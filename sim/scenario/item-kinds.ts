/** What can be done to a world: what each kind of plan item is, its target, and what else it takes. */
import { trustMethods } from '../../spec/messages/trust/enumerations.ts';
import { middlePrograms } from '../adversary/middle-programs.ts';
import {
  bandwidth,
  drift,
  duration,
  group,
  messageType,
  rate,
  type Schema,
  selector,
  share,
  signedDuration,
  versions,
} from './schema-parts.ts';

export interface KindOfItem {
  readonly summary: string;
  readonly target: Schema;
  readonly params: Schema;
  /** Of the parameters: without them nothing would happen. */
  readonly required?: readonly string[];
}

const flag = { type: 'boolean' };

/** What programs of a man in the middle take (sim/adversary/middle-programs.ts). */
const middleParams = {
  set: { type: 'object' },
  member: { type: 'string' },
  value: {},
  bytes: { type: 'integer', minimum: 1 },
} as const;

const betweenServers = {
  partition: {
    summary: 'nothing arrives between the two sides; flap: the way opens and closes in turn',
    target: group,
    params: { 'one-way': flag, flap: duration },
  },
  reset: { summary: 'their connections break', target: group, params: {} },
  'half-open': {
    summary: 'the second side loses its connections, and the first does not learn it',
    target: group,
    params: {},
  },
  slow: {
    summary: 'every message takes so much longer',
    ...{ target: group, params: { by: duration }, required: ['by'] },
  },
  jitter: {
    summary: 'every message takes up to so much longer, drawn for each',
    ...{ target: group, params: { by: duration }, required: ['by'] },
  },
  bandwidth: {
    summary: 'each direction carries no more than that, and the rest waits',
    ...{ target: group, params: { limit: bandwidth }, required: ['limit'] },
  },
  loss: {
    summary: 'a share of messages is lost; burst: and those that follow, as many in all',
    target: group,
    params: { share, of: messageType, burst: { type: 'integer', minimum: 1 } },
    required: ['share'],
  },
  duplicate: {
    summary: 'a share of messages comes twice',
    ...{ target: group, params: { share, of: messageType }, required: ['share'] },
  },
  reorder: {
    summary: 'a share of messages comes later than what was sent after it',
    target: group,
    params: { share, by: duration, of: messageType },
    required: ['share', 'by'],
  },
  corrupt: {
    summary: 'a share of messages is damaged: one bit of its bytes, or the value of one member',
    target: group,
    params: { share, what: { enum: ['bit', 'field'] }, of: messageType },
    required: ['share', 'what'],
  },
  hold: {
    summary: 'messages wait until it is over',
    ...{ target: group, params: { of: messageType } },
  },
  overload: {
    summary: 'the first side asks the second for its revocation list, again and again',
    ...{ target: group, params: { rate }, required: ['rate'] },
  },
  'man-in-the-middle': {
    summary: 'somebody sits on the link, with a program (sim/adversary/middle-programs.ts)',
    target: group,
    params: {
      program: { enum: Object.keys(middlePrograms) },
      of: messageType,
      /** Of what is sent by the first of the pair only. */
      'one-way': flag,
      /** So often at most. */
      most: { type: 'integer', minimum: 1 },
      /** Servers whose keys are known to whoever sits there. */
      stolen: selector,
      ...middleParams,
    },
    required: ['program'],
  },
} as const satisfies { readonly [kind: string]: KindOfItem };

const ofServers = {
  crash: {
    summary: 'the process is gone; keep: what the disk has of it; for: until it starts again',
    target: selector,
    params: { keep: { enum: ['all', 'synced', 'torn'] } },
  },
  pause: {
    summary: 'the process stands still; what comes meanwhile is there when it goes on',
    target: selector,
    params: {},
  },
  busy: {
    summary: 'needs so long for each thing that comes, one after the other',
    ...{ target: selector, params: { by: duration }, required: ['by'] },
  },
  upgrade: {
    summary: 'stops, and starts with other versions',
    ...{ target: selector, params: { to: versions }, required: ['to'] },
  },
  clock: {
    summary: 'its clock is put forward or back, goes faster or slower, or stands still',
    target: selector,
    params: { step: signedDuration, drift, freeze: flag },
  },
  'disk-full': { summary: 'nothing can be written', target: selector, params: {} },
  'dns-failure': { summary: 'no resolver can be reached', target: selector, params: {} },
  'dns-spoofing': {
    summary: 'is told that a server has the address of another',
    target: selector,
    params: { name: { type: 'string' }, answer: { type: 'string' } },
    required: ['name', 'answer'],
  },
  'dns-poisoning': {
    summary: 'owns no zone: what it publishes is seen at one resolver, which it has poisoned',
    ...{ target: selector, params: {} },
  },
  revoke: {
    summary: 'trust in it is revoked by others',
    target: selector,
    params: { by: selector, reason: { type: 'string' } },
    required: ['by'],
  },
} as const satisfies { readonly [kind: string]: KindOfItem };

/** Every kind of plan item. */
export const itemKinds = {
  ...betweenServers,
  ...ofServers,
  establish: {
    summary: 'the first side asks the second for trust',
    target: group,
    params: { level: { type: 'string' }, method: { enum: [...trustMethods] } },
  },
  order: {
    summary: 'an operator asks for something (Command in reference/core.ts)',
    ...{ target: selector, params: { command: { type: 'object' } }, required: ['command'] },
  },
} as const satisfies { readonly [kind: string]: KindOfItem };

export type ItemKind = keyof typeof itemKinds;
