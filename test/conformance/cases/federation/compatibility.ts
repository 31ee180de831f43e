/**
 * A peer of an older major (X-AMC-11; M 7.1.2, L-V07, L-W03): what its version does not have is off,
 * what both have works, and what it says under other names is understood.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../../reference/time.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { Peer } from '../../actors/peer.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { freshLink } from '../trust/steps/outcomes.ts';
import { midnight, rootQuery } from '../trust/steps/questions.ts';
import { checkAnswered, checkRefused } from './steps/answers.ts';
import { type InboundRelay, theInboundRelay } from './steps/dialled.ts';
import { checkSession, dialled } from './steps/opening.ts';
import { correspondents, statusesOf, write } from './steps/sending.ts';

const { federation: code } = errorCode;
const published = { versions: ['1.0'] } as const;
/** Below the top major of the subject, so that the session is in compatibility mode. */
const hardened = { versions: ['1.1'] } as const;

/** Only a subject that speaks more can have anything to switch off or to translate. */
function mustSpeakBeyond(stage: Stage, version: string): void {
  const { versions } = stage.subject;
  if (versions.includes(version) && versions.some((other) => !other.startsWith('1.'))) return;
  throw new Untestable(`the subject does not speak ${version} beside a later major`);
}

const laterFeature = defineCase({
  id: 'federation/compatibility/a-message-of-a-later-version-is-off',
  title: 'On a link of 1.0 a message that begins with 1.1 is refused with 5603',
  verifies: ['X-AMC-11'],
  readings: ['L-V07'],
  async run(stage) {
    mustSpeakBeyond(stage, '1.0');
    const bravo = await stage.peer(published);
    const { link } = await bravo.establish();
    const answer = await link.requestRaw(rootQuery(stage, midnight(stage)));
    const codes = [code.capabilityMissing];
    checkRefused(stage, 'X-AMC-11', answer, { codes, what: 'audit_root_query at 1.0' });
  },
});

const commonFeature = defineCase({
  id: 'federation/compatibility/a-message-of-both-versions-works',
  title: 'In compatibility mode a message that the agreed version has is answered',
  verifies: ['X-AMC-11'],
  accepts: ['X-AMC-11'],
  readings: ['L-V07'],
  async run(stage) {
    mustSpeakBeyond(stage, '1.1');
    const bravo = await stage.peer(hardened);
    const { link } = await bravo.establish();
    const answer = await link.requestRaw(rootQuery(stage, midnight(stage)));
    checkAnswered(stage, 'X-AMC-11', answer, {
      type: 'audit_root',
      what: 'audit_root_query at 1.1 of a subject that speaks a later major',
    });
  },
});

const notAsked = defineCase({
  id: 'federation/compatibility/nothing-of-a-later-version-is-asked',
  title: 'The subject does not ask a peer of 1.0 for what begins with 1.1',
  verifies: ['X-AMC-11'],
  readings: ['L-V07'],
  needs: { commands: true },
  async run(stage) {
    mustSpeakBeyond(stage, '1.0');
    const bravo = await stage.peer(published);
    await bravo.establish();
    await stage.command({ command: 'ask-audit-root', server: bravo.serverId });
    const heard = await bravo.heard('audit_root_query', { withinMs: 1000 });
    stage.check('X-AMC-11', heard.length === 0, {
      what: 'audit_root_query to a peer of 1.0',
      expected: 'nothing',
      got: heard.map(({ message }) => message.type),
    });
  },
});

const capabilities = defineCase({
  id: 'federation/compatibility/capabilities-are-told-after-the-version',
  title: 'In compatibility mode the answer warns, and tells what both sides have',
  verifies: ['X-AMC-11'],
  behaviour: ['X-AMC-11'],
  readings: ['L-V07'],
  async run(stage) {
    mustSpeakBeyond(stage, '1.0');
    const bravo = await stage.peer(published);
    const link = await dialled(bravo);
    const { response } = await link.handshake({ capabilities: ['message_relay', 'time_travel'] });
    const { shared_capabilities: shared, version_warnings: warnings } = response;
    const expected = stage.subject.capabilities.filter((name) => name === 'message_relay');
    stage.check('X-AMC-11', shared.join() === expected.join() && warnings.length > 0, {
      what: 'shared_capabilities and version_warnings on a link of 1.0',
      expected: { shared: expected, warnings: 'some' },
      got: { shared, warnings },
    });
  },
});

// --- what 1.0 says otherwise ------------------------------------------------------------------------

