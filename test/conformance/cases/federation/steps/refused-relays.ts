/**
 * Families of relays with one fault each: refused, not delivered, and the honest form works after
 * it.
 */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { RelayOptions } from '../../../actors/peer.ts';
import { type Case, defineCase } from '../../../case.ts';
import type { Stage } from '../../../stage.ts';
import { checkRefused } from './answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from './neighbours.ts';

export type Options = Partial<RelayOptions>;

export interface RelayFault {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  /** What the same refusal keeps as well. */
  readonly also?: RequirementId;
  readonly readings?: Case['readings'];
  /** Codes that the profile names. Absent: any refusal. */
  readonly codes?: readonly number[];
  readonly bend: (people: Neighbours, stage: Stage) => Promise<Options> | Options;
}

export function refusedRelays(topic: string, faults: readonly RelayFault[]): readonly Case[] {
  return faults.map((fault) => {
    const { id, title, verifies, also, readings, codes } = fault;
    const ids = also ? [verifies, also] : [verifies];
    return defineCase({
      id: `federation/${topic}/${id}`,
      title,
      verifies: ids,
      ...(readings && { readings }),
      async run(stage) {
        const people = await neighbours(stage);
        const relay = relayFor(people, await fault.bend(people, stage));
        const answer = await sendRelay(people.link, relay);
        for (const each of ids) {
          checkRefused(stage, each, answer, { what: title, ...(codes && { codes }) });
        }
        await checkNothingCame(stage, verifies, people.alice, 'the refused relay');
        await checkDelivered(stage, verifies, people);
      },
    });
  });
}

/** Of another server that the subject trusts, over so many servers, bravo the last of them. */
export async function fromAfar(
  hops: number,
  { bravo }: Neighbours,
  stage: Stage,
): Promise<Options & { readonly originServer: string }> {
  const charlie = await stage.peer();
  await charlie.establish();
  const between = Array.from({ length: hops - 2 }, () => stage.domain('hop'));
  return {
    originServer: charlie.serverId,
    routePath: [charlie.serverId, ...between, bravo.serverId],
  };
}

/** Changed by the hop, which signs what it has made of it. */
export function withMetadata(change: object): NonNullable<RelayOptions['beforeHop']> {
  return (relay) => ({ ...relay, metadata: { ...relay.metadata, ...change } });
}
