/**
 * The steps of validation under every set of faults (T-PIPE-01, T-PIPE-02): the earliest step that
 * fails is the one that is reported and written down, and no other step makes up for it.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultTrustPolicy, type TrustPolicy } from '../../../reference/trust-policy.ts';
import { without } from '../../../reference/wire/canonical.ts';
import type { TrustResponse } from '../../../spec/messages/trust/trust-response.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { establish, statuses } from '../../unit/trust/deeds.ts';
import {
  ACME,
  asJson,
  BRAVO,
  createWorld,
  crypto,
  type Envelope,
  keyFor,
  type ServerOptions,
  serverOf,
  type World,
} from '../../unit/trust/pair.ts';
import { paper } from '../../unit/trust/paper-x509.ts';

/** Steps of T 10.3 that a basic request can fail, in their order, each with what it is told. */
const steps = ['format', 'chain', 'domain', 'organisation', 'risk'] as const;
type Step = (typeof steps)[number];

const told: { readonly [step in Step]: number | 'reject' } = {
  format: 5801,
  chain: 5806,
  domain: 5805,
  organisation: 5813,
  risk: 'reject',
};

const SOON_SECONDS = 100;

/** One run by ca_validation with these faults and no others. */
function played(faults: readonly Step[]): World {
  const has = (step: Step): boolean => faults.includes(step);
  const { organization, thresholdTenths } = defaultTrustPolicy;
  const policy: Partial<TrustPolicy> = {
    ...(has('organisation') && {
      organization: { ...organization, requiredDocuments: { basic: ['business_registration'] } },
    }),
    ...(has('risk') && { thresholdTenths: { ...thresholdTenths, basic: 1000 } }),
  };
  const acme: ServerOptions = has('chain') ? { config: endingSoon } : {};
  const world = createWorld({ [ACME]: acme, [BRAVO]: { policy } });
  if (has('domain')) world.dns = 'failure';
  world.tap = (envelope) => {
    if (envelope.message?.type !== 'trust_response') return [envelope];
    if (has('chain')) world.now += SOON_SECONDS * 1_000_000;
    return [has('format') ? halved(envelope, envelope.message) : envelope];
  };
  establish(world, { method: 'ca_validation' });
  return world;
}

/** Sound when the request comes, and over when the response does. */
const endingSoon: NonNullable<ServerOptions['config']> = (config) => {
  const raw = config.identity.publicKey;
  const notAfterSeconds = 1_800_000_000 + SOON_SECONDS / 2;
  const leaf = paper({
    ...{ subject: ACME, signer: 'Root', dnsNames: [ACME], notAfterSeconds },
    notBeforeSeconds: 1_800_000_000 - 86_400,
    key: { algorithm: 'ed25519', sizeBits: 256, raw },
  });
  return { ...config, certificateChain: [leaf] };
};

/** Half of the answers, signed by whom it may be signed. */
function halved(envelope: Envelope, response: TrustResponse): Envelope {
  const changed = {
    ...response,
    challenge_responses: response.challenge_responses.slice(0, 1),
  } as NorcMessage;
  const bare = without(asJson(changed), 'signature');
  const signature = crypto.sign(keyFor(ACME), bare);
  return { ...envelope, message: { ...bare, signature } as unknown as NorcMessage };
}

/** What the responder has answered to the response. */
function verdictOf(world: World): number | string | undefined {
  const last = world.sent.findLast(({ from, kind }) => from === BRAVO && kind === 'answer');
  const message = last?.message;
  if (message?.type === 'federation_error') return message.error_code;
  return message?.type === 'trust_decision' ? message.decision : message?.type;
}

const denials = (world: World): number =>
  serverOf(world, BRAVO).effects.filter(
    (effect) => effect.type === 'audit' && effect.event.event === 'access_denied',
  ).length;

describe('validation', () => {
  test('of a run without fault ends in trust', () => {
    const world = played([]);
    expect(statuses(world)).toEqual(['active', 'active', 'active', 'active']);
  });

  test('T-PIPE-01, T-PIPE-02: of any set of faults the earliest step is told and audited', () => {
    fc.assert(
      fc.property(fc.subarray([...steps], { minLength: 1 }), (faults) => {
        const world = played(faults);
        const [earliest = 'risk'] = steps.filter((step) => faults.includes(step));
        expect(verdictOf(world)).toBe(told[earliest]);
        expect(denials(world)).toBe(1);
        expect(statuses(world)).not.toContain('active');
      }),
      { numRuns: 100 },
    );
  });
});
