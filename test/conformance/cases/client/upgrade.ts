/**
 * C1, Part 2.1 row 1: the HTTP upgrade of a device (C-CONN-01 to C-CONN-04, C-CONN-12, L-V08,
 * L-V09).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { UpgradeOptions } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated, openingRequest, upgraded } from './steps/opening.ts';
import { checkRefused, openingReaction } from './steps/reaction.ts';

const otherPath = defineCase({
  id: 'client/upgrade/another-path-is-not-found',
  title: 'An upgrade on any path but /norc-c is answered 404',
  verifies: ['C-CONN-02'],
  async run(stage) {
    await upgraded(stage);
    for (const path of ['/', '/norc-c/', '/norc-f', '/NORC-C']) {
      const answer = await stage.connect({ path });
      stage.check('C-CONN-02', answer.refused && answer.status === 404, {
        what: `an upgrade on ${path}`,
        expected: { refused: true, status: 404 },
        got: answer.refused ? answer.status : 'accepted',
      });
    }
  },
});

const oldTls = defineCase({
  id: 'client/upgrade/tls-1-2-is-refused',
  title: 'A device that cannot do TLS 1.3 gets no connection',
  verifies: ['C-CONN-01'],
  async run(stage) {
    await upgraded(stage, { maxTls: '1.3' });
    const answer = await stage.connect({ maxTls: '1.2' });
    stage.check('C-CONN-01', answer.refused, {
      what: 'an upgrade over TLS 1.2',
      expected: 'an alert',
      got: answer.refused ? answer.reason : 'a connection',
    });
  },
});

const noSubprotocol = defineCase({
  id: 'client/upgrade/unknown-subprotocols-are-refused',
  title: 'An upgrade that offers no subprotocol the server speaks is answered 426',
  verifies: ['C-CONN-03'],
  readings: ['L-V09'],
  async run(stage) {
    for (const subprotocols of [['chat'], ['norc-c-json-v99.0', 'norc-c-json-v1.0.1']]) {
      // The header alone would do: nothing but the subprotocol is wrong.
      const answer = await stage.connect({ subprotocols, headers: listing(stage) });
      stage.check('C-CONN-03', answer.refused && answer.status === 426, {
        what: `an upgrade that offers ${subprotocols.join(', ')}`,
        expected: { refused: true, status: 426 },
        got: answer.refused ? answer.status : 'accepted',
      });
    }
  },
});

const listing = ({ at }: Stage) => ({ 'NORC-Client-Versions': at });

const oneSubprotocol = defineCase({
  id: 'client/upgrade/one-of-the-offered-subprotocols-is-chosen',
  title: 'The answer names exactly one subprotocol, and one of those offered',
  verifies: ['C-CONN-03'],
  readings: ['L-V09'],
  async run(stage) {
    const family = `norc-c-json-v${stage.at.split('.')[0]}`;
    const offers = [
      [`norc-c-json-v${stage.at}`],
      [family],
      ['chat', `norc-c-json-v${stage.at}`, `${family}.99`],
    ];
    for (const subprotocols of offers) {
      const answer = await stage.connect({ subprotocols });
      const named = answer.refused ? null : answer.headers['sec-websocket-protocol'];
      stage.check('C-CONN-03', typeof named === 'string' && subprotocols.includes(named), {
        what: `the choice among ${subprotocols.join(', ')}`,
        expected: subprotocols,
        got: named ?? answer,
      });
    }
    const offer = { subprotocols: ['chat'], headers: listing(stage) };
    const nothing = await stage.connect(offer);
    // 101 with a name that was not offered is what a device's library refuses by itself.
    stage.check('C-CONN-03', nothing.refused && nothing.status !== 101, {
      what: 'the choice where nothing is spoken',
      expected: 'a refusal',
      got: nothing.refused ? nothing.status : nothing.subprotocol,
    });
  },
});

const jsonFamily = defineCase({
  id: 'client/upgrade/the-json-family-is-spoken',
  title: 'The JSON family of subprotocols leads to a session, where only it is offered',
  verifies: ['X-FMT-05'],
  behaviour: ['X-FMT-05'],
  readings: ['L-V09'],
  async run(stage) {
    const connection = await upgraded(stage, { subprotocols: [`norc-c-json-v${stage.at}`] });
    const { version } = await connection.negotiate();
    const isJson = connection.subprotocol === `norc-c-json-v${stage.at}` && version === stage.at;
    stage.check('X-FMT-05', isJson, {
      what: 'subprotocol and version',
      expected: [`norc-c-json-v${stage.at}`, stage.at],
      got: [connection.subprotocol, version],
    });
  },
});

const deflate = defineCase({
  id: 'client/upgrade/deflate-is-declined',
  title: 'permessage-deflate is offered and not accepted, and the session works without',
  verifies: ['C-CONN-12'],
  behaviour: ['C-CONN-12'],
  readings: ['L-W04'],
  async run(stage) {
    const connection = await upgraded(stage, { offerDeflate: true });
    const accepted = connection.headers['sec-websocket-extensions'];
    stage.check('C-CONN-12', accepted === undefined, {
      what: 'the extensions of the answer',
      expected: 'none',
      got: accepted ?? 'none',
    });
    await connection.negotiate();
  },
});

const announced = defineCase({
  id: 'client/upgrade/header-and-handshake-name-one-version',
  title: 'The version and mode in the headers of the answer are those of the handshake',
  verifies: ['C-CONN-04'],
  readings: ['L-V08'],
  async run(stage) {
    const connection = await upgraded(stage, agreeing(stage));
    const { version, accepted } = await connection.negotiate();
    const header = connection.headers['norc-negotiated-version'];
    stage.check('C-CONN-04', header === undefined || header === version, {
      what: 'NORC-Negotiated-Version',
      expected: version,
      got: header ?? 'absent',
    });
    const mode = connection.headers['norc-compatibility-mode'];
    const isSame = mode === undefined || mode === String(accepted.compatibility_mode);
    stage.check('C-CONN-04', isSame, {
      what: 'NORC-Compatibility-Mode',
      expected: accepted.compatibility_mode,
      got: mode ?? 'absent',
    });
    await checkMismatch(stage, {
      what: 'another version in the header list',
      options: { ...agreeing(stage), headers: { 'NORC-Client-Versions': withOneMore(stage) } },
    });
  },
});

/** Of the same major, so that the list in the header alone would do. */
const withOneMore = ({ at }: Stage): string => `${at}, ${at.split('.')[0]}.99`;

