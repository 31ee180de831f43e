/** Certificates for tests, made on the spot. */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { base64url } from './octets.ts';

cryptoProvider.set(webcrypto);

type KeyPair = webcrypto.CryptoKeyPair;

const ALGORITHMS = {
  ed25519: { generate: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
  p256: {
    generate: { name: 'ECDSA', namedCurve: 'P-256' },
    sign: { name: 'ECDSA', hash: 'SHA-256' },
  },
  p384: {
    generate: { name: 'ECDSA', namedCurve: 'P-384' },
    sign: { name: 'ECDSA', hash: 'SHA-384' },
  },
  rsa: rsa('SHA-256'),
  rsaSha1: rsa('SHA-1'),
} as const;

function rsa(hash: string) {
  const name = 'RSASSA-PKCS1-v1_5';
  const publicExponent = Uint8Array.of(1, 0, 1);
  return {
    generate: { name, hash, modulusLength: 2048, publicExponent },
    sign: { name, hash },
  };
}

type KeyKind = keyof typeof ALGORITHMS;

export interface Authority {
  readonly der: string;
  readonly name: string;
  readonly keys: KeyPair;
  readonly kind: KeyKind;
}

export interface CertificatePlan {
  readonly name: string;
  readonly kind: KeyKind;
  readonly issuer?: Authority;
  readonly extensions?: readonly Extension[];
}

export async function certificate(plan: CertificatePlan): Promise<Authority> {
  const generated = await webcrypto.subtle.generateKey(ALGORITHMS[plan.kind].generate, true, [
    'sign',
    'verify',
  ]);
  const keys = generated as KeyPair;
  const made = await X509CertificateGenerator.create({
    serialNumber: '01',
    subject: plan.name,
    issuer: plan.issuer?.name ?? plan.name,
    notBefore: new Date(1_700_000_000_000),
    notAfter: new Date(1_800_000_000_000),
    publicKey: keys.publicKey,
    signingKey: (plan.issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHMS[plan.issuer?.kind ?? plan.kind].sign,
    extensions: [...(plan.extensions ?? [])],
  });
  return { der: base64url(new Uint8Array(made.rawData)), name: plan.name, keys, kind: plan.kind };
}

export const authorityExtensions = (pathLength?: number): Extension[] => [
  new BasicConstraintsExtension(true, pathLength, true),
  new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
];

export async function signWith(
  { keys, kind }: Authority,
  message: Uint8Array,
): Promise<Uint8Array> {
  const { sign } = ALGORITHMS[kind];
  return new Uint8Array(await webcrypto.subtle.sign(sign, keys.privateKey, message));
}
