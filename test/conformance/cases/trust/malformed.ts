/**
 * Every fault of shape in every message of a trust run that a server of ours sends: refused, whatever
 * else is right. Signed after the fault was made, so that nothing else is wrong with it.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../../reference/time.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { type Fault, faultsOf } from '../../../../spec/faults.ts';
import { messages } from '../../../../spec/messages.ts';
import type { Answer, Link, Peer, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { codeOf, told } from '../federation/steps/answers.ts';
import { checkUntrusted, freshLink, type Step, upTo } from './steps/outcomes.ts';

type Type = 'trust_capabilities' | 'trust_request' | 'trust_response' | 'trust_acknowledgment';

const steps: readonly { readonly type: Type; readonly step: Step }[] = [
  { type: 'trust_capabilities', step: 'capabilities' },
  { type: 'trust_request', step: 'request' },
  { type: 'trust_response', step: 'respond' },
  { type: 'trust_acknowledgment', step: 'acknowledge' },
];

/** A run that has come as far as this message, and the honest form of it, not sent. */
async function composed(stage: Stage, step: Step): Promise<{ peer: Peer; honest: JsonObject }> {
  const kept: JsonObject[] = [];
  const keep = (message: object): JsonObject => {
    kept.push({ ...message } as JsonObject);
    return { type: 'nobody_knows_this' };
  };
  const bent: { readonly [step in Step]: TrustRunOptions } = {
    capabilities: { capabilities: keep },
    request: { request: keep },
    respond: { response: keep },
    acknowledge: { acknowledgment: keep },
  };
  const peer = await stage.peer();
  await upTo(peer.trustRun(await freshLink(peer), bent[step]), step);
  return { peer, honest: kept[0] ?? {} };
}

/** The honest message, dated anew, with the fault and signed over it. */
function spoilt(stage: Stage, fault: Fault, honest: JsonObject, { peer, type }: Spoiling) {
  const { member = 'signature' } = messages[type].signed ?? {};
  const dated = 'timestamp' in honest ? { timestamp: toSeconds(stage.now()) } : {};
  const faulty = fault.apply({ ...honest, ...dated });
  if (fault.path[0] === member) return faulty;
  return { ...faulty, [member]: stage.crypto.sign(peer.key, without(faulty, member)) };
}

interface Spoiling {
  readonly peer: Peer;
  readonly type: Type;
}

/** A subject may break off after so many of them: then on a new link. */
async function post(
  peer: Peer,
  on: Link,
  body: JsonObject,
): Promise<{ link: Link; answer: Answer }> {
  const answer = await on.requestRaw(body);
  return { link: answer.status === 0 ? await freshLink(peer) : on, answer };
}

const shapes = steps.map(({ type, step }) => {
  const { shape } = messages[type];
  return defineCase({
    id: `trust/malformed/${type.replaceAll('_', '-')}`,
    title: `A ${type} with any fault of shape is refused`,
    verifies: [shape],
    readings: ['L-T01', 'L-T02'],
    async run(stage) {
      const { peer, honest } = await composed(stage, step);
      let link = await freshLink(peer);
      for (const fault of faultsOf(messages[type])) {
        if (stage.at === '1.0' && fault.since !== '1.0') continue;
        const body = spoilt(stage, fault, honest, { peer, type });
        const posted = await post(peer, link, body);
        link = posted.link;
        const isRefused = codeOf(posted.answer) !== null || posted.answer.status === 0;
        stage.check(shape, isRefused, {
          what: `${type} with ${fault.path.join('.')} ${fault.fault} (${fault.requirement})`,
          expected: 'a refusal',
          got: told(posted.answer),
        });
      }
      await checkUntrusted(stage, shape, peer, 'all of them');
    },
  });
});

export const cases: readonly Case[] = shapes;
