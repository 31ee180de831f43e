/**
 * A server that runs already, somewhere. The suite can speak with it as a device, and as a server
 * where the target names an authority that it accepts and a DNS address that it asks. It can
 * neither be restarted nor commanded nor given another policy: cases that need that are untestable.
 */
import { connect } from 'node:net';
import { SubjectUnreachable } from '../ground.ts';
import type { SubjectFacts } from '../stage.ts';
import type { Endpoints, RunningTarget, Target, TargetStart } from './target.ts';

export interface UrlOptions {
  readonly clientUrl: URL;
  /** PEM of the roots that certify both ports; null: the roots of the system. */
  readonly roots: string | null;
  readonly facts: SubjectFacts;
  readonly federation: { readonly host: string; readonly port: number } | null;
  /** Whether our authority is one that the subject accepts. */
  readonly acceptsAuthority: boolean;
  /** `address:port` that the subject asks, where the suite's DNS server shall listen. */
  readonly dns: string | null;
}

const CONNECT_MS = 5000;

export function urlTarget(options: UrlOptions): Target {
  const name = options.clientUrl.href;
  return {
    name,
    can: { restart: false, command: false },
    dns: options.dns ?? 'nowhere',
    async start(start): Promise<RunningTarget> {
      await assertReachable(options.clientUrl);
      return {
        facts: options.facts,
        obstacle: obstacleTo(start, options),
        endpoints: () => endpointsOf(options),
        // The ground refuses both before it asks.
        restart: async () => {},
        command: async () => {},
        output: () => '',
        exercised: () => null,
        close: async () => {},
      };
    },
  };
}

function obstacleTo({ policy, versions }: TargetStart, { facts }: UrlOptions): string | null {
  if (Object.keys(policy).length > 0) {
    return `needs the policy ${JSON.stringify(policy)}, and the subject runs already`;
  }
  const isAsked = versions === null || versions.join() === facts.versions.join();
  return isAsked ? null : `needs versions ${versions?.join(', ')}, and the subject runs already`;
}

function endpointsOf(options: UrlOptions): Endpoints {
  const { clientUrl, roots, federation, acceptsAuthority, facts } = options;
  return {
    clientUrl,
    clientRoots: roots,
    federation:
      federation && acceptsAuthority ? { ...federation, serverId: facts.serverId, roots } : null,
  };
}

/** Where nothing listens there is nothing to judge. */
function assertReachable(url: URL): Promise<void> {
  const port = Number(url.port || 443);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (why: string): void => {
      socket.destroy();
      reject(new SubjectUnreachable(`${url.href} cannot be reached: ${why}`, ''));
    };
    socket.setTimeout(CONNECT_MS, () => fail(`no answer within ${CONNECT_MS / 1000} s`));
    socket.once('error', (error) => fail(error.message));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
