/** What a byzantine server says otherwise than its server would, to whom it likes. */
import type { Effect, ExchangeId, Input, LinkId } from '../../reference/core.ts';
import type { Micros } from '../../reference/time.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import { signedAnew, withTranscript } from './keyring.ts';
import {
  type Behaviour,
  type OpenLinks,
  ownRequest,
  type Power,
  requestIn,
  ringOf,
} from './program.ts';

export interface Saying {
  readonly message: NorcMessage;
  /** A server, or null where it is told a device or a stranger. */
  readonly to: string | null;
  readonly now: Micros;
}

/** Null: it says nothing. The same message: it says what its server would. */
export type Tongue = (saying: Saying) => NorcMessage | null;

export function speaking(power: Power, tongue: Tongue): Behaviour {
  const ring = ringOf(power);
  const offers = new Map<ExchangeId, NorcMessage>();
  const askers = createAskers();
  return {
    hears(input) {
      askers.note(input);
      const request = requestIn(input);
      if (request?.type === 'federation_handshake' && input.type === 'request-received') {
        offers.set(input.exchange, request);
      }
      return input;
    },
    does(effect, now, links) {
      const message = messageOf(effect);
      if (message === null) return [effect];
      const said = tongue({ message, to: addressee(effect, links, askers.of), now });
      if (said === null) return silence(effect);
      if (said === message) return [effect];
      const offer = effect.type === 'answer' ? offers.get(effect.exchange) : undefined;
      const whole = signedAnew(withTranscript(said, offer, ring), power.serverId, ring);
      return [retold(effect, whole, { power, links, now })];
    },
  };
}

function messageOf(effect: Effect): NorcMessage | null {
  return effect.type === 'request' || effect.type === 'answer' || effect.type === 'send'
    ? effect.message
    : null;
}

/** Who has asked, by the exchange that waits for an answer. */
function createAskers() {
  const peers = new Map<LinkId, string>();
  const exchanges = new Map<ExchangeId, LinkId>();
  return {
    note(input: Input): void {
      if (input.type !== 'request-received') return;
      const request = requestIn(input);
      if (request?.type === 'federation_handshake')
        peers.set(input.link, request.requesting_server);
      exchanges.set(input.exchange, input.link);
    },
    of: (exchange: ExchangeId): string | null => peers.get(exchanges.get(exchange) ?? '') ?? null,
  };
}

function addressee(
  effect: Effect,
  links: OpenLinks,
  asker: (exchange: ExchangeId) => string | null,
): string | null {
  if (effect.type === 'answer') return asker(effect.exchange);
  if (effect.type !== 'request') return null;
  return peerOn(effect.link, links);
}

const peerOn = (link: LinkId, links: OpenLinks): string | null =>
  [...links].find(([, open]) => open === link)?.[0] ?? null;

/** Who asks gets an empty answer, as if all were well. */
function silence(effect: Effect): readonly Effect[] {
  return effect.type === 'answer' ? [{ ...effect, message: null }] : [];
}

interface Telling {
  readonly power: Power;
  readonly links: OpenLinks;
  readonly now: Micros;
}

function retold(effect: Effect, message: NorcMessage, { power, links, now }: Telling): Effect {
  switch (effect.type) {
    case 'request': {
      const { link, exchange } = effect;
      const server = peerOn(link, links) ?? '';
      // Some types may go on either path.
      return {
        ...effect,
        ...ownRequest(power, { server, link, exchange }, message, now),
        path: effect.path,
      } as Effect;
    }
    case 'answer':
      return { ...effect, message };
    case 'send':
      return { ...effect, message };
    default:
      return effect;
  }
}
