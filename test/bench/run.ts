/**
 * `npm run bench`: how fast the parts are, as medians of several rounds, beside the physical limit or a
 * peer measured in the same run. Not a test: nothing fails here.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createMust } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import type { Crypto, JsonObject } from '../../reference/crypto/crypto.ts';
import { createNoblePrimitives } from '../../reference/crypto/noble-primitives.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import type { X509 } from '../../reference/crypto/x509.ts';
import { millis } from '../../reference/time.ts';
import { isBound, meetsLevel, readChain } from '../../reference/trust/evidence/chain.ts';
import type { Scope } from '../../reference/trust/scope.ts';
import { createState } from '../../reference/trust/state.ts';
import { canonicalBytes, canonicalText } from '../../reference/wire/canonical.ts';
import { parseStrict } from '../../reference/wire/parse.ts';
import { createValidator } from '../../reference/wire/validate.ts';
import { exampleOf } from '../../spec/example.ts';
import { messages } from '../../spec/messages.ts';
import { createStage } from '../conformance/actors/create-stage.ts';
import { createAuthority } from '../conformance/authority.ts';
import { createInProcessGround, prepareInProcess } from '../conformance/grounds/in-process.ts';
import { conformanceCases } from './cases.ts';
import { fuzzing } from './fuzzing.ts';
import { type Measure, median, perSecond, perSecondAsync, printTable } from './measure.ts';
import { trustExchanges } from './trust.ts';

const must = createMust();
/** Chains of which each is seen for the first time once. */
const COLD_CHAINS = 100;
const parts = await prepareInProcess(await createAuthority());
const providers = {
  noble: createCrypto(createNoblePrimitives(), must),
  node: createCrypto(await createNodePrimitives(), must),
};

printTable('Wire, one core, message of about 1 KiB', wire());
printTable('Signatures of a 1 KiB value', signatures());
printTable('Validations of a certificate chain', await validations());
const limit = bareEd25519(new Uint8Array(1024));
printTable('Trust, in process, both sides and all checks', trustExchanges(limit));
printTable('Handshakes and relays, in process, both sides and all checks', await exchanges());
printTable('Attempts of the fuzzer, in process', await fuzzing(parts.authority));
printTable('Conformance cases, in process, one thread', await conformanceCases(parts));

function wire(): readonly Measure[] {
  const value = messageOfAboutOneKib();
  const bytes = canonicalBytes(value);
  const validate = createValidator({ must });
  const options = { maxBytes: 1 << 20, must };
  const native = perSecond(() => JSON.stringify(JSON.parse(new TextDecoder().decode(bytes))));
  const all = perSecond(() => {
    const parsed = parseStrict(bytes, options);
    if (!parsed.ok || !validate(parsed.value, '2.0').ok) throw new Error('the example is refused');
    return canonicalText(parsed.value);
  });
  const parse = perSecond(() => parseStrict(bytes, options));
  const megabytes = (rate: number) => `${((rate * bytes.length) / 1e6).toFixed(0)} MB/s`;
  return [
    { what: 'strict parse', rate: parse, beside: megabytes(parse) },
    { what: 'parse, validate, canonicalise', rate: all, beside: megabytes(all) },
    {
      what: 'JSON.parse and stringify (limit)',
      rate: native,
      beside: `ours is ${ratio(all, native)}`,
    },
  ];
}

/** Leaf, intermediate and root, with the key they bind and the level they are for (T 10.4). */
async function validations(): Promise<readonly Measure[]> {
  const { authority, x509 } = parts;
  const servers = Array.from({ length: COLD_CHAINS }, (_, at) => `bench-${at}.test`);
  const chains = await Promise.all(
    servers.map(async (serverId) => {
      const { chain, rootDer } = await authority.issue({ serverId, role: 'federation' });
      return { serverId, chain: [...chain, rootDer ?? ''] };
    }),
  );
  const scope = chainScope(x509);
  // The first time each leaf is parsed and its signature verified.
  const start = performance.now();
  for (const one of chains) validateChain(scope, one);
  const cold = (COLD_CHAINS / (performance.now() - start)) * 1000;
  // As a parser hands them over: texts that nobody has seen before.
  const text = JSON.stringify(chains[0]);
  const fresh = perSecond(() => validateChain(scope, JSON.parse(text)));
  let at = 0;
  const warm = perSecond(() => {
    at = (at + 1) % COLD_CHAINS;
    const one = chains[at];
    if (one) validateChain(scope, one);
  });
  return [
    { what: 'warm cache', rate: warm, beside: 'target 100,000' },
    { what: 'warm cache, and JSON.parse of the chain', rate: fresh, beside: '' },
    { what: 'seen for the first time', rate: cold, beside: `${ratio(cold, warm)} of warm` },
  ];
}

