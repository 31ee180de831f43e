/**
 * Revocation lists of a server of ours (profile T11, L-R08): what it answers when the subject
 * fetches one. Honest by default: nothing is revoked, one list for half a day.
 */
import type { Micros } from '../../../reference/time.ts';
import { toSeconds } from '../../../reference/time.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcCrl } from '../../../spec/messages/trust/norc-crl.ts';
import type { ChannelRequest } from '../ground.ts';
import type { Route } from './exchange.ts';
import type { ListOptions, ListServing } from './peer.ts';
import type { PeerState } from './peer-state.ts';
import { signed } from './signing.ts';

export interface ListDesk {
  serve(how: ListServing): void;
  take(request: ChannelRequest): void;
  /** When the subject has asked, oldest first. */
  readonly fetches: readonly Micros[];
}

const HALF_A_DAY_SECONDS = limits.crlSeconds / 2;

export function composeList(peer: PeerState, options: ListOptions = {}): JsonObject {
  const { environment, key, serverId } = peer;
  const now = toSeconds(environment.subject.now());
  const list: Omit<NorcCrl, 'signature'> = {
    type: 'norc_crl',
    issuer_server: serverId,
    // A minute ago, as the clocks of two machines may differ.
    this_update: now - limits.federationSkewSeconds,
    next_update: now - limits.federationSkewSeconds + limits.crlSeconds,
    revoked_certificates: (options.revoked ?? []).map((certificateId) => ({
      certificate_id: certificateId,
      revocation_date: now,
      revocation_reason: options.reason ?? 'privilege_withdrawn',
      extensions: [],
    })),
    crl_extensions: [],
    signature_algorithm: 'ed25519',
    crl_number: options.number ?? now,
  };
  const signer = { crypto: environment.crypto, key, member: 'signature' };
  const bent = options.bend ? options.bend(list as NorcCrl) : { ...list };
  return signed(bent as JsonObject, signer) as JsonObject;
}

export function createListDesk(peer: PeerState): ListDesk {
  const { environment, serverId } = peer;
  const route: Route = { from: serverId, to: 'subject', channel: `${serverId} inbound` };
  const fetches: Micros[] = [];
  let serving: ListServing = 'honest';
  let honest: { list: JsonObject; atSeconds: number } | null = null;

  function honestList(): JsonObject {
    const now = toSeconds(environment.subject.now());
    if (honest === null || now >= honest.atSeconds + HALF_A_DAY_SECONDS) {
      honest = { list: composeList(peer), atSeconds: now };
    }
    return honest.list;
  }

  return {
    fetches,
    serve(how) {
      serving = how;
    },
    take(request) {
      const { exchange } = environment;
      fetches.push(environment.subject.now());
      exchange.event({ ...route, from: 'subject', to: serverId }, `GET ${request.path}`);
      if (serving === 'failing' || serving === 'absent') {
        const status = serving === 'absent' ? 404 : 503;
        exchange.event(route, `HTTP ${status}`);
        return request.answer(status, '');
      }
      const list = serving === 'honest' ? honestList() : serving;
      request.answer(200, exchange.sendRaw(route, list, peer.inbound.version));
    },
  };
}
