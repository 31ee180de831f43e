/**
 * Frames that carry no message of ours (X-ERR-05, -06, -08, X-EXT-01, X-FMT-01, -03, C-MSG-04,
 * S-17, L-X04).
 */
import { deflateSync, gzipSync } from 'node:zlib';
import { canonicalText } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { MessageSend } from '../../../../spec/messages/client/message-send.ts';
import type { DeviceConnection } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated, openingRequest, upgraded } from '../client/steps/opening.ts';
import { acked, couple } from '../client/steps/people.ts';
import { authRequest, freshIdentity } from '../client/steps/proofs.ts';
import {
  checkRefused,
  checkSilent,
  openingReaction,
  type Reaction,
  reactionOf,
  secondsOf,
  told,
} from '../client/steps/reaction.ts';
import { checkUnasked } from '../client/steps/unasked.ts';

const { protocolError } = errorCode.common;

/** The two states in which a pong proves the connection alive. */
async function livelyConnections(stage: Stage): Promise<readonly DeviceConnection[]> {
  const { connection } = await stage.device();
  return [await negotiated(stage), connection];
}

const unknownTypes = defineCase({
  id: 'wire/frames/unknown-types-are-ignored',
  title: 'A message of an unknown type is ignored, and the connection lives',
  verifies: ['X-ERR-06'],
  readings: ['L-X05'],
  async run(stage) {
    for (const connection of await livelyConnections(stage)) {
      for (const type of ['foo', 'MESSAGE_SEND', 'ping ', '', '__proto__', 'constructor']) {
        await connection.sendRaw({ type, user_id: 7 });
        checkSilent(stage, 'X-ERR-06', await reactionOf(connection), `the type ${type}`);
      }
    }
  },
});

const masterNames = defineCase({
  id: 'wire/frames/names-of-the-master-count-at-1-0-only',
  title: "From 1.1 on the master's other names of messages are unknown types",
  verifies: ['X-ERR-06'],
  readings: ['L-W03'],
  at: ['1.1', '2.0'],
  async run(stage) {
    const { connection } = await stage.device();
    for (const type of ['session_key_exchange', 'delivery_ack', 'federation_hello']) {
      await connection.sendRaw({ type });
      checkSilent(stage, 'X-ERR-06', await reactionOf(connection), `the type ${type}`);
    }
  },
});

const unknownFirst = defineCase({
  id: 'wire/frames/an-unknown-first-frame-is-not-ignored',
  title: 'Before the handshake is over anything but the expected ends the connection',
  verifies: ['C-CONN-05'],
  readings: ['L-X05'],
  async run(stage) {
    for (const message of [{ type: 'foo' }, { ...authRequest(stage, freshIdentity(stage)) }]) {
      const connection = await upgraded(stage);
      await connection.sendRaw(message);
      checkRefused(stage, 'C-CONN-05', await openingReaction(connection), {
        what: `${message.type} as the first frame`,
        codes: [protocolError],
        after: 'closed',
      });
    }
  },
});

const errors = defineCase({
  id: 'wire/frames/errors-are-never-answered',
  title: 'An error is never answered by an error, however it looks',
  verifies: ['X-ERR-05'],
  readings: ['L-X04'],
  async run(stage) {
    const honest = {
      type: 'error',
      error_code: 3000,
      error_category: 'protocol',
      message: 'protocol error',
      timestamp: secondsOf(stage),
    };
    const forms = {
      'an honest error': honest,
      'an error without members': { type: 'error' },
      'an error with a code that does not exist': { ...honest, error_code: -1 },
      'an error full of errors': { ...honest, details: { error: honest } },
    };
    for (const connection of await livelyConnections(stage)) {
      for (const [what, error] of Object.entries(forms)) {
        await connection.sendRaw(error);
        checkSilent(stage, 'X-ERR-05', await reactionOf(connection), what);
      }
    }
    const first = await upgraded(stage);
    await first.sendRaw(honest);
    const reaction = await openingReaction(first);
    stage.check('X-ERR-05', reaction.error === null, {
      what: 'an error as the first frame, which may end the connection',
      expected: 'no error in answer',
      got: told(reaction),
    });
  },
});

