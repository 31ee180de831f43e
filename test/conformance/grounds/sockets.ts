/**
 * The ground of real sockets: TLS 1.3, WebSocket, HTTP/2 and DNS against a running server, whoever
 * wrote it. The zone is served over UDP to the subject; time is real, so long waits are not for
 * this ground.
 */
import { Untestable } from '../case.ts';
import { type DnsServer, startDnsServer } from '../dns-server.ts';
import type { Ground, RunningSubject } from '../ground.ts';
import type { RunningTarget, Target } from '../targets/target.ts';
import { announce, createZone, type ZoneRecords } from '../zone.ts';
import { assertAnswers } from './first-contact.ts';
import { openLinkChannel } from './http2-channel.ts';
import { type ListeningServer, listenAs } from './http2-server.ts';
import { createRealTime, type RealTime } from './real-time.ts';
import { startWebServer, type WebServer } from './web-server.ts';
import { openDeviceChannel } from './websocket-channel.ts';

type StartOptions = Parameters<Ground['start']>[0];

export function createSocketsGround({ target }: { readonly target: Target }): Ground {
  const running = new Set<RunningSubject>();
  return {
    name: 'sockets',
    virtualTime: false,
    several: target.several ?? false,
    async start(options) {
      const subject = await startSubject(target, options, () => running.delete(subject));
      running.add(subject);
      return subject;
    },
    async close() {
      await Promise.all([...running].map((subject) => subject.close()));
    },
  };
}

async function startSubject(
  target: Target,
  options: StartOptions,
  closed: () => void,
): Promise<RunningSubject> {
  const time = createRealTime();
  const zone = createZone(time.stir);
  const dns = target.dns === 'nowhere' ? null : await startDnsServer(zone, target.dns);
  const web = await startWebServer(time.stir);
  try {
    const onDeath = time.end;
    const address = dns?.address ?? null;
    const { pages } = web;
    const running = await target.start({ ...options, dns: address, zone, web: pages, onDeath });
    await assertAnswers(running.endpoints().clientUrl, running.output).catch(async (error) => {
      await running.close();
      throw error;
    });
    return subjectOf({ target, running, zone, web, time, dns, closed });
  } catch (error) {
    await web.close();
    await dns?.close();
    throw error;
  }
}

interface Parts {
  readonly target: Target;
  readonly running: RunningTarget;
  readonly zone: ZoneRecords;
  readonly web: WebServer;
  readonly time: RealTime;
  readonly dns: DnsServer | null;
  readonly closed: () => void;
}

function subjectOf(parts: Parts): RunningSubject {
  const { target, running, zone, web, time } = parts;
  const servers = new Set<ListeningServer>();
  /** Whoever has used it and whoever ends the run may both close it. */
  let closing: Promise<void> | null = null;
  return {
    facts: running.facts,
    ...(running.keySeed && { keySeed: running.keySeed }),
    can: { ...target.can, virtualTime: false },
    async upgrade(request) {
      assertUsable(parts);
      return openDeviceChannel(running.endpoints(), request, time);
    },
    async dial(options) {
      assertUsable(parts);
      return openLinkChannel(federationOf(parts), options, time);
    },
    async listen(server) {
      assertUsable(parts);
      return listen(server, parts, servers);
    },
    zone,
    web: web.pages,
    now: time.now,
    pass: time.pass,
    until: time.until,
    async restart() {
      if (!target.can.restart) throw new Untestable(`${target.name} cannot be restarted`);
      await running.restart();
      time.resume();
    },
    async command(command) {
      if (!target.can.command) throw new Untestable(`${target.name} takes no operator commands`);
      time.assertAlive();
      await running.command(command);
    },
    output: running.output,
    exercised: running.exercised,
    close() {
      closing ??= closeAll(parts, servers);
      return closing;
    },
  };
}

async function closeAll(parts: Parts, servers: Iterable<ListeningServer>): Promise<void> {
  const { running, web, time, dns, closed } = parts;
  closed();
  await running.close();
  await Promise.all([...servers].map((server) => server.close()));
  await web.close();
  await dns?.close();
  time.close();
}

function assertUsable({ running, time }: Parts): void {
  time.assertAlive();
  if (running.obstacle !== null) throw new Untestable(running.obstacle);
}

function federationOf({ target, running }: Parts) {
  const { federation } = running.endpoints();
  if (federation) return federation;
  throw new Untestable(`no federation port is known of ${target.name}, or no authority of ours`);
}

async function listen(
  server: Parameters<RunningSubject['listen']>[0],
  { target, zone, time, dns }: Parts,
  servers: Set<ListeningServer>,
): Promise<{ close(): Promise<void> }> {
  if (!dns) throw new Untestable(`${target.name} does not ask the DNS server of the suite`);
  const listening = await listenAs(server, time);
  servers.add(listening);
  const withdraw = announce(zone, server.serverId, listening.port);
  return {
    async close() {
      if (!servers.delete(listening)) return;
      withdraw();
      await listening.close();
    },
  };
}
