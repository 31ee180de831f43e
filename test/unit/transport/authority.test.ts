/** Certificates as OpenSSL and the cores' own reader see them. */
import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createNodeX509 } from '../../../reference/crypto/node-x509.ts';
import { createAuthority, issueSelfSigned } from '../../../reference/transport/authority.ts';
import { readPrivateKey, seedOf } from '../../../reference/transport/pem.ts';
import { nodeCrypto } from '../crypto/providers.ts';
import { acme, authority, bravo, web } from './certificates.ts';

const x509 = createNodeX509();
const leafOf = ({ chain }: { readonly chain: readonly string[] }) => x509.read(chain[0] ?? '');
const read = (pem: string) => new X509Certificate(pem);

test('a leaf is what a federation peer must show (F-CONN-04)', () => {
  expect(leafOf(acme)).toMatchObject({
    dnsNames: ['acme.example'],
    key: { algorithm: 'ed25519' },
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
    isAuthority: false,
    unknownCritical: [],
  });
});

test.each([
  ['the root', acme],
  ['an intermediate', bravo],
])('a chain leads from the leaf to %s', (_, identity) => {
  const path = [...identity.chain, authority.certificate];
  for (const [depth, certificate] of path.slice(0, -1).entries()) {
    expect(x509.isIssuedBy(certificate, path[depth + 1] ?? '')).toBe(true);
  }
  expect(x509.isIssuedBy(path[0] ?? '', path[path.length - 1] ?? '')).toBe(path.length === 2);
});

test('key and certificate belong together, and the PEM holds the whole chain', () => {
  for (const identity of [acme, bravo, web]) {
    const key = readPrivateKey(identity.keyPem);
    const leaf = read(identity.certificatesPem);
    expect('value' in key && leaf.checkPrivateKey(key.value)).toBe(true);
    expect(identity.certificatesPem.match(/BEGIN/g)).toHaveLength(identity.chain.length);
  }
});

test('an Ed25519 key is made from the seed given, and the seed is read back', async () => {
  const seed = new Uint8Array(32).fill(7);
  const identity = await authority.issue({ dnsNames: ['acme.example'], seed });
  expect(leafOf(identity)?.key.raw).toBe(nodeCrypto.signingKey(seed).publicKey);
  const key = readPrivateKey(identity.keyPem);
  expect('value' in key && seedOf(key.value)).toEqual({ value: seed });
});

describe('what a peer may find wrong can be asked for', () => {
  test('validity', async () => {
    const validity = { notBeforeMs: 1_000_000_000_000, notAfterMs: 1_000_000_001_000 };
    const leaf = leafOf(await authority.issue({ dnsNames: ['a.example'], ...validity }));
    expect(leaf).toMatchObject({ notBeforeSeconds: 1e9, notAfterSeconds: 1e9 + 1 });
  });

  test('no names, other usages, or none at all', async () => {
    const keyUsage = ['keyAgreement', 'keyEncipherment'];
    const other = await authority.issue({ dnsNames: [], keyUsage, extendedKeyUsage: ['1.2.3'] });
    expect(leafOf(other)).toMatchObject({
      dnsNames: [],
      keyUsage: ['keyEncipherment', 'keyAgreement'],
      extendedKeyUsage: ['1.2.3'],
    });
    const bare = await authority.issue({ dnsNames: [], keyUsage: [], extendedKeyUsage: [] });
    expect(leafOf(bare)).toMatchObject({ keyUsage: null, extendedKeyUsage: null });
  });

  test('a leaf that vouches for itself, a root that nobody knows', async () => {
    const own = await issueSelfSigned({ dnsNames: ['a.example'] });
    expect(own.chain).toHaveLength(1);
    expect(read(own.certificatesPem).verify(read(own.certificatesPem).publicKey)).toBe(true);
    const stranger = await createAuthority({ key: 'ed25519' });
    const leaf = await stranger.issue({ dnsNames: ['a.example'] });
    expect(x509.isIssuedBy(leaf.chain[0] ?? '', stranger.certificate)).toBe(true);
    expect(x509.isIssuedBy(leaf.chain[0] ?? '', authority.certificate)).toBe(false);
  });
});
