/** Chains that are remembered as sound (T-CERT-12): for how long, and what ends it. */
import { expect, test } from 'vitest';
import { seconds } from '../../../reference/time.ts';
import { readChain } from '../../../reference/trust/evidence/chain.ts';
import { forgetChains } from '../../../reference/trust/evidence/chain-cache.ts';
import type { Scope } from '../../../reference/trust/scope.ts';
import { createState } from '../../../reference/trust/state.ts';
import { limits } from '../../../spec/limits.ts';
import { ACME, BRAVO, createWorld, serverOf } from './pair.ts';
import { createPaperX509, paper } from './paper-x509.ts';

const TTL = seconds(limits.chainCacheSeconds);

/** A trust layer that counts how often it really looks at signatures. */
function counting() {
  const world = createWorld();
  const { config, context } = serverOf(world, BRAVO);
  let looked = 0;
  const plain = createPaperX509();
  const x509 = {
    ...plain,
    isIssuedBy(der: string, issuer: string) {
      looked += 1;
      return plain.isIssuedBy(der, issuer);
    },
  };
  const own = { ...context, x509 };
  const scope = { config, state: createState(), context: own } as unknown as Scope;
  const chain = serverOf(world, ACME).config.certificateChain;
  return {
    scope,
    chain,
    /** Whether the chain is sound at this instant, and whether that had to be found out. */
    at(now: number, certificates = chain) {
      const before = looked;
      own.now = now;
      const isSound = readChain(scope, certificates, now) !== undefined;
      return { isSound, isLooked: looked > before };
    },
    start: context.now,
  };
}

test('T-CERT-12: a chain is remembered for less than its time to live, strictly', () => {
  const { at, start } = counting();
  expect(at(start)).toEqual({ isSound: true, isLooked: true });
  expect(at(start + TTL - 1)).toEqual({ isSound: true, isLooked: false });
  expect(at(start + TTL)).toEqual({ isSound: true, isLooked: true });
});

test('T-CERT-12: what is remembered is not renewed by being used', () => {
  const { at, start } = counting();
  at(start);
  at(start + TTL - 1);
  expect(at(start + TTL + 1)).toEqual({ isSound: true, isLooked: true });
});

test('T-CERT-12: a revocation ends it, for the server that it is about and for no other', () => {
  const { at, start, scope } = counting();
  at(start);
  forgetChains(scope.state, BRAVO);
  expect(at(start).isLooked).toBe(false);
  forgetChains(scope.state, ACME);
  expect(at(start).isLooked).toBe(true);
});

test('T-CERT-12: validity is judged at each use, whatever is remembered', () => {
  const { at, start } = counting();
  const end = start / 1_000_000 + 10;
  const short = paper({ subject: ACME, signer: 'Root', dnsNames: [ACME], notAfterSeconds: end });
  expect(at(start, [short])).toEqual({ isSound: true, isLooked: true });
  expect(at(seconds(end) - 1, [short])).toEqual({ isSound: true, isLooked: false });
  expect(at(seconds(end), [short])).toEqual({ isSound: false, isLooked: false });
});

test('what is not sound is not remembered, and what is remembered is bounded', () => {
  const { at, start, scope } = counting();
  expect(at(start, [paper({ subject: ACME, signer: 'Nobody' })]).isSound).toBe(false);
  expect(scope.state.validated.size).toBe(0);
  at(start);
  const [entry] = scope.state.validated.values();
  if (!entry) throw new Error('nothing is remembered');
  for (let nth = 1; nth < limits.chainCacheEntries; nth += 1) {
    scope.state.validated.set(String(nth), entry);
  }
  at(start, [paper({ subject: ACME, signer: 'Root', serialNumber: '2' })]);
  expect(scope.state.validated.size).toBe(limits.chainCacheEntries);
});