const extensions = defineCase({
  id: 'wire/frames/unknown-extensions-are-ignored',
  title: 'An extension that nobody knows is ignored; one that is malformed is not',
  verifies: ['X-EXT-01'],
  async run(stage) {
    const { connection } = await stage.device();
    const unknown = {
      type: 'extension',
      extension_id: 'example.norc.test/unknown',
      extension_version: '1.0',
      extension_data: 'AAAA',
    };
    await connection.sendRaw(unknown);
    checkSilent(stage, 'X-EXT-01', await reactionOf(connection), 'an unknown extension');
    await connection.sendRaw({ ...unknown, extension_id: 7 });
    checkRefused(stage, 'X-EXT-01', await reactionOf(connection), {
      what: 'an extension whose id is a number',
      codes: [protocolError],
    });
  },
});

const notMessages: readonly (string | Uint8Array)[] = [
  '',
  'not JSON',
  '{',
  '[]',
  '"ping"',
  'null',
  '7',
  '{}',
  '{"type":7}',
  '{"type":null}',
  Uint8Array.of(0, 1, 2, 3),
  new Uint8Array(0),
];

const patience = defineCase({
  id: 'wire/frames/ten-malformed-frames-are-enough',
  title: 'Of malformed frames the first at most is answered, and the tenth ends the connection',
  verifies: ['X-ERR-08'],
  readings: ['L-X04'],
  async run(stage) {
    for (const connection of await livelyConnections(stage)) {
      let errorsSoFar = 0;
      let closed: number | null = null;
      for (const frame of notMessages.slice(0, limits.malformedFramesBeforeClose)) {
        await connection.sendRaw(frame);
        const reaction = await reactionOf(connection);
        errorsSoFar += reaction.errors;
        closed = reaction.closed;
        const isSparing = errorsSoFar <= 1 && reaction.others.length === 0;
        const isMalformed = reaction.error === null || reaction.error.error_code === protocolError;
        stage.check('X-ERR-08', isSparing && isMalformed, {
          what: `answers to malformed frames, after ${String(frame) || 'an empty one'}`,
          expected: 'at most one, 3000',
          got: { errorsSoFar, ...Object(told(reaction)) },
        });
        if (closed !== null) break;
      }
      stage.check('X-ERR-08', closed !== null, {
        what: `the connection after ${limits.malformedFramesBeforeClose} malformed frames`,
        expected: 'closed',
        got: closed ?? 'open',
      });
    }
  },
});

const notFirst = defineCase({
  id: 'wire/frames/garbage-opens-nothing',
  title: 'Whatever is no message ends a connection when it is the first frame',
  verifies: ['C-CONN-11'],
  async run(stage) {
    for (const frame of notMessages) {
      const connection = await upgraded(stage);
      await connection.sendRaw(frame);
      checkRefused(stage, 'C-CONN-11', await openingReaction(connection), {
        what: `the first frame ${String(frame) || '(empty)'}`,
        codes: [protocolError],
        after: 'closed',
      });
    }
    await checkUnasked(stage);
  },
});

/** Version 131, a list of small integers: how the documents' samples would put it on the wire. */
const nativeTerm = Uint8Array.of(131, 107, 0, 3, 1, 2, 3);

const foreignForms = defineCase({
  id: 'wire/frames/compressed-and-native-forms-are-refused',
  title: 'A compressed message, or one in the term format of a language, is not read',
  verifies: ['X-FMT-04'],
  behaviour: ['X-FMT-04'],
  readings: ['L-W04'],
  async run(stage) {
    const text = JSON.stringify(openingRequest(stage));
    const forms = { gzip: gzipSync(text), deflate: deflateSync(text), 'a native term': nativeTerm };
    for (const [what, frame] of Object.entries(forms)) {
      const connection = await upgraded(stage);
      await connection.sendRaw(Uint8Array.from(frame));
      const reaction = await openingReaction(connection);
      stage.check('X-FMT-04', reaction.others.length === 0 && reaction.closed !== null, {
        what: `a connection_request as ${what}`,
        expected: 'a refusal and the close',
        got: told(reaction),
      });
    }
  },
});

/** A frame of exactly this length; the member that fills it has no meaning. */
function filled(message: object, lengthBytes: number): string {
  const empty = canonicalText({ ...message, zzz: '' } as never).length;
  return canonicalText({ ...message, zzz: 'z'.repeat(lengthBytes - empty) } as never);
}

