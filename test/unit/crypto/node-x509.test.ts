/** Certificates: the facts, who signed whom, and what is no certificate. */
import 'reflect-metadata';
import { createHash, X509Certificate } from 'node:crypto';
import {
  CertificatePolicyExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNodeX509 } from '../../../reference/crypto/node-x509.ts';
import { bytesOf } from '../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { authorityExtensions, certificate, signWith } from './certificates.ts';
import { base64url, flipped } from './octets.ts';

const x509 = createNodeX509();
const root = await certificate({
  name: 'CN=Root, O=Acme',
  kind: 'ed25519',
  extensions: authorityExtensions(1),
});
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const leaf = await certificate({
  name: 'CN=acme.example',
  kind: 'ed25519',
  issuer: root,
  extensions: [
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyAgreement, true),
    new ExtendedKeyUsageExtension([SERVER_AUTH]),
    new SubjectAlternativeNameExtension([
      { type: 'dns', value: 'ACME.example' },
      { type: 'ip', value: '192.0.2.1' },
    ]),
    new CertificatePolicyExtension(['1.2.3.4']),
    new Extension('1.2.3.4.5', true, Uint8Array.of(5, 0)),
    new Extension('1.2.3.4.6', false, Uint8Array.of(5, 0)),
  ],
});
const bare = await certificate({ name: 'CN=bare', kind: 'p256', issuer: root });
const VALUE = { type: 'key_binding', server_id: 'acme.example' };

describe('facts', () => {
  test('are those of the certificate', () => {
    const der = bytesOf(leaf.der);
    const key = new X509Certificate(der).publicKey.export({ format: 'jwk' });
    expect(x509.read(leaf.der)).toEqual({
      subject: 'CN=acme.example',
      issuer: 'CN=Root, O=Acme',
      serialNumber: '01',
      nameConstraints: null,
      ocspUrls: [],
      crlUrls: [],
      dnsNames: ['acme.example'],
      notBeforeSeconds: 1_700_000_000,
      notAfterSeconds: 1_800_000_000,
      key: { algorithm: 'ed25519', sizeBits: 256, raw: key.x },
      keyUsage: ['digitalSignature', 'keyAgreement'],
      extendedKeyUsage: [SERVER_AUTH],
      isAuthority: false,
      pathLength: null,
      policyOids: ['1.2.3.4'],
      unknownCritical: ['1.2.3.4.5'],
      fingerprint: createHash('sha256').update(der).digest('base64url'),
    });
  });

  test('of an authority name its path length', () => {
    expect(x509.read(root.der)).toMatchObject({
      isAuthority: true,
      pathLength: 1,
      keyUsage: ['keyCertSign', 'cRLSign'],
      unknownCritical: [],
    });
  });

  test('of a certificate without extensions are null where absence differs from nothing', () => {
    expect(x509.read(bare.der)).toMatchObject({
      dnsNames: [],
      keyUsage: null,
      extendedKeyUsage: null,
      isAuthority: false,
      pathLength: null,
      policyOids: [],
    });
  });

  test.each([
    ['ed25519', 'ed25519', 256],
    ['p256', 'ecdsa_p256', 256],
    ['p384', 'other', 0],
    ['rsa', 'rsa', 2048],
  ] as const)('of a %s key are %s, %i bits', async (kind, algorithm, sizeBits) => {
    const made = await certificate({ name: 'CN=key', kind });
    expect(x509.read(made.der)?.key).toMatchObject({ algorithm, sizeBits });
  });
});

describe('what is no certificate', () => {
  const der = bytesOf(leaf.der);

  test('is nothing, text, or a certificate cut short, followed by more or spelt otherwise', () => {
    const wrong = [
      '',
      'AAAA',
      'not base64url!',
      base64url(der.slice(0, -1)),
      base64url(Uint8Array.from([...der, 0])),
      `${leaf.der}==`,
    ];
    expect(wrong.map((text) => x509.read(text))).toEqual(wrong.map(() => undefined));
  });

  test('is one with an extension twice', async () => {
    const twice = new Extension('1.2.3.4.6', false, Uint8Array.of(5, 0));
    const made = await certificate({
      name: 'CN=twice',
      kind: 'ed25519',
      extensions: [twice, twice],
    });
    expect(x509.read(made.der)).toBeUndefined();
  });

  test('never makes anything throw', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array().map(base64url)), (text) => {
        expect(x509.read(text)).toBeUndefined();
        expect(x509.isIssuedBy(text, root.der)).toBe(false);
        expect(x509.isIssuedBy(leaf.der, text)).toBe(false);
        expect(x509.verifyByLeaf(text, VALUE, 'AA')).toBe(false);
      }),
    ));

  test('with one bit flipped is unreadable or no longer issued', () =>
    fc.assert(
      fc.property(fc.nat(8 * der.length - 1), (bit) => {
        const changed = base64url(flipped(der, bit));
        expect(x509.isIssuedBy(changed, root.der)).toBe(false);
      }),
      { numRuns: 500 },
    ));
});