function validateChain(
  scope: Scope,
  { serverId, chain }: { readonly serverId: string; readonly chain: readonly string[] },
): void {
  const read = readChain(scope, chain, scope.context.now);
  const publicKey = read?.leafFacts.key.raw ?? '';
  const binding = { serverId, publicKey, keyBinding: undefined, reliesOnDns: false };
  if (!read || !isBound(scope, read, binding) || !meetsLevel(read, 'verified')) {
    throw new Error('an honest chain is refused');
  }
}

/** As much of a trust layer as looks at chains. */
function chainScope(x509: X509): Scope {
  const certificate = parts.authority.rootDers[0] ?? '';
  const authorities = [{ certificate, kind: 'commercial_ca' as const }];
  const now = millis(Date.now());
  return {
    config: { authorities },
    state: createState(),
    context: { now, must, x509 },
  } as unknown as Scope;
}

function messageOfAboutOneKib(): JsonObject {
  const example = exampleOf(messages.trust_request.json) as JsonObject;
  const without = JSON.stringify(example).length;
  const filler = 'A'.repeat(Math.max(0, 1024 - without));
  return { ...example, filler };
}

function signatures(): readonly Measure[] {
  const value = { type: 'bench', filler: 'A'.repeat(1000) };
  const bare = bareEd25519(canonicalBytes(value));
  return Object.entries(providers).flatMap(([name, crypto]) => {
    const key = crypto.signingKey(new Uint8Array(32).fill(7));
    const signature = crypto.sign(key, value);
    const signing = perSecond(() => crypto.sign(key, value));
    const verifying = perSecond(() => crypto.verify(key.publicKey, value, signature));
    return [
      { what: `sign, ${name}`, rate: signing, beside: `${ratio(signing, bare.sign)} of bare` },
      {
        what: `verify, ${name}`,
        rate: verifying,
        beside: `${ratio(verifying, bare.verify)} of bare`,
      },
      ...agreements(name, crypto),
    ];
  });
}

function agreements(name: string, crypto: Crypto): readonly Measure[] {
  const ours = crypto.exchangeKey(new Uint8Array(32).fill(1));
  const theirs = crypto.exchangeKey(new Uint8Array(32).fill(2));
  const rate = perSecond(() => crypto.agree(ours, theirs.publicKey));
  return [{ what: `X25519 agreement, ${name}`, rate, beside: '' }];
}

/** Node's Ed25519 with a key object at hand: the limit for whatever verifies signatures here. */
function bareEd25519(message: Uint8Array): { sign: number; verify: number } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const secret = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const open = createPublicKey(publicKey.export({ format: 'pem', type: 'spki' }));
  const signature = sign(null, message, secret);
  return {
    sign: perSecond(() => sign(null, message, secret)),
    verify: perSecond(() => verify(null, message, open, signature)),
  };
}

async function exchanges(): Promise<readonly Measure[]> {
  const ground = createInProcessGround(parts, { seed: 'bench' });
  const limits = { clientMessagesPerMinute: 1e6, federationMessagesPerMinute: 1e6 };
  const subject = await ground.start({ policy: limits, versions: null });
  const stage = createStage({
    ...{ subject, at: '2.0', seed: 'bench', caseId: 'bench', crypto: providers.node },
    authority: parts.authority,
  });
  const bare = bareEd25519(new Uint8Array(1024)).verify;
  const devices = await perSecondAsync(async () => {
    const device = await stage.device();
    await device.connection.close();
  });
  const peer = await stage.peer();
  const { link } = await peer.establish();
  const recipient = await stage.device();
  const relays: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    relays.push(
      await perSecondAsync(async () => {
        const to = [recipient.identity.userId];
        await link.request(peer.composeRelay({ to, recipients: [recipient.identity] }));
      }, 300),
    );
  }
  await stage.close();
  await ground.close();
  const relay = median(relays);
  return [
    { what: 'device: upgrade to authenticated', rate: devices, beside: 'handshake, registration' },
    {
      what: 'relay sealed, sent, judged, acknowledged',
      rate: relay,
      beside: `${ratio(relay, bare)} of bare verify`,
    },
  ];
}

function ratio(ours: number, limit: number): string {
  return `${((ours / limit) * 100).toFixed(1)} %`;
}