/** Hints that say what the first frame says. */
function agreeing({ at }: Stage): UpgradeOptions {
  return {
    headers: { 'NORC-Client-Versions': at, 'NORC-Preferred-Version': at },
    queryVersion: at,
  };
}

interface Mismatch {
  readonly what: string;
  readonly options: UpgradeOptions;
}

/** The list of the first frame is `[at]`, preferred `at`. */
async function checkMismatch(stage: Stage, { what, options }: Mismatch): Promise<void> {
  const connection = await stage.connect(options);
  // A conflict that shows at the upgrade may be refused there.
  if (connection.refused) {
    const { status } = connection;
    stage.check('C-CONN-04', status !== null && status >= 400, {
      what,
      expected: 'a refusal',
      got: status,
    });
    return;
  }
  await connection.send(openingRequest(stage));
  const codes = [errorCode.common.protocolError];
  checkRefused(stage, 'C-CONN-04', await openingReaction(connection), {
    what,
    codes,
    after: 'closed',
  });
}

/** D-1: whoever strips a version on the way has to strip it in two places. */
const mismatches: readonly {
  readonly name: string;
  readonly title: string;
  readonly options: (stage: Stage) => UpgradeOptions;
}[] = [
  {
    name: 'header-list',
    title: 'A header list that is not the list of the first frame ends the connection',
    options: (stage) => ({ headers: { 'NORC-Client-Versions': withOneMore(stage) } }),
  },
  {
    name: 'header-preference',
    title: 'A preferred version in the headers that is not that of the first frame ends it',
    options: () => ({ headers: { 'NORC-Preferred-Version': '99.0' } }),
  },
  {
    name: 'uri-version',
    title: 'A version in the URI that the first frame does not list ends the connection',
    options: () => ({ queryVersion: '99.0' }),
  },
];

const conflicting: readonly Case[] = mismatches.map(({ name, title, options }) =>
  defineCase({
    id: `client/upgrade/${name}-must-agree`,
    title,
    verifies: ['C-CONN-04'],
    readings: ['L-V08'],
    async run(stage) {
      const connection = await upgraded(stage, agreeing(stage));
      await connection.negotiate();
      await checkMismatch(stage, { what: title, options: options(stage) });
    },
  }),
);

const otherMinor = defineCase({
  id: 'client/upgrade/subprotocol-minor-must-agree',
  title: 'A subprotocol that names another minor than the one negotiated ends the connection',
  verifies: ['C-CONN-04'],
  readings: ['L-V08', 'L-V09'],
  needs: { versions: ['1.0', '1.1', '2.0'] },
  async run(stage) {
    const honest = await upgraded(stage, { subprotocols: ['norc-c-json-v1.1'] });
    await honest.negotiate({ versions: ['1.1'] });
    const connection = await upgraded(stage, { subprotocols: ['norc-c-json-v1.0'] });
    await connection.send(
      openingRequest(stage, { client_versions: ['1.1'], preferred_version: '1.1' }),
    );
    checkRefused(stage, 'C-CONN-04', await openingReaction(connection), {
      what: 'norc-c-json-v1.0 at the upgrade and 1.1 in band',
      codes: [errorCode.common.protocolError],
      after: 'closed',
    });
  },
});

const manyDevices = defineCase({
  id: 'client/upgrade/connections-are-told-apart',
  title: 'Two connections at once have sessions of their own',
  verifies: ['C-CONN-13'],
  behaviour: ['C-CONN-13'],
  readings: ['L-C05'],
  async run(stage) {
    const ids = new Set<string>();
    for (let count = 0; count < 8; count += 1) {
      const { session } = await negotiated(stage);
      ids.add(session?.confirmation.session_id ?? '');
    }
    stage.check('C-CONN-13', ids.size === 8 && !ids.has(''), {
      what: 'session ids of eight connections',
      expected: '8 different ones',
      got: [...ids],
    });
  },
});

export const cases: readonly Case[] = [
  otherPath,
  oldTls,
  noSubprotocol,
  oneSubprotocol,
  jsonFamily,
  deflate,
  announced,
  ...conflicting,
  otherMinor,
  manyDevices,
];