describe('issuing', () => {
  test.each(['ed25519', 'p256', 'rsa'] as const)('a %s authority issues', async (kind) => {
    const extensions = authorityExtensions();
    const authority = await certificate({ name: 'CN=Authority', kind, extensions });
    const issued = await certificate({ name: 'CN=leaf', kind: 'ed25519', issuer: authority });
    expect(x509.isIssuedBy(issued.der, authority.der)).toBe(true);
    expect(x509.isIssuedBy(authority.der, authority.der)).toBe(true);
    expect(x509.isIssuedBy(authority.der, issued.der)).toBe(false);
  });

  test('another authority of the same name does not', async () => {
    const extensions = authorityExtensions(1);
    const other = await certificate({ name: root.name, kind: 'ed25519', extensions });
    expect(x509.isIssuedBy(leaf.der, other.der)).toBe(false);
  });

  test('the same key under another name does not', async () => {
    const renamed = await certificate({
      name: 'CN=leaf',
      kind: 'ed25519',
      issuer: { ...root, name: 'CN=Another' },
    });
    expect(x509.isIssuedBy(renamed.der, root.der)).toBe(false);
  });

  test('a certificate that is no authority does not', async () => {
    const plain = await certificate({ name: 'CN=plain', kind: 'ed25519' });
    const issued = await certificate({ name: 'CN=leaf', kind: 'ed25519', issuer: plain });
    expect(x509.isIssuedBy(issued.der, plain.der)).toBe(false);
  });

  test('an authority that may not sign certificates does not', async () => {
    const [constraints] = authorityExtensions();
    const usage = new KeyUsagesExtension(KeyUsageFlags.cRLSign, true);
    const extensions = constraints ? [constraints, usage] : [];
    const weak = await certificate({ name: 'CN=weak', kind: 'ed25519', extensions });
    const issued = await certificate({ name: 'CN=leaf', kind: 'ed25519', issuer: weak });
    expect(x509.isIssuedBy(issued.der, weak.der)).toBe(false);
  });

  test('a signature over SHA-1 does not, nor one by a curve that has no name here', async () => {
    for (const kind of ['rsaSha1', 'p384'] as const) {
      const extensions = authorityExtensions();
      const weak = await certificate({ name: 'CN=weak', kind, extensions });
      const issued = await certificate({ name: 'CN=leaf', kind: 'ed25519', issuer: weak });
      expect(x509.isIssuedBy(issued.der, weak.der)).toBe(false);
    }
  });
});

describe('signatures by the key of a certificate (L-T06)', () => {
  test.each(['ed25519', 'p256'] as const)('%s verifies', async (kind) => {
    const signer = await certificate({ name: 'CN=signer', kind });
    const signature = await signWith(signer, canonicalBytes(VALUE));
    const verify = (value: { [name: string]: string }, made: Uint8Array): boolean =>
      x509.verifyByLeaf(signer.der, value, base64url(made));
    expect(signature.length).toBe(64);
    expect(verify(VALUE, signature)).toBe(true);
    expect(verify({ ...VALUE, server_id: 'bravo.example' }, signature)).toBe(false);
    expect(verify(VALUE, flipped(signature, 3))).toBe(false);
    expect(verify(VALUE, signature.slice(1))).toBe(false);
    expect(x509.verifyByLeaf(root.der, VALUE, base64url(signature))).toBe(false);
    expect(x509.verifyByLeaf(signer.der, VALUE, `${base64url(signature)}=`)).toBe(false);
  });

  test('RSA signs chains, not messages (L-T07)', async () => {
    const signer = await certificate({ name: 'CN=signer', kind: 'rsa' });
    const signature = await signWith(signer, canonicalBytes(VALUE));
    expect(x509.verifyByLeaf(signer.der, VALUE, base64url(signature))).toBe(false);
  });
});
