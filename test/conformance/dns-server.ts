/**
 * The suite's DNS server: answers over UDP on the loopback what stands in a zone, with the codes by
 * which a resolver tells a missing name (NXDOMAIN), a name without such a record (no error, no
 * answers) and a broken server (SERVFAIL) apart. It is authoritative for everything it is asked.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import dnsPacket, { type Answer, type DecodedPacket, type Packet } from 'dns-packet';
import type { ZoneAnswer, ZoneRecords } from './zone.ts';

export interface DnsServer {
  /** `address:port` of each vantage point, comma-separated, as NORC_DNS wants it. */
  readonly address: string;
  close(): Promise<void>;
}

/** Response codes of RFC 1035 4.1.1; they are the low four bits of the flags. */
const FORMERR = 1;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const NOTIMP = 4;

/** The only kind of question that we answer. */
const QUERY = 0;

/** RFC 1035 3.3: a character string of a TXT record holds at most 255 bytes. */
const TXT_STRING_BYTES = 255;
/** Records change while a subject runs, so nothing may be cached. */
const TTL_SECONDS = 0;

/** Two resolvers, so that a subject has two vantage points (L-T03). */
const ANY = '127.0.0.1:0,127.0.0.1:0';

/** `where`: `address:port` (of each vantage point, comma-separated), or `any` of the loopback. */
export async function startDnsServer(zone: ZoneRecords, where = 'any'): Promise<DnsServer> {
  const places = (where === 'any' ? ANY : where).split(',');
  const sockets = await Promise.all(places.map((place, at) => listen(zone, place.trim(), at)));
  const addresses = sockets.map((socket) => socket.address() as AddressInfo);
  return {
    address: addresses.map(({ address, port }) => `${address}:${port}`).join(),
    close: async () => void (await Promise.all(sockets.map(close))),
  };
}

async function listen(zone: ZoneRecords, where: string, vantage: number): Promise<Socket> {
  const { hostname, port } = new URL(`udp://${where}`);
  const socket = createSocket('udp4');
  const view = { ask: (name: string, type: string) => zone.ask(name, type, vantage) };
  socket.on('message', (bytes, from) => answer(socket, view, bytes, from));
  socket.bind(Number(port), hostname);
  await once(socket, 'listening');
  return socket;
}

async function close(socket: Socket): Promise<void> {
  socket.close();
  await once(socket, 'close');
}

/** The zone as one resolver shows it. */
type View = Pick<ZoneRecords, 'ask'>;

function answer(socket: Socket, zone: View, bytes: Buffer, from: RemoteInfo): void {
  const query = decoded(bytes);
  // An answer to an answer would let two servers talk for ever.
  if (!query || query.type === 'response') return;
  const response = dnsPacket.encode(responseTo(query, zone));
  // The asker may be gone; it is not our loss.
  socket.send(response, from.port, from.address, () => {});
}

function decoded(bytes: Buffer): DecodedPacket | null {
  try {
    return dnsPacket.decode(bytes);
  } catch {
    return null;
  }
}

function responseTo(query: DecodedPacket, zone: View): Packet {
  const [question] = query.questions ?? [];
  const respond = (code: number, answers: Answer[] = []): Packet => ({
    type: 'response',
    id: query.id ?? 0,
    flags: flagsOf(query) | code,
    questions: query.questions ?? [],
    answers,
  });
  if (opcodeOf(query) !== QUERY) return respond(NOTIMP);
  if (!question || query.questions?.length !== 1) return respond(FORMERR);
  const found = zone.ask(question.name, question.type);
  return respond(codeOf(found), recordsOf(question.name, found));
}

const opcodeOf = ({ flags = 0 }: DecodedPacket): number => (flags >> 11) & 0xf;

/**
 * RFC 1035 4.1.1: recursion desired is copied; the answer is authoritative, recursion available.
 */
function flagsOf(query: DecodedPacket): number {
  const desired = query.flag_rd ? dnsPacket.RECURSION_DESIRED : 0;
  return dnsPacket.AUTHORITATIVE_ANSWER | dnsPacket.RECURSION_AVAILABLE | desired;
}

function codeOf(found: ZoneAnswer): number {
  if (found.kind === 'failure') return SERVFAIL;
  return found.kind === 'no-name' ? NXDOMAIN : 0;
}

function recordsOf(name: string, found: ZoneAnswer): Answer[] {
  const common = { name, ttl: TTL_SECONDS, class: 'IN' } as const;
  switch (found.kind) {
    case 'txt':
      return found.values.map((value) => ({ ...common, type: 'TXT', data: stringsOf(value) }));
    case 'srv':
      return found.services.map(({ host, ...rest }) => ({
        ...common,
        type: 'SRV',
        data: { ...rest, target: host },
      }));
    case 'address':
      return found.addresses.map((data) => ({ ...common, type: 'A', data }));
    default:
      return [];
  }
}

/** One value as character strings, which the asker joins again. */
function stringsOf(value: string): Buffer[] {
  const bytes = Buffer.from(value);
  const count = Math.max(1, Math.ceil(bytes.length / TXT_STRING_BYTES));
  return Array.from({ length: count }, (_, at) =>
    bytes.subarray(at * TXT_STRING_BYTES, (at + 1) * TXT_STRING_BYTES),
  );
}
