/** Families of trust runs that a server of ours asks for, right in everything but one thing. */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { Peer, PeerOptions, TrustRunOptions } from '../../../actors/peer.ts';
import { type Case, defineCase } from '../../../case.ts';
import type { Stage } from '../../../stage.ts';
import { checkRefused, checkUntrusted, freshLink, type Step, upTo } from './outcomes.ts';

export interface RunFault {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  /** What the same refusal keeps as well. */
  readonly also?: RequirementId;
  /** The first step that is not as it should be, and is refused. */
  readonly step: Step;
  readonly codes?: readonly number[];
  readonly orRejected?: true;
  readonly readings?: Case['readings'];
  readonly needs?: Case['needs'];
  readonly at?: NonNullable<Case['at']>;
  readonly peer?: PeerOptions;
  readonly options: (stage: Stage, peer: Peer) => Promise<TrustRunOptions> | TrustRunOptions;
}

export function refusedRuns(topic: string, faults: readonly RunFault[]): readonly Case[] {
  return faults.map((fault) => {
    const { id, title, verifies, also, step, codes, orRejected, readings, needs, at } = fault;
    const ids = also ? [verifies, also] : [verifies];
    return defineCase({
      id: `trust/${topic}/${id}`,
      title,
      verifies: ids,
      ...(readings && { readings }),
      ...(needs && { needs }),
      ...(at && { at }),
      async run(stage) {
        const peer = await stage.peer(fault.peer);
        const run = peer.trustRun(await freshLink(peer), await fault.options(stage, peer));
        const answer = await upTo(run, step);
        const expected = { ...(codes && { codes }), ...(orRejected && { orRejected }) };
        for (const each of ids) checkRefused(stage, each, answer, { ...expected, what: title });
        await checkUntrusted(stage, verifies, peer, 'the refused run');
      },
    });
  });
}
