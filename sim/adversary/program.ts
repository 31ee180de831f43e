/**
 * A byzantine server is the reference's server with a program around it: it sees every input and
 * every effect as decoded messages, and has the power of the server's own key, no other. What it
 * cannot sign it cannot say.
 */
import type { Effect, Frame, Input, LinkId } from '../../reference/core.ts';
import type { Crypto, JsonObject, SigningKey } from '../../reference/crypto/crypto.ts';
import type { ServerNode } from '../../reference/node/server.ts';
import { type Micros, toSeconds } from '../../reference/time.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { NorcMessage } from '../../spec/messages.ts';

/** What a program may do with. */
export interface Power {
  readonly serverId: string;
  readonly key: SigningKey;
  readonly crypto: Crypto;
}

export interface Program {
  readonly summary: string;
  /** Guards that its own server does without. */
  readonly off: readonly RequirementId[];
  /** Made anew for each start of the server. */
  begin(power: Power): Behaviour;
}

/** What it does beside the server: effects to follow those of the input. */
export type Behaviour = (input: Input, now: Micros, links: OpenLinks) => readonly Effect[];

/** Links that the server has dialled, by peer. */
export type OpenLinks = ReadonlyMap<string, LinkId>;

export function withProgram(node: ServerNode, program: Program, power: Power): ServerNode {
  const behave = program.begin(power);
  const dialled = new Map<LinkId, string>();
  const open = new Map<string, LinkId>();
  return {
    handle(input, now) {
      if (input.type === 'link-dialled') open.set(dialled.get(input.link) ?? '', input.link);
      if (input.type === 'link-closed') open.delete(dialled.get(input.link) ?? '');
      const effects = node.handle(input, now);
      for (const effect of effects)
        if (effect.type === 'dial') dialled.set(effect.link, effect.server);
      return [...effects, ...behave(input, now, open)];
    },
  };
}

/** What came as a request, or null. */
export function requestIn(input: Input): NorcMessage | null {
  return input.type === 'request-received' ? messageIn(input.body) : null;
}

const decoder = new TextDecoder();

function messageIn(frame: Frame): NorcMessage | null {
  if (frame.kind === 'value') return frame.value as unknown as NorcMessage;
  if (frame.bytes.length === 0) return null;
  return JSON.parse(decoder.decode(frame.bytes)) as NorcMessage;
}

/** A request with everything that the server's key can vouch for. */
export function ownRequest(
  { serverId, key, crypto }: Power,
  to: { readonly server: string; readonly link: LinkId; readonly exchange: string },
  message: NorcMessage,
  now: Micros,
): Effect {
  const timestampSeconds = toSeconds(now);
  const body = message as unknown as JsonObject;
  const parties = { type: message.type, requester: serverId, target: to.server };
  const signature = crypto.signRequest(key, { ...parties, timestampSeconds, body });
  const proof = `ts=${timestampSeconds};sig=${signature}`;
  return {
    ...{ type: 'request', link: to.link, exchange: to.exchange, path: FEDERATION, proof, message },
  };
}

const FEDERATION = '/norc-f';
