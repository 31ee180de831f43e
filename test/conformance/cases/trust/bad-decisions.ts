/**
 * Decisions that a server of ours hands the subject, and that it must not accept (T-DEC; 2.3 requester
 * rows 6 and 7). It refuses in T6, or breaks off; either way no trust.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { limits } from '../../../../spec/limits.ts';
import type { TrustCapabilities } from '../../../../spec/messages/trust/trust-capabilities.ts';
import type { TrustDecision } from '../../../../spec/messages/trust/trust-decision.ts';
import type { AnswerBends } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend } from '../../stage.ts';
import { asking } from './steps/asking.ts';
import { leaveOut, misplaced, set } from './steps/changes.ts';
import { checkNotAccepted, type DecisionFault, notAccepted } from './steps/not-accepted.ts';
import { checkUntrusted, freshLink } from './steps/outcomes.ts';

const hardened = ['1.1', '2.0'] as const;

type Decision = Bend<TrustDecision>;

const asJson = (message: object): JsonObject => message as JsonObject;
const deciding = (decision: Decision): AnswerBends => ({ decision });

const permitting = (change: JsonObject): Decision => {
  return (decision) => ({
    ...decision,
    federation_permissions: { ...decision.federation_permissions, ...change },
  });
};

const describing = (
  change: (metadata: TrustDecision['trust_metadata']) => JsonObject,
): Decision => {
  return (decision) => {
    const { trust_metadata } = decision;
    return { ...decision, trust_metadata: { ...trust_metadata, ...change(trust_metadata) } };
  };
};

const decisions: readonly DecisionFault[] = [
  {
    id: 'changed-after-signing',
    title: 'A decision that was changed after signing is not accepted',
    verifies: 'T-DEC-03',
    bends: () => ({
      decision: describing(({ trust_score }) => ({ trust_score: trust_score - 1 })),
      resign: false,
    }),
  },
  {
    id: 'unsigned',
    title: 'A decision without signature is not accepted',
    verifies: 'T-DEC-03',
    bends: () => ({ decision: leaveOut('decision_signature'), resign: false }),
  },
  {
    id: 'in-a-foreign-name',
    title: 'A decision in the name of another server is not accepted',
    verifies: 'T-DEC-03',
    bends: (stage) => deciding(set({ decision_server: stage.domain('other') })),
  },
  {
    id: 'of-another-transcript',
    title: 'A decision that belongs to another run is not accepted',
    verifies: 'T-TRN-01',
    readings: ['L-H03'],
    bends: () => deciding(misplaced),
  },
  {
    id: 'without-transcript',
    title: 'From 1.1 on a decision without transcript hash is not accepted',
    verifies: 'X-AMC-17',
    readings: ['L-H03', 'L-V12'],
    at: hardened,
    bends: () => deciding(leaveOut('transcript_hash')),
  },
  {
    id: 'for-another-request',
    title: 'A decision on a request that was never made has no effect',
    verifies: 'T-DEC-10',
    bends: (stage) => deciding(set({ request_id: stage.uuid() })),
  },
  {
    id: 'for-another-server',
    title: 'A decision about another server has no effect',
    verifies: 'T-DEC-10',
    bends: (stage) => deciding(set({ target_server: stage.domain('other') })),
  },
  {
    id: 'at-a-higher-level',
    title: 'A decision, and its certificate, at a higher level than was asked for are not accepted',
    verifies: 'T-DEC-02',
    readings: ['L-T10'],
    bends: () => ({ certificate: set({ trust_level: 'verified' }) }),
  },
  {
    id: 'at-untrusted',
    title: 'A decision that accepts at untrusted is not accepted',
    verifies: 'T-LVL-02',
    bends: () => ({ certificate: set({ trust_level: 'untrusted', permissions: [] }) }),
  },
  {
    id: 'at-an-unknown-level',
    title: 'A decision at a level that no table knows is not accepted',
    verifies: 'T-LVL-07',
    bends: () => deciding(set({ granted_trust_level: 'strong' })),
  },
  {
    id: 'of-an-unknown-kind',
    title: 'A decision that neither accepts nor rejects is not accepted',
    verifies: 'T-LVL-07',
    bends: () => deciding(set({ decision: 'maybe' })),
  },
  {
    id: 'conditional-on-nothing',
    title: 'A conditional decision without a condition is not accepted',
    verifies: 'T-DEC-06',
    readings: ['L-T10'],
    bends: () => deciding(set({ decision: 'conditional', trust_conditions: [] })),
  },
  {
    id: 'conditional-for-ever',
    title: 'A conditional decision whose condition has no deadline is not accepted',
    verifies: 'T-DEC-06',
    readings: ['L-T10'],
    bends: () =>
      deciding(
        set({ decision: 'conditional', trust_conditions: [{ condition: 'security_review' }] }),
      ),
  },
  {
    id: 'with-more-in-the-map',
    title: 'A decision whose map permits more than its certificate is not accepted',
    verifies: 'T-DEC-05',
    readings: ['L-T12'],
    bends: () => deciding(permitting({ archive_sync: true })),
  },
  {
    id: 'with-less-in-the-map',
    title: 'A decision whose map permits less than its certificate is not accepted',
    verifies: 'T-DEC-05',
    readings: ['L-T12'],
    bends: () => deciding(permitting({ message_relay: false })),
  },
  {
    id: 'with-another-size-in-the-map',
    title: 'A decision whose size limit is not that of its certificate is not accepted',
    verifies: 'T-DEC-05',
    readings: ['L-T12'],
    bends: () => deciding(permitting({ max_message_size: 1 })),
  },
  {
    id: 'with-another-start',
    title: 'A decision that starts at another time than its certificate is not accepted',
    verifies: 'T-DEC-11',
    bends: () => deciding(describing(({ established_at: at }) => ({ established_at: at - 1 }))),
  },
  {
    id: 'with-another-end',
    title: 'A decision that ends at another time than its certificate is not accepted',
    verifies: 'T-DEC-11',
    bends: () => deciding(describing(({ expires_at: at }) => ({ expires_at: at + 86_400 }))),
  },
  {
    id: 'renewable-otherwise',
    title: 'A decision that is renewable where its certificate is not is not accepted',
    verifies: 'T-DEC-11',
    bends: () => deciding(describing(({ renewable }) => ({ renewable: !renewable }))),
  },
  {
    id: 'revocable-otherwise',
    title: 'A decision that is revocable where its certificate is not is not accepted',
    verifies: 'T-DEC-11',
    bends: () => deciding(describing(({ revocable }) => ({ revocable: !revocable }))),
  },
  {
    id: 'for-longer-than-a-year',
    title: 'A decision, and its certificate, for more than a year are not accepted',
    verifies: 'T-DEC-04',
    readings: ['L-T30'],
    bends: () => ({
      certificate: (certificate) =>
        asJson({
          ...certificate,
          not_after: certificate.not_before + limits.trustAgeSeconds + 1,
        }),
    }),
  },
  {
    id: 'with-another-ca',
    title: 'A bundle with another CA than that of the peer is not accepted',
    verifies: 'T-DEC-09',
    bends: async (stage) => {
      const { chain } = await stage.peer({ certificate: { unknownRoot: true } });
      return deciding(withBundle(([blob = '', _, ...rest]) => [blob, chain.at(-1) ?? '', ...rest]));
    },
  },
  {
    id: 'with-a-leaf-as-ca',
    title: 'A bundle whose CA is no authority is not accepted',
    verifies: 'T-DEC-09',
    bends: async (stage) => {
      const { chain } = await stage.peer();
      return deciding(withBundle(([blob = '', _, ...rest]) => [blob, chain[0] ?? '', ...rest]));
    },
  },
  {
    id: 'without-certificate',
    title: 'A decision that accepts and brings no certificate is not accepted',
    verifies: 'T-DEC-01',
    bends: () => deciding(set({ certificate_bundle: [] })),
  },
];

function withBundle(change: (bundle: readonly string[]) => string[]): Decision {
  return (decision) => ({ ...decision, certificate_bundle: change(decision.certificate_bundle) });
}

/** What the honest side would have decided, kept back. */
function keptBack(kept: JsonObject[], instead: Decision): AnswerBends {
  return {
    decision: (decision) => {
      kept.push({ ...decision });
      return instead(decision);
    },
  };
}

