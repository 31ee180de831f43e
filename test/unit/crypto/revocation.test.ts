/**
 * OCSP answers and revocation lists of X.509 (T-RESP-05), written by hand in DER and read by the
 * provider: each fault alone.
 */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNodeX509 } from '../../../reference/crypto/node-x509.ts';
import { seconds } from '../../../reference/time.ts';
import type { ReadChain } from '../../../reference/trust/evidence/chain.ts';
import { chainStatus } from '../../../reference/trust/evidence/revocation-status.ts';
import { bytesOf } from '../../../reference/wire/base64url.ts';
import { partsOf } from '../../conformance/authority/der.ts';
import { type OcspOptions, ocspResponse } from '../../conformance/authority/revocation.ts';
import { type Authority, createAuthority } from '../../conformance/authority.ts';

const x509 = createNodeX509();
const nowMs = Date.now();
const now = seconds(Math.floor(nowMs / 1000));
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

let authority: Authority;
let chain: readonly string[];
let read: ReadChain;

beforeAll(async () => {
  authority = await createAuthority();
  ({ chain } = await authority.issue({ serverId: 'acme.test', role: 'federation' }));
  read = readOf([...chain, authority.rootDers[0] ?? '']);
});

function readOf(path: readonly string[]): ReadChain {
  const facts = path.flatMap((der) => x509.read(der) ?? []);
  const [leaf = ''] = path;
  const [leafFacts] = facts;
  if (!leafFacts) throw new Error('no leaf');
  const root = path.at(-1) ?? '';
  return { leaf, leafFacts, path, facts, authority: { certificate: root, kind: 'commercial_ca' } };
}

/** An honest answer about the intermediate, and one about the leaf with these options. */
function statusWith(options: Partial<OcspOptions>, at = now): string {
  const [, above = ''] = authority.evidence.ocsp(chain, { nowMs });
  const [leaf = ''] = authority.evidence.ocsp(chain, { nowMs, ...options });
  return chainStatus(x509, read, { ocspResponses: [leaf, above].map(bytesOf), crls: [] }, at);
}

