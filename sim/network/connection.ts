/** One connection between two servers: two ordered streams, and what each end calls it. */
import { createMust } from '../../reference/assert.ts';
import type { ExchangeId, Input, LinkId, TlsPeer } from '../../reference/core.ts';
import type { CertificateDer } from '../../reference/crypto/x509.ts';
import { chooseVersion } from '../../reference/wire/version.ts';
import { fixed } from '../../spec/limits.ts';
import type { Tick } from '../kernel/kernel.ts';
import type { Parcel } from './parcel.ts';

/** A server as others reach it. */
export interface Endpoint {
  readonly id: string;
  readonly index: number;
  readonly certificates: readonly CertificateDer[];
  readonly federationVersions: readonly string[];
  isUp(): boolean;
  /** Counts its starts. */
  incarnation(): number;
  /** Gives it an input. Nothing happens while it is down. */
  deliver(input: Input, from: Origin): void;
}

/** Where an input came from, for the journal. */
export interface Origin {
  readonly peer: string;
  readonly parcel: Parcel | null;
}

export interface Link {
  readonly id: LinkId;
  readonly dialler: Endpoint;
  readonly acceptor: Endpoint;
  readonly tls: Pick<TlsPeer, 'alpn' | 'alpnOffer'>;
  readonly forward: Channel;
  readonly back: Channel;
  /** Ends that still know the link. */
  readonly open: Set<Endpoint>;
  /** Requests without an answer, as the accepting side calls them. */
  readonly asked: Set<ExchangeId>;
}

/** One direction. */
export interface Channel {
  /** Null when the link is over. */
  link: Link | null;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly queue: Parcel[];
  lastArrival: Tick;
  /** Arrivals that have come due while the way was cut. */
  due: number;
  stalledSince: Tick | null;
}

/** The accepting side knows links and exchanges by names of its own. */
const ACCEPTED = 'accepted:';

export const nameAt = (link: Link, end: Endpoint): LinkId =>
  end === link.dialler ? link.id : ACCEPTED + link.id;

/** As the dialler calls it, whoever says it. */
export const plainName = (id: string): string =>
  id.startsWith(ACCEPTED) ? id.slice(ACCEPTED.length) : id;

export function connectionOf(
  id: LinkId,
  { dialler, acceptor }: { dialler: Endpoint; acceptor: Endpoint },
  tls: Link['tls'],
): Link {
  const [forward, back] = [channelOf(dialler, acceptor), channelOf(acceptor, dialler)];
  const open = new Set([dialler, acceptor]);
  const link: Link = { id, dialler, acceptor, tls, forward, back, open, asked: new Set() };
  forward.link = link;
  back.link = link;
  return link;
}

function channelOf(from: Endpoint, to: Endpoint): Channel {
  return { link: null, from, to, queue: [], lastArrival: 0, due: 0, stalledSince: null };
}

/** What mutual TLS shows of the other end. */
export function tlsPeer({ tls }: Link, { certificates }: Endpoint): TlsPeer {
  return { tlsProtocol: fixed.tlsVersion, certificates, ...tls };
}

const plain = createMust();

/** What the TLS of the dialled server chooses (L-V10); null: it ends with an alert. */
export function alpnOf({ federationVersions }: Endpoint, offer: readonly string[]): string | null {
  const offered = offer.flatMap((id) => (id.startsWith('norc-f/') ? id.slice(7) : []));
  const choice = chooseVersion(federationVersions, offered, { must: plain });
  return choice.ok ? `norc-f/${choice.value.version}` : null;
}

const EMPTY_BODY = { kind: 'text', bytes: new Uint8Array() } as const;

/** What the receiving end of a parcel is told. */
export function inputOf(link: Link, to: Endpoint, parcel: Parcel): Input {
  const { exchange, path, proof, body, status } = parcel;
  const name = nameAt(link, to);
  switch (parcel.kind) {
    case 'accept':
      return { type: 'link-accepted', link: name, peer: tlsPeer(link, link.dialler) };
    case 'close':
      return { type: 'link-closed', link: name };
    case 'request':
    case 'get': {
      const carried = { exchange: ACCEPTED + exchange, path, proof, body: body ?? EMPTY_BODY };
      return { type: 'request-received', link: name, ...carried };
    }
    case 'answer':
      return { type: 'answer-received', link: name, exchange, status, body };
  }
}
