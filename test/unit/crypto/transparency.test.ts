/**
 * Certificate transparency (T-RESP-06): timestamps and inclusion proofs of a log that is written
 * from RFC 6962 alone, judged by the reference.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNodeX509 } from '../../../reference/crypto/node-x509.ts';
import { millis } from '../../../reference/time.ts';
import type { ReadChain } from '../../../reference/trust/evidence/chain.ts';
import { readLogProof } from '../../../reference/trust/evidence/log-proof.ts';
import { isTransparent, rootFrom } from '../../../reference/trust/evidence/transparency.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { createLog, type LogEntry, proofOf } from '../../conformance/authority/log.ts';
import { type Authority, createAuthority } from '../../conformance/authority.ts';
import { flipped } from './octets.ts';

const x509 = createNodeX509();
const nowMs = Date.now();
const now = millis(nowMs);
const HOUR_MS = 3_600_000;

let authority: Authority;
let plain: ReadChain;
let promised: ReadChain;
let entry: LogEntry;
let logs: readonly string[];

beforeAll(async () => {
  authority = await createAuthority();
  const bare = { timestamps: 'none' } as const;
  plain = await read(bare);
  promised = await read({});
  entry = authority.evidence.entryOf(plain.leaf);
  logs = [encodeBase64url(authority.evidence.log.publicKey)];
});

async function read(options: {
  timestamps?: 'none' | 'forged' | 'unknown-log';
}): Promise<ReadChain> {
  const { chain } = await authority.issue({ serverId: 'acme.test', role: 'federation', options });
  const path = [...chain, authority.rootDers[0] ?? ''];
  const facts = path.flatMap((der) => x509.read(der) ?? []);
  const [leaf = ''] = path;
  const [leafFacts] = facts;
  if (!leafFacts) throw new Error('no leaf');
  const root = path.at(-1) ?? '';
  return { leaf, leafFacts, path, facts, authority: { certificate: root, kind: 'commercial_ca' } };
}

const judged = (chain: ReadChain, ...proofs: Uint8Array[]): boolean =>
  isTransparent(x509, chain, { logs, proofs }, now);

describe('T-RESP-06: a timestamp inside the leaf', () => {
  test('of a known log is enough, and of an unknown one or forged is not', async () => {
    expect(judged(promised)).toBe(true);
    expect(judged(plain)).toBe(false);
    expect(judged(await read({ timestamps: 'unknown-log' }))).toBe(false);
    expect(judged(await read({ timestamps: 'forged' }))).toBe(false);
  });
});

describe('T-RESP-06: a proof that is shown', () => {
  const shown = (atMs: number) => proofOf(0, entry, authority.evidence.log.timestamp(entry, atMs));

  test('of the leaf by a known log is enough', () => {
    expect(judged(plain, shown(nowMs - HOUR_MS))).toBe(true);
  });

  test('of the future, of another leaf, or cut short is not', () => {
    expect(judged(plain, shown(nowMs + HOUR_MS))).toBe(false);
    expect(judged(promised, shown(nowMs - HOUR_MS))).toBe(false);
    expect(judged(plain, shown(nowMs - HOUR_MS).slice(0, -1))).toBe(false);
  });

  test('by a log with an Ed25519 key counts like any other', () => {
    const log = createLog('ed25519');
    const proof = proofOf(0, entry, log.timestamp(entry, nowMs));
    const known = [encodeBase64url(log.publicKey)];
    expect(isTransparent(x509, plain, { logs: known, proofs: [proof] }, now)).toBe(true);
    expect(judged(plain, proof)).toBe(false);
  });

  test('that is forged spoils the sound one beside it', () => {
    const sound = shown(nowMs - HOUR_MS);
    const forged = flipped(sound, sound.length * 8 - 1);
    expect(judged(plain, sound, forged)).toBe(false);
  });

  test('with one bit flipped anywhere proves nothing', () =>
    fc.assert(
      fc.property(fc.nat(), (at) => {
        const sound = shown(nowMs - HOUR_MS);
        expect(judged(plain, flipped(sound, at % (8 * sound.length)))).toBe(false);
      }),
      { numRuns: 300 },
    ));
});

describe('T-RESP-06: inclusion', () => {
  const included = (index: number, size: number) =>
    authority.evidence.log.inclusion(entry, { atMs: nowMs - HOUR_MS, index, size });

  test('in a tree of any size at any place is enough', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (size, at) => {
        expect(judged(plain, included(at % size, size))).toBe(true);
      }),
      { numRuns: 60 },
    ));

  test('with one bit flipped anywhere proves nothing', () =>
    fc.assert(
      fc.property(fc.nat(), (at) => {
        const sound = included(5, 11);
        expect(judged(plain, flipped(sound, at % (8 * sound.length)))).toBe(false);
      }),
      { numRuns: 300 },
    ));

  test('a path that is too long or too short leads nowhere', () => {
    const proof = readLogProof(included(5, 11))?.inclusion;
    if (!proof) throw new Error('unreadable');
    const leaf = new Uint8Array(32);
    expect(rootFrom(x509, { ...proof, path: proof.path.slice(1) }, leaf)).toBeUndefined();
    expect(rootFrom(x509, { ...proof, path: [...proof.path, leaf] }, leaf)).toBeUndefined();
    expect(rootFrom(x509, { ...proof, leafIndex: 11 }, leaf)).toBeUndefined();
  });

  test('the only leaf is its own root', () => {
    const leaf = Uint8Array.from(createHash('sha256').update('leaf').digest());
    expect(rootFrom(x509, { treeSize: 1, leafIndex: 0, path: [] }, leaf)).toEqual(leaf);
  });
});