const afterRejection = defineCase({
  id: 'trust/bad-decisions/after-a-rejection',
  title: 'After a rejection, a decision on the same request that accepts has no effect',
  verifies: ['T-DEC-10'],
  async run(stage) {
    const kept: JsonObject[] = [];
    const rejecting: Decision = (decision) => ({
      ...decision,
      decision: 'reject',
      granted_trust_level: 'untrusted',
      certificate_bundle: [],
      mutual_trust_required: false,
      federation_permissions: nothingPermitted,
    });
    const { bravo } = await asking(stage, { bends: keptBack(kept, rejecting) });
    await bravo.heard('trust_response');
    await checkUntrusted(stage, 'T-DEC-10', bravo, 'the rejection');
    await (await freshLink(bravo)).requestRaw(kept[0] ?? {});
    await checkNotAccepted(stage, 'T-DEC-10', bravo, 'a decision after the rejection');
  },
});

const nothingPermitted = {
  message_relay: false,
  user_discovery: false,
  presence_federation: false,
  media_relay: false,
  archive_sync: false,
  voice_calls: false,
  file_transfer: false,
  max_message_size: 0,
  rate_limits: { messages_per_second: 0, bandwidth_mbps: 0 },
};

const late = defineCase({
  id: 'trust/bad-decisions/after-the-deadline',
  title: 'A decision that comes after the deadline of its challenge has no effect',
  verifies: ['T-DEC-10'],
  needs: { waitsSeconds: limits.trustDeadlineSeconds + 2 },
  async run(stage) {
    const kept: JsonObject[] = [];
    // Of a type that nobody knows, and so ignored: the subject goes on waiting (X-ERR-06).
    const ignored = () => ({ type: 'nobody_knows_this' });
    const bends = {
      ...keptBack(kept, ignored),
      // When it asks anew, it gets no further than this.
      capabilities: (honest: TrustCapabilities) => (kept.length === 0 ? honest : ignored()),
    };
    const { alice, bravo } = await asking(stage, { bends });
    await bravo.heard('trust_response');
    await alice.connection.close();
    await stage.pass((limits.trustDeadlineSeconds + 2) * 1000);
    const what = 'a decision after the deadline';
    await (await freshLink(bravo)).requestRaw(kept[0] ?? {});
    await checkNotAccepted(stage, 'T-DEC-10', bravo, what);
  },
});

export const cases: readonly Case[] = [
  ...notAccepted('bad-decisions', decisions),
  afterRejection,
  late,
];