describe('T-RESP-05: OCSP', () => {
  test('good answers about leaf and intermediate make the chain good', () => {
    expect(statusWith({})).toBe('good');
    expect(statusWith({ naming: 'sha256' })).toBe('good');
  });

  test('an answer about the leaf alone is not enough', () => {
    const [leaf = ''] = authority.evidence.ocsp(chain, { nowMs });
    const evidence = { ocspResponses: [bytesOf(leaf)], crls: [] };
    expect(chainStatus(x509, read, evidence, now)).toBe('unknown');
  });

  test.each([
    ['unknown', { status: 'unknown' }, 'unknown'],
    ['revoked', { status: 'revoked' }, 'revoked'],
    ['forged', { isForged: true }, 'unknown'],
    [
      'of the past',
      { thisUpdateMs: nowMs - 2 * HOUR_MS, nextUpdateMs: nowMs - HOUR_MS },
      'unknown',
    ],
    ['of the future', { thisUpdateMs: nowMs + HOUR_MS, nextUpdateMs: nowMs + DAY_MS }, 'unknown'],
    [
      'older than a day and open-ended',
      { thisUpdateMs: nowMs - 25 * HOUR_MS, nextUpdateMs: null },
      'unknown',
    ],
    [
      'younger than a day and open-ended',
      { thisUpdateMs: nowMs - 23 * HOUR_MS, nextUpdateMs: null },
      'good',
    ],
    [
      'older than a week',
      { thisUpdateMs: nowMs - 8 * DAY_MS, nextUpdateMs: nowMs + DAY_MS },
      'unknown',
    ],
    ['about another number', { serial: Uint8Array.of(7) }, 'unknown'],
    ['revoked and of the past', { status: 'revoked', thisUpdateMs: nowMs - 8 * DAY_MS }, 'revoked'],
  ] as const)('an answer that is %s', (_, options, expected) => {
    expect(statusWith(options)).toBe(expected);
  });

  test('ends at nextUpdate: half-open', () => {
    const second = Math.floor(nowMs / 1000);
    const options = { thisUpdateMs: nowMs - HOUR_MS, nextUpdateMs: (second + 10) * 1000 };
    expect(statusWith(options, seconds(second + 10) - 1)).toBe('good');
    expect(statusWith(options, seconds(second + 10))).toBe('unknown');
  });

  test('a responder that the issuer has certified for it may answer', async () => {
    const [leaf = ''] = chain;
    const notAfterMs = nowMs + DAY_MS;
    const sound = await authority.evidence.responderFor(leaf, {
      purpose: OCSP_SIGNING,
      notAfterMs,
    });
    expect(statusWith({ responder: sound })).toBe('good');
    const other = await authority.evidence.responderFor(leaf, { purpose: SERVER_AUTH, notAfterMs });
    expect(statusWith({ responder: other })).toBe('unknown');
    const old = await authority.evidence.responderFor(leaf, {
      purpose: OCSP_SIGNING,
      notAfterMs: nowMs - HOUR_MS,
    });
    expect(statusWith({ responder: old })).toBe('unknown');
  });

  test('a responder of another issuer may not', async () => {
    const stranger = await authority.issue({
      serverId: 'mallory.test',
      role: 'federation',
      options: { unknownRoot: true },
    });
    const responder = await authority.evidence.responderFor(stranger.chain[0] ?? '', {
      purpose: OCSP_SIGNING,
      notAfterMs: nowMs + DAY_MS,
    });
    expect(statusWith({ responder })).toBe('unknown');
  });

  test('a certificate cannot answer for itself', async () => {
    const { chain: own, keyPem } = await authority.issue({
      serverId: 'self.test',
      role: 'federation',
    });
    const { createPrivateKey } = await import('node:crypto');
    const itself = { der: bytesOf(own[0] ?? ''), key: createPrivateKey(keyPem) };
    const answer = ocspResponse(itself.der, authority.evidence.signerFor(own[0] ?? ''), {
      nowMs,
      responder: itself,
    });
    expect(x509.readOcsp(answer, own[0] ?? '', own[1] ?? '')?.signer).toEqual({ kind: 'stranger' });
  });

  test('an answer signed by an Ed25519 issuer is read', async () => {
    const issued = await authority.issue({
      serverId: 'ed.test',
      role: 'federation',
      options: { issuer: { key: 'ed25519' } },
    });
    const [answer = ''] = authority.evidence.ocsp(issued.chain, { nowMs });
    const [leaf = '', issuer = ''] = issued.chain;
    expect(x509.readOcsp(bytesOf(answer), leaf, issuer)?.signer).toEqual({ kind: 'issuer' });
  });

  test('a request names the certificate as RFC 6960 has it', () => {
    const [leaf = '', issuer = ''] = chain;
    const request = x509.ocspRequest(leaf, issuer) ?? new Uint8Array();
    const serial = Buffer.from(partsOf(bytesOf(leaf)).serial).toString('hex');
    expect(Buffer.from(request).toString('hex').endsWith(serial)).toBe(true);
  });

  test('bytes that are no answer are nothing', () => {
    const [leaf = '', issuer = ''] = chain;
    for (const bytes of [
      new Uint8Array(),
      Uint8Array.of(0x30, 3, 0x0a, 1, 6),
      new Uint8Array(99),
    ]) {
      expect(x509.readOcsp(bytes, leaf, issuer)).toBeUndefined();
    }
  });
});

describe('T-RESP-05: revocation lists', () => {
  const statusBy = (...crls: string[]) => {
    const [, above = ''] = authority.evidence.ocsp(chain, { nowMs });
    const evidence = { ocspResponses: [bytesOf(above)], crls: crls.map(bytesOf) };
    return chainStatus(x509, read, evidence, now);
  };

  test('a fresh list without the certificate makes it good; with it, revoked', () => {
    const [leaf = ''] = chain;
    expect(statusBy(authority.evidence.crl(leaf, { nowMs }))).toBe('good');
    const revoked = [bytesOf(leaf)];
    expect(statusBy(authority.evidence.crl(leaf, { nowMs, revoked }))).toBe('revoked');
  });

  test('a list that is stale, a delta, or of another key says nothing', () => {
    const [leaf = ''] = chain;
    const stale = { nowMs, thisUpdateMs: nowMs - DAY_MS, nextUpdateMs: nowMs - HOUR_MS };
    expect(statusBy(authority.evidence.crl(leaf, stale))).toBe('unknown');
    expect(statusBy(authority.evidence.crl(leaf, { nowMs, isDelta: true }))).toBe('unknown');
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signer = { der: bytesOf(leaf), key };
    expect(statusBy(authority.evidence.crl(leaf, { nowMs, signer }))).toBe('unknown');
  });

  test('bytes that are no list are nothing', () => {
    expect(x509.readCrl(new Uint8Array(40), chain[1] ?? '')).toBeUndefined();
  });
});
