/** Collects the body of a request or an answer, within bounds of size, time and common memory. */
import type { IncomingHttpHeaders } from 'node:http2';
import type { Readable } from 'node:stream';
import { limits } from '../../spec/limits.ts';
import { bounds } from './bounds.ts';

/** Bytes that many bodies share while they are collected. */
export interface Budget {
  take(lengthBytes: number): boolean;
  giveBack(lengthBytes: number): void;
}

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' | 'too-slow' | 'no-room' | 'broken' };

const MAXIMUM_BYTES = limits.federationBodyBytes + bounds.slackBytes;

export function createBudget(totalBytes: number, parent?: Budget): Budget {
  let usedBytes = 0;
  return {
    take(lengthBytes) {
      if (usedBytes + lengthBytes > totalBytes) return false;
      if (parent && !parent.take(lengthBytes)) return false;
      usedBytes += lengthBytes;
      return true;
    },
    giveBack(lengthBytes) {
      usedBytes -= lengthBytes;
      parent?.giveBack(lengthBytes);
    },
  };
}

/** L-W04, F-CONN-07: nothing was negotiated, so nothing is decompressed. */
export function isEncoded(headers: IncomingHttpHeaders): boolean {
  return (headers['content-encoding'] ?? 'identity') !== 'identity';
}

/** Before a byte is kept. */
export function isAnnouncedTooLarge(headers: IncomingHttpHeaders): boolean {
  return Number(headers['content-length'] ?? 0) > MAXIMUM_BYTES;
}

/** Calls `done` once. The stream is left as it is, whatever comes of it. */
export function collectBody(stream: Readable, budget: Budget, done: (body: Body) => void): void {
  const chunks: Buffer[] = [];
  let lengthBytes = 0;
  const slow = setTimeout(() => finish({ kind: 'too-slow' }), bounds.bodyMs);
  const finish = (body: Body): void => {
    clearTimeout(slow);
    stream.off('data', keep).off('end', complete).off('close', breakOff);
    budget.giveBack(lengthBytes);
    chunks.length = 0;
    done(body);
  };
  const keep = (chunk: Buffer): void => {
    if (lengthBytes + chunk.length > MAXIMUM_BYTES) {
      finish({ kind: 'too-large' });
    } else if (!budget.take(chunk.length)) {
      finish({ kind: 'no-room' });
    } else {
      lengthBytes += chunk.length;
      chunks.push(chunk);
    }
  };
  const complete = (): void => finish({ kind: 'whole', bytes: Buffer.concat(chunks) });
  const breakOff = (): void => finish({ kind: 'broken' });
  stream.on('data', keep).on('end', complete).on('close', breakOff);
}
