/** The programs of byzantine servers, by name. Each is small, and has its own server's key only. */
import type { Effect } from '../../reference/core.ts';
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type { Json } from '../../spec/schema.ts';
import { patched, signedAnew } from './keyring.ts';
import { speaking } from './outgoing.ts';
import { passingBack } from './passing-back.ts';
import {
  answerIn,
  type Behaviour,
  ownRequest,
  type Power,
  type ProgramKind,
  requestIn,
  ringOf,
} from './program.ts';

/** Whoever sends relays round takes them again itself: a refusal would end the round. */
export const programs: { readonly [name: string]: ProgramKind } = {
  rewrites: {
    summary: 'puts the members of `set` into what it says of type `of`, to all or to `to`',
    off: [],
    begin: (power, { of, to, set }) =>
      speaking(power, ({ message, to: other }) => {
        if (message.type !== of || (to !== undefined && to !== other)) return message;
        return changed(message, set as JsonObject);
      }),
  },
  withholds: {
    summary: 'never says what is of type `of`, to all or to `to`',
    off: [],
    begin: (power, { of, to }) =>
      speaking(power, ({ message, to: other }) =>
        message.type === of && (to === undefined || to === other) ? null : message,
      ),
  },
  ignores: {
    summary: 'does not hear requests of type `of`, nor any answer of that type',
    off: [],
    begin: (_, { of }) => ({
      hears: (input) => ((requestIn(input) ?? answerIn(input))?.type === of ? null : input),
    }),
  },
  'ignores-the-unreadable': {
    summary: 'does not hear requests that cannot be read',
    off: [],
    begin: () => ({
      hears: (input) =>
        input.type === 'request-received' && requestIn(input) === null ? null : input,
    }),
  },
  equivocates: {
    summary: 'shows `to` revocation lists without an entry, and pushes it no revocation (S-11b)',
    off: [],
    begin: (power, { to }) =>
      speaking(power, ({ message, to: other }) => {
        if (other !== to) return message;
        if (message.type === 'trust_revoke') return null;
        const isList = message.type === 'norc_crl';
        return isList ? changed(message, { revoked_certificates: [] }) : message;
      }),
  },
  borrows: {
    summary: 'says of type `of` with the `member` that another has said in such a message before',
    off: [],
    begin: (power, { of, member }) => borrowing(power, String(of), String(member)),
  },
  floods: {
    summary:
      'says each message of type `of` so many `times` more, each with an id of its own in `id`',
    off: [],
    begin: (power, { of, id, times }) =>
      flooding(power, { of: String(of), id: String(id), times: Number(times) }),
  },
  'passes-back-clean': {
    summary: 'passes every relay for it on to all others, as if they had never seen it (S-8)',
    off: ['F-RELAY-04'],
    begin: (power) => passingBack(power, (relay) => [relay.origin_server, power.serverId]),
  },
  'passes-back-grown': {
    summary: 'passes every relay for it on to all others, with the whole way it came (S-8)',
    off: ['F-RELAY-04'],
    begin: (power) => passingBack(power, (relay) => [...relay.route_path, power.serverId]),
  },
  'passes-on-changed': {
    summary: 'passes every relay for it on to all others with the members of `set` (S-7, S-15)',
    off: ['F-RELAY-04'],
    begin: (power, { set }) =>
      passingBack(
        power,
        (relay) => [relay.origin_server, power.serverId],
        set as Partial<MessageRelay>,
      ),
  },
};

const changed = (message: NorcMessage, set: JsonObject): NorcMessage =>
  patched(message as unknown as JsonObject, set) as unknown as NorcMessage;

/** What it has heard, as a request or as an answer, is the last of another's. */
function borrowing(power: Power, of: string, member: string): Behaviour {
  let borrowed: Json | undefined;
  const speaks = speaking(power, ({ message }) => {
    const isMeant = message.type === of && borrowed !== undefined;
    return isMeant ? changed(message, { [member]: borrowed as Json }) : message;
  });
  return {
    ...speaks,
    hears(input, now) {
      const heard = requestIn(input) ?? answerIn(input);
      if (heard?.type === of) borrowed = (heard as unknown as JsonObject)[member];
      return speaks.hears?.(input, now) ?? input;
    },
  };
}

interface Flood {
  readonly of: string;
  readonly id: string;
  readonly times: number;
}

function flooding(power: Power, { of, id, times }: Flood): Behaviour {
  let sent = 0;
  return {
    does(effect, now, links) {
      if (effect.type !== 'request' || effect.message.type !== of) return [effect];
      const server = [...links].find(([, link]) => link === effect.link)?.[0] ?? '';
      const more = Array.from({ length: times }, (): Effect => {
        sent += 1;
        const named = changed(effect.message, { [id]: uuidOf(sent) });
        const message = signedAnew(named, power.serverId, ringOf(power));
        const exchange = `${effect.link}/flood-${sent}`;
        return ownRequest(power, { server, link: effect.link, exchange }, message, now);
      });
      return [effect, ...more];
    },
  };
}

const uuidOf = (number: number): string =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
