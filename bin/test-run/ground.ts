/** Makes the ground that a plan asks for, with the authority that its subject accepts. */
import { readFileSync } from 'node:fs';
import { createMust } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import type { Crypto } from '../../reference/crypto/crypto.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { type Authority, createAuthority } from '../../test/conformance/authority.ts';
import type { Ground } from '../../test/conformance/ground.ts';
import { createSocketsGround } from '../../test/conformance/grounds/sockets.ts';
import { commandTarget } from '../../test/conformance/targets/command.ts';
import { imageTarget } from '../../test/conformance/targets/image.ts';
import type { Target } from '../../test/conformance/targets/target.ts';
import { UsageError } from '../usage-error.ts';
import type { TestPlan } from './options.ts';
import type { Subject } from './subject.ts';

export interface Prepared {
  readonly ground: Ground;
  readonly authority: Authority;
  /** Of our side. */
  readonly crypto: Crypto;
  /** Of the subject, in words. */
  readonly name: string;
}

export async function prepareGround({
  ground,
  subject,
  seed,
}: Pick<TestPlan, 'ground' | 'subject' | 'seed'>): Promise<Prepared> {
  if (ground === 'in-process') return prepareInProcess(seed);
  const { target, authority } = await prepareTarget(subject);
  return {
    ground: createSocketsGround({ target }),
    authority,
    crypto: createCrypto(await createNodePrimitives(), createMust()),
    name: target.name,
  };
}

/** The whole reference is loaded here only. */
async function prepareInProcess(seed: string): Promise<Prepared> {
  const authority = await createAuthority();
  const inProcess = await import('../../test/conformance/grounds/in-process.ts');
  const parts = await inProcess.prepareInProcess(authority);
  return {
    ground: inProcess.createInProcessGround(parts, { seed }),
    authority,
    crypto: createCrypto(parts.primitives, createMust()),
    name: 'the reference',
  };
}

async function prepareTarget(
  subject: Subject,
): Promise<{ readonly target: Target; readonly authority: Authority }> {
  if (subject.kind === 'file') return fromFile(subject.path);
  const authority = await createAuthority();
  if (subject.kind === 'url') return { target: await urlOf(subject), authority };
  const { readyWithinMs } = subject;
  const options = { authority, ...(readyWithinMs !== undefined && { readyWithinMs }) };
  if (subject.kind === 'image') {
    return { target: imageTarget({ ...options, image: subject.image }), authority };
  }
  const command = subject.kind === 'command' ? { command: subject.line } : {};
  return { target: commandTarget({ ...options, ...command }), authority };
}

async function fromFile(path: string): Promise<{ target: Target; authority: Authority }> {
  const { BadTargetFile, readTargetFile } = await import(
    '../../test/conformance/targets/target-file.ts'
  );
  try {
    const file = readTargetFile(path);
    const authority = await file.authority();
    return { target: file.target(authority), authority };
  } catch (thrown) {
    if (thrown instanceof BadTargetFile) throw new UsageError(thrown.faults.join('\n      '));
    throw thrown;
  }
}

/** As a device only: no authority of ours is known to be accepted, nor a DNS address to be asked. */
async function urlOf({ url, facts }: Subject & { kind: 'url' }): Promise<Target> {
  const [{ urlTarget }, { ed25519KeyOf, isPublicKey }, { versionNames }] = await Promise.all([
    import('../../test/conformance/targets/url.ts'),
    import('../../test/conformance/targets/target-file.ts'),
    import('../../spec/emitted/versions.ts'),
  ]);
  const { serverId, token, identity, caFile } = facts;
  const publicKey =
    'publicKey' in identity
      ? identity.publicKey
      : ed25519KeyOf(textOf('--certificate', identity.certificateFile));
  if (publicKey === null || !isPublicKey(publicKey)) {
    const what = 'give the Ed25519 key of the server, as base64url or in a PEM certificate';
    throw new UsageError(`${'publicKey' in identity ? '--public-key' : '--certificate'}: ${what}`);
  }
  return urlTarget({
    clientUrl: url,
    roots: caFile === undefined ? null : textOf('--ca', caFile),
    facts: { serverId, publicKey, enrolmentToken: token, capabilities: [], versions: versionNames },
    federation: null,
    acceptsAuthority: false,
    dns: null,
  });
}

function textOf(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new UsageError(`${flag} ${file}: ${(thrown as Error).message}`);
  }
}
