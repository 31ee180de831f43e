import 'reflect-metadata';
import {
  createPrivateKey,
  createPublicKey,
  KeyObject,
  webcrypto,
  X509Certificate,
} from 'node:crypto';
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CertificateOptions } from '../../conformance/actors/peer.ts';
import { type Authority, createAuthority } from '../../conformance/authority.ts';

const hourMs = 3_600_000;
let authority: Authority;
let root: X509Certificate;

beforeAll(async () => {
  authority = await createAuthority();
  root = new X509Certificate(authority.rootPem);
});

const issue = (
  options: CertificateOptions = {},
  role: 'federation' | 'client-port' = 'federation',
) => authority.issue({ serverId: 'acme.test', role, options });

const certificatesOf = (chain: readonly string[]) =>
  chain.map((der) => new X509Certificate(Buffer.from(der, 'base64url')));

/** What `openssl verify` asks: names and signatures chain up to the root. */
function leadsTo(chain: readonly X509Certificate[], top: X509Certificate): boolean {
  return chain.every((certificate, at) => {
    const issuer = chain[at + 1] ?? top;
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  });
}

describe('an honest chain', () => {
  test.each(['federation', 'client-port'] as const)('of a %s leads to the root', async (role) => {
    const { chain } = await issue({}, role);
    expect(chain).toHaveLength(2);
    expect(leadsTo(certificatesOf(chain), root)).toBe(true);
  });

  test('stands in the PEM as in the list of DER', async () => {
    const { chain, certificatesPem } = await issue();
    const blocks = certificatesPem.split(/(?=-----BEGIN)/);
    expect(blocks.map((pem) => new X509Certificate(pem).raw.toString('base64url'))).toEqual(chain);
  });

  test('has authorities above the leaf and none at it', async () => {
    const { chain } = await issue();
    expect(certificatesOf(chain).map(({ ca }) => ca)).toEqual([false, true]);
    expect(root.ca).toBe(true);
  });

  test('is in force now', async () => {
    for (const { validFrom, validTo } of certificatesOf((await issue()).chain)) {
      expect(Date.parse(validFrom)).toBeLessThan(Date.now());
      expect(Date.parse(validTo)).toBeGreaterThan(Date.now() + 24 * hourMs);
    }
  });
});

describe('a federation identity', () => {
  test('has the Ed25519 key whose seed it names', async () => {
    const { chain, keyPem, signingKeySeed } = await issue();
    const [leaf] = certificatesOf(chain);
    expect(leaf?.publicKey.asymmetricKeyType).toBe('ed25519');
    expect(leaf?.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
    const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
    const key = Buffer.concat([prefix, Buffer.from(signingKeySeed ?? [])]);
    const rebuilt = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    expect(createPublicKey(rebuilt).equals(leaf?.publicKey ?? rebuilt)).toBe(true);
  });

  test('is for its server alone', async () => {
    const [leaf] = certificatesOf((await issue()).chain);
    expect(leaf?.checkHost('acme.test', { subject: 'never' })).toBe('acme.test');
    expect(leaf?.checkHost('bravo.test')).toBeUndefined();
  });
});

test('a client-port identity serves the loopback too, with a key that browsers know', async () => {
  const { chain, signingKeySeed } = await issue({}, 'client-port');
  const [leaf] = certificatesOf(chain);
  expect(leaf?.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(leaf?.checkHost('localhost')).toBe('localhost');
  expect(leaf?.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(signingKeySeed).toBeNull();
});

describe('a fault that a case asks for', () => {
  test('a chain to an unknown root leads elsewhere', async () => {
    const [leaf, intermediate] = certificatesOf((await issue({ unknownRoot: true })).chain);
    expect(leaf?.verify(intermediate?.publicKey ?? root.publicKey)).toBe(true);
    expect(intermediate?.verify(root.publicKey)).toBe(false);
  });

  test('a self-signed leaf is its own issuer', async () => {
    const chain = certificatesOf((await issue({ selfSigned: true })).chain);
    expect(chain).toHaveLength(1);
    expect(chain[0]?.verify(chain[0].publicKey)).toBe(true);
  });

  test('an expired leaf is over, and one of tomorrow has not begun', async () => {
    const past = { notBeforeMs: Date.now() - 2 * hourMs, notAfterMs: Date.now() - hourMs };
    const [expired] = certificatesOf((await issue(past)).chain);
    expect(Date.parse(expired?.validTo ?? '')).toBeLessThan(Date.now());
    const [early] = certificatesOf((await issue({ notBeforeMs: Date.now() + hourMs })).chain);
    expect(Date.parse(early?.validFrom ?? '')).toBeGreaterThan(Date.now());
  });

  test('other names, another key and other usages are as asked for', async () => {
    const options: CertificateOptions = {
      dnsNames: ['mallory.test'],
      key: 'ecdsa_p256',
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.4'],
    };
    const { chain, signingKeySeed } = await issue(options);
    const [leaf] = certificatesOf(chain);
    expect(leaf?.subjectAltName).toBe('DNS:mallory.test');
    expect(leaf?.publicKey.asymmetricKeyType).toBe('ec');
    expect(leaf?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.4']);
    expect(signingKeySeed).toBeNull();
  });
});

test('an authority can issue below a root that it is given', async () => {
  const { certificatePem, keyPem } = await selfSignedRoot();
  const own = await createAuthority({ root: { certificatePem, keyPem } });
  const { chain } = await own.issue({ serverId: 'acme.test', role: 'federation' });
  expect(leadsTo(certificatesOf(chain), new X509Certificate(certificatePem))).toBe(true);
});

async function selfSignedRoot(): Promise<{ certificatePem: string; keyPem: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const usages = ['sign', 'verify'] as const;
  const keys = await webcrypto.subtle.generateKey(algorithm, true, usages);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=A root of somebody else',
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  const keyPem = KeyObject.from(keys.privateKey).export({ type: 'sec1', format: 'pem' });
  return { certificatePem: certificate.toString('pem'), keyPem: keyPem.toString() };
}