const oversizeFirst = defineCase({
  id: 'wire/frames/an-oversize-first-frame-is-not-read',
  title: 'A first frame above the limit is refused or cut off, and the server lives',
  verifies: ['X-FMT-03'],
  readings: ['L-W05'],
  needs: { policy: { maxClientMessageBytes: 65_536 } },
  async run(stage) {
    const atLimit = await upgraded(stage);
    await atLimit.sendRaw(filled(openingRequest(stage), 65_536));
    const fitting = await openingReaction(atLimit);
    stage.check('X-FMT-03', fitting.others.length > 0, {
      what: 'a first frame of exactly the limit',
      expected: 'connection_accepted',
      got: told(fitting),
    });
    for (const lengthBytes of [65_537, 4 * 65_536]) {
      const connection = await upgraded(stage);
      await connection.sendRaw(filled(openingRequest(stage), lengthBytes));
      const reaction = await openingReaction(connection);
      stage.check('X-FMT-03', reaction.others.length === 0 && reaction.closed !== null, {
        what: `a first frame of ${lengthBytes} bytes`,
        expected: 'a refusal and the close',
        got: told(reaction),
      });
    }
    await negotiated(stage);
  },
});

const MESSAGE_LIMIT = 65_536;

const oversizeMessage = defineCase({
  id: 'wire/frames/a-message-above-the-limit-is-refused-2003',
  title: 'A message of exactly the limit is taken, and one of a byte more is refused 2003',
  verifies: ['C-MSG-04'],
  readings: ['L-W05'],
  needs: { policy: { maxClientMessageBytes: MESSAGE_LIMIT } },
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const compose = () => alice.composeMessage({ conversationId, to: [bob.identity.userId] });
    const fitting = await compose();
    await alice.connection.sendRaw(filled(fitting, MESSAGE_LIMIT));
    const { status } = await acked(alice, fitting.message_id);
    stage.check('C-MSG-04', status === 'sent', {
      what: `a message of ${MESSAGE_LIMIT} bytes`,
      expected: 'sent',
      got: status,
    });
    await bob.receiveMessage();
    await alice.connection.sendRaw(filled(await compose(), MESSAGE_LIMIT + 1));
    checkRefused(stage, 'C-MSG-04', await reactionOf(alice.connection), {
      what: `a message of ${MESSAGE_LIMIT + 1} bytes`,
      codes: [errorCode.client.messageTooLarge],
    });
    const { others } = await reactionOf(bob.connection);
    stage.check('C-MSG-04', others.length === 0, {
      what: 'what reaches the recipient of it',
      expected: [],
      got: others.map(({ message }) => message.type),
    });
  },
});

const hugeFrame = defineCase({
  id: 'wire/frames/eight-mebibytes-harm-nobody',
  title: 'A frame far above every limit ends its own connection at most (S-17)',
  verifies: ['C-MSG-04'],
  readings: ['L-W05'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const to = [bob.identity.userId];
    const message: MessageSend = await alice.composeMessage({ conversationId, to });
    await alice.connection.sendRaw(filled(message, 2 * limits.clientFrameBytes));
    const reaction: Reaction = await openingReaction(alice.connection);
    const isRefused = reaction.error?.error_code === errorCode.client.messageTooLarge;
    stage.check('C-MSG-04', isRefused || reaction.closed !== null, {
      what: 'a message of 8 MiB',
      expected: '2003, or the close',
      got: told(reaction),
    });
    await bob.connection.silence();
    const again = await alice.reconnect();
    await again.connection.sendRaw(filled(message, limits.clientFrameBytes + 1));
    const barely = await openingReaction(again.connection);
    const isSmallRefusal = barely.error?.error_code === errorCode.client.messageTooLarge;
    stage.check('C-MSG-04', isSmallRefusal || barely.closed !== null, {
      what: 'a message of a byte above 4 MiB',
      expected: '2003, or the close',
      got: told(barely),
    });
  },
});

export const cases: readonly Case[] = [
  unknownTypes,
  masterNames,
  unknownFirst,
  errors,
  extensions,
  patience,
  notFirst,
  foreignForms,
  oversizeFirst,
  oversizeMessage,
  hugeFrame,
];
