/** The suite's peers against each other: both sides of every exchange of NORC-F and NORC-T. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { AnswerBends } from '../../conformance/actors/peer.ts';
import { CheckFailed, SubjectMisbehaved } from '../../conformance/case.ts';
import { createPair } from './pair.ts';

const thrownBy = async (run: () => Promise<unknown>): Promise<unknown> =>
  run().then(
    () => null,
    (error: unknown) => error,
  );

describe('two peers of the suite', () => {
  test('shake hands and see one transcript', async () => {
    const { acme } = await createPair();
    const link = await acme.link();
    expect(link.session?.version).toBe('1.1');
    expect(link.session?.transcript).toBe(link.session?.response.transcript_hash);
  });

  test('shake hands with the hybrid suite', async () => {
    const { acme } = await createPair({ bravo: { suites: ['0101', '0001'] } });
    const link = await acme.link({ suites: ['0101', '0001'] });
    expect(link.session?.suite).toBe('0101');
    expect(link.session?.response.pq_ciphertext).toBeDefined();
  });

  test.each(['1.0', '1.1', '2.0'] as const)('establish mutual trust at %s', async (at) => {
    const { acme, environments } = await createPair({ at });
    const { certificate, reverse } = await acme.establish();
    expect(certificate.issuer_server).toBe('bravo.test');
    expect(reverse?.issuer_server).toBe('acme.test');
    expect(() => environments.bravo.surface()).not.toThrow();
  });

  test('establish trust by their certificate chains', async () => {
    const { acme } = await createPair();
    const run = acme.trustRun(await acme.link(), { method: 'ca_validation' });
    await run.establish();
    expect(run.challenge?.challenges.map(({ type }) => type)).toContain('certificate_validation');
    expect(run.messages).toHaveLength(7);
  });

  test('relay to each other once trust is mutual', async () => {
    const { acme, bravo } = await createPair();
    const { link } = await acme.establish();
    const there = acme.composeRelay({ to: [bravo.user.userId], recipients: [bravo.user] });
    const ack = await link.request(there);
    expect(ack.message).toMatchObject({ type: 'relay_ack', status: 'delivered' });
    const [arrived] = await bravo.relayed();
    expect(arrived && bravo.open(arrived.message)).toBe('Hello, NORC!');

    const back = await bravo.link();
    const answer = bravo.composeRelay({
      to: [acme.user.userId],
      recipients: [acme.user],
      text: 'Hello back',
    });
    expect((await back.request(answer)).status).toBe(200);
    const [received] = await acme.relayed();
    expect(received && acme.open(received.message)).toBe('Hello back');
  });

  test('acknowledge a repeated relay with the same bytes and deliver it once', async () => {
    const { acme, bravo } = await createPair();
    const { link } = await acme.establish();
    const relay = acme.composeRelay({ to: [bravo.user.userId], recipients: [bravo.user] });
    const first = await link.request(relay);
    const second = await link.request(relay);
    expect(second.text).toBe(first.text);
    expect(await bravo.relayed()).toHaveLength(1);
  });

  test('refuse a relay without trust, and after a revocation', async () => {
    const { acme, bravo } = await createPair();
    const early = await acme.link();
    const relay = () => acme.composeRelay({ to: [bravo.user.userId], recipients: [bravo.user] });
    expect((await early.request(relay())).message).toMatchObject({ error_code: 5001 });
    const established = await acme.establish();
    const revoked = await established.link.request(acme.composeRevocation(established));
    expect(revoked.message).toMatchObject({ acknowledgment_status: 'accepted' });
    const late = await established.link.request(relay());
    expect(late.message).toMatchObject({ error_code: 5001 });
  });

  test('do not trust a requester that publishes nothing, or something else', async () => {
    for (const publish of ['nothing', 'other'] as const) {
      const { acme } = await createPair();
      const error = await thrownBy(() => acme.establish({ publish }));
      expect(error).toBeInstanceOf(SubjectMisbehaved);
      expect(error).toMatchObject({ got: { error_code: 5805 } });
    }
  });
});

describe('one changed character of any message', () => {
  // F2, F3, T1, T1, T2, T3, T4, T5, T6, F4, F5
  const bodies = 11;

  test('keeps a run from ending in trust', async () => {
    let untampered = 0;
    const { acme: honest } = await createPair({
      tamper(text) {
        untampered += 1;
        return text;
      },
    });
    await honest.establish();
    expect(untampered).toBe(bodies);
    await fc.assert(
      fc.asyncProperty(fc.nat(bodies - 1), fc.nat(), async (at, position) => {
        const { acme, environments } = await createPair({
          tamper: (text, nth) => (nth === at ? changed(text, position) : text),
        });
        const error = await thrownBy(async () => {
          await acme.establish();
          environments.bravo.surface();
        });
        expect(error).not.toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  function changed(text: string, position: number): string {
    const at = position % text.length;
    const other = String.fromCharCode(text.charCodeAt(at) ^ 1);
    return text.slice(0, at) + other + text.slice(at + 1);
  }
});

describe('a bent answer is found by the requirement that it breaks', () => {
  const bends: readonly (readonly [string, AnswerBends])[] = [
    ['F-HS-01', { handshake: (m) => ({ ...m, responding_server: 'mallory.test' }) }],
    ['X-AMC-08', { handshake: (m) => ({ ...m, accepted_version: '9.9' }) }],
    ['X-AMC-10', { handshake: (m) => ({ ...m, compatibility_mode: true }) }],
    ['F-HS-06', { handshake: (m) => ({ ...m, version_warnings: ['beware'] }) }],
    ['X-CS-02', { handshake: (m) => ({ ...m, cipher_suite: '0101' }) }],
    ['X-TRN-01', { handshake: (m) => ({ ...m, transcript_hash: 'A'.repeat(43) }) }],
    ['X-SIG-01', { resign: false, handshake: (m) => ({ ...m, signature: 'A'.repeat(86) }) }],
    ['T-CAP-01', { resign: false, capabilities: (m) => ({ ...m, supported_methods: [] }) }],
    ['X-TRN-08', { challenge: (m) => ({ ...m, transcript_hash: 'A'.repeat(43) }) }],
    ['T-CHAL-01', { challenge: (m) => ({ ...m, target_server: 'mallory.test' }) }],
    ['T-CHAL-05', { challenge: (m) => ({ ...m, challenge_id: m.request_id }) }],
    ['T-DEC-02', { decision: (m) => ({ ...m, granted_trust_level: 'verified' }) }],
    ['T-DEC-03', { resign: false, decision: (m) => ({ ...m, mutual_trust_required: false }) }],
    ['T-CERT-01', { certificate: (m) => ({ ...m, version: 2 }) }],
    ['T-CERT-02', { resign: false, certificate: (m) => ({ ...m, renewable: false }) }],
    ['T-CERT-03', { certificate: (m) => ({ ...m, not_after: m.not_before }) }],
    ['T-CERT-04', { certificate: (m) => ({ ...m, subject_server: 'mallory.test' }) }],
    ['T-CERT-05', { certificate: (m) => ({ ...m, permissions: ['media_relay'] }) }],
    ['T-DEC-05', { decision: (m) => ({ ...m, federation_permissions: none(m) }) }],
    ['X-SIG-01', { resign: false, trustStatus: (m) => ({ ...m, expires_at: 1 }) }],
  ];
  const none = (m: { federation_permissions: { max_message_size: number } }) => ({
    ...m.federation_permissions,
    max_message_size: 1,
  });

  test.each(bends)('%s', async (requirement, bravo) => {
    const { acme } = await createPair({ bravo: { bends: bravo } });
    const error = await thrownBy(() => acme.establish());
    expect(error).toBeInstanceOf(CheckFailed);
    expect(error).toMatchObject({ requirement });
  });
});

describe('a bent request is found by our answering side', () => {
  test('an altered body breaks its proof', async () => {
    const { acme, environments } = await createPair();
    const link = await acme.dial();
    if (link.refused) throw new Error('refused');
    const honest = link.composeHandshake();
    const proof = link.proofFor({ ...honest, capabilities: [] });
    const answer = await link.request(honest, { proof });
    expect(answer.message).toMatchObject({ type: 'federation_error' });
    expect(await thrownBy(async () => environments.bravo.surface())).toMatchObject({
      requirement: 'F-AUTH-01',
    });
  });

  const relays: readonly (readonly [
    string,
    Partial<Record<string, (m: MessageRelay) => never>>,
  ])[] = [
    ['F-RELAY-02', { beforeHop: (m) => ({ ...m, route_path: ['mallory.test'] }) as never }],
    ['F-RELAY-07', { beforeHop: (m) => ({ ...m, classification: 'secret' }) as never }],
    ['F-RELAY-08', { afterHop: (m) => ({ ...m, relay_sequence: 7 }) as never }],
    [
      'F-RELAY-03',
      { beforeHop: (m) => ({ ...m, metadata: { ...m.metadata, hop_count: 2 } }) as never },
    ],
  ];
  test.each(relays)('%s', async (requirement, bends) => {
    const { acme, bravo, environments } = await createPair();
    const { link } = await acme.establish();
    const to = { to: [bravo.user.userId], recipients: [bravo.user] };
    const answer = await link.request(acme.composeRelay({ ...to, ...bends }));
    expect(answer.message).toMatchObject({ type: 'federation_error' });
    expect(await thrownBy(async () => environments.bravo.surface())).toMatchObject({
      requirement,
    });
  });
});

describe('a peer that answers by hand', () => {
  test('gives the case each request and sends what the case answers', async () => {
    const { acme, bravo } = await createPair({ bravo: { answers: 'manual' } });
    const linking = thrownBy(() => acme.link());
    const inbound = await bravo.inbound();
    expect(inbound?.received.message.type).toBe('federation_handshake');
    expect(inbound?.link.alpnOffer).toEqual(['norc-f/1.1']);
    await inbound?.answerRaw({ type: 'federation_error' }, 400);
    expect(await linking).toBeInstanceOf(CheckFailed);
  });

  test('has nothing to give when nothing was asked', async () => {
    const { bravo } = await createPair({ bravo: { answers: 'manual' } });
    expect(await bravo.inbound({ withinMs: 100 })).toBeNull();
  });
});
