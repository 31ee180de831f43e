/**
 * The federation port of a node in this process (profile F1): links with the facts that mutual TLS
 * and ALPN would have shown, made from real certificate chains, and requests and answers as HTTP/2
 * would carry them. Bodies cross as bytes. The node judges; nothing is refused here that TLS would
 * let pass.
 */
import type { Hands } from '../../../reference/node/run-node.ts';
import type { LinkRefused } from '../actors/peer.ts';
import type { LinkChannel, RunningSubject } from '../ground.ts';
import type { ZoneRecords } from '../zone.ts';
import { createAcceptedLinks } from './virtual-accepted-links.ts';
import type { World } from './virtual-devices.ts';
import { createDialledLinks } from './virtual-dialled-links.ts';

export interface LinkWorld extends World {
  readonly zone: ZoneRecords;
  /** Federation versions of the subject. */
  readonly versions: readonly string[];
  /** The subject's own chain, which it shows when it dials. */
  readonly certificates: readonly string[];
}

export interface VirtualLinks {
  readonly hands: Pick<Hands, 'answer' | 'dial' | 'request' | 'get' | 'hang-up'>;
  dial(options: Parameters<RunningSubject['dial']>[0]): Promise<LinkChannel | LinkRefused>;
  listen(server: Parameters<RunningSubject['listen']>[0]): Promise<{ close(): Promise<void> }>;
  /** The process behind the links is gone; nobody is told but our servers. */
  breakAll(): void;
}

export function createVirtualLinks(world: LinkWorld): VirtualLinks {
  const accepted = createAcceptedLinks(world);
  const dialled = createDialledLinks(world);
  return {
    hands: {
      answer: accepted.answer,
      dial: dialled.dial,
      request: dialled.request,
      get: dialled.get,
      'hang-up': ({ link }) => {
        accepted.hangUp(link);
        dialled.hangUp(link);
      },
    },
    dial: accepted.dial,
    listen: dialled.listen,
    breakAll() {
      accepted.breakAll();
      dialled.breakAll();
    },
  };
}