/** M 4.5: devices, without their users, and unsigned. */
function deliveryAck({ now }: Stage, { relay }: InboundRelay, isDelivered: boolean): JsonObject {
  const devices = Object.keys(relay.encrypted_payloads);
  return {
    type: 'delivery_ack',
    message_id: relay.message_id,
    delivered_to: isDelivered ? devices : [],
    failed_devices: isDelivered ? [] : devices,
    timestamp: toSeconds(now()),
  };
}

const translated = ([true, false] as const).map((isDelivered) => {
  const status = isDelivered ? 'delivered' : 'failed';
  return defineCase({
    id: `federation/compatibility/delivery-ack-means-${status}`,
    title: `At 1.0 the master's delivery_ack is understood: the sender is told ${status}`,
    verifies: ['X-AMC-11'],
    readings: ['L-F08', 'L-W03'],
    async run(stage) {
      mustSpeakBeyond(stage, '1.0');
      const people = await correspondents(stage, { ...published, answers: 'manual' });
      const sent = await write(people);
      const inbound = await theInboundRelay(stage, people.bravo);
      await inbound.inbound.answerRaw(deliveryAck(stage, inbound, isDelivered));
      const statuses = await statusesOf(stage, people.alice, sent.message_id, 1000);
      stage.check('X-AMC-11', statuses.includes(status), {
        what: 'what the sender is told after a delivery_ack',
        expected: status,
        got: statuses,
      });
    },
  });
});

/** M 4.2: no keys, no target, nothing signed. */
const hello = ({ serverId }: Peer, versions: readonly string[]): JsonObject => ({
  type: 'federation_hello',
  server_id: serverId,
  protocol_versions: { norc_f: [...versions], norc_t: [...versions] },
  capabilities: ['message_relay'],
});

const greeted = defineCase({
  id: 'federation/compatibility/federation-hello-is-a-handshake',
  title: "At 1.0 the master's federation_hello opens a session, where one without keys is allowed",
  verifies: ['X-AMC-11'],
  readings: ['L-V10', 'L-H01', 'L-W03'],
  needs: { policy: { allowLegacyHandshake: true } },
  async run(stage) {
    mustSpeakBeyond(stage, '1.0');
    const bravo = await stage.peer(published);
    const link = await dialled(bravo);
    const answer = await link.requestRaw(hello(bravo, ['1.0']));
    checkAnswered(stage, 'X-AMC-11', answer, {
      type: 'federation_handshake_response',
      what: 'federation_hello on a link of 1.0',
    });
    checkAnswered(stage, 'X-AMC-11', await link.trustStatus(), {
      type: 'trust_status_response',
      what: 'what is asked on the session that follows',
    });
  },
});

const unarmed = defineCase({
  id: 'federation/compatibility/federation-hello-without-keys-is-refused-by-default',
  title: 'A federation_hello, which has no keys, opens nothing where nobody has allowed it',
  verifies: ['X-CS-02'],
  readings: ['L-H01'],
  async run(stage) {
    mustSpeakBeyond(stage, '1.0');
    const bravo = await stage.peer(published);
    const answer = await (await dialled(bravo)).requestRaw(hello(bravo, ['1.0']));
    checkRefused(stage, 'X-CS-02', answer, {
      what: 'a handshake without keys',
      codes: [errorCode.common.cryptoError],
    });
    await checkSession(stage, 'X-CS-02', bravo);
  },
});

const otherName = defineCase({
  id: 'federation/compatibility/trust-capability-is-trust-capabilities',
  title: "At 1.0 the master's name of trust_capabilities is understood",
  verifies: ['X-AMC-11'],
  readings: ['L-W03'],
  async run(stage) {
    mustSpeakBeyond(stage, '1.0');
    const bravo = await stage.peer(published);
    const run = bravo.trustRun(await freshLink(bravo));
    await run.capabilities();
    const [honest = {}] = run.messages;
    // The master neither signs it nor has a transcript.
    const bare = without(without(honest, 'transcript_hash'), 'signature');
    const link = await freshLink(bravo);
    const message = { ...bare, type: 'trust_capability' };
    const answer = await link.requestRaw(message, { path: '/norc-t' });
    checkAnswered(stage, 'X-AMC-11', answer, {
      type: 'trust_capabilities',
      what: 'trust_capability on a link of 1.0',
    });
  },
});

export const cases: readonly Case[] = [
  laterFeature,
  commonFeature,
  notAsked,
  capabilities,
  ...translated,
  greeted,
  unarmed,
  otherName,
];
