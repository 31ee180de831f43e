/**
 * A byzantine server is the reference's server with a program around it: it sees every input and
 * every effect as decoded messages, and has the power of the server's own key, no other. What it
 * cannot sign it cannot say.
 */
import type { ServerConfig } from '../../reference/config.ts';
import type { Effect, Frame, Input, LinkId } from '../../reference/core.ts';
import type { Crypto, JsonObject, SigningKey } from '../../reference/crypto/crypto.ts';
import type { ServerNode } from '../../reference/node/server.ts';
import { type Micros, toSeconds } from '../../reference/time.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import { fixed } from '../../spec/limits.ts';
import { messages, type NorcMessage } from '../../spec/messages.ts';
import { type Keyring, proofOf } from './keyring.ts';

/** What a program may do with. */
export interface Power {
  readonly serverId: string;
  readonly key: SigningKey;
  readonly crypto: Crypto;
}

export interface Program {
  readonly summary: string;
  /** As a scenario says it. */
  readonly name: string;
  readonly given: JsonObject;
  /** Guards that its own server does without. */
  readonly off: readonly RequirementId[];
  /** What its server shows of itself. */
  configure?(config: ServerConfig): ServerConfig;
  /** Made anew for each start of the server. */
  begin(power: Power): Behaviour;
}

/** What a scenario names, with what it says of it. */
export interface ProgramKind {
  readonly summary: string;
  readonly off: readonly RequirementId[];
  configure?(config: ServerConfig, given: JsonObject): ServerConfig;
  begin(power: Power, given: JsonObject): Behaviour;
}

export function programOf(
  name: string,
  { configure, begin, ...kind }: ProgramKind,
  given: JsonObject,
): Program {
  return {
    ...{ ...kind, name, given },
    ...(configure && { configure: (config: ServerConfig) => configure(config, given) }),
    begin: (power) => begin(power, given),
  };
}

export interface Behaviour {
  /** What its server hears instead; null: nothing. */
  readonly hears?: (input: Input, now: Micros) => Input | null;
  /** What is done instead of one thing that its server would do. */
  readonly does?: (effect: Effect, now: Micros, links: OpenLinks) => readonly Effect[];
  /** What it does beside the server: effects to follow those of the input. */
  readonly adds?: (input: Input, now: Micros, links: OpenLinks) => readonly Effect[];
}

/** Links that the server has dialled, by peer. */
export type OpenLinks = ReadonlyMap<string, LinkId>;

export function withProgram(node: ServerNode, program: Program, power: Power): ServerNode {
  const behaviour = program.begin(power);
  const dialled = createDialled();
  const { hears = (input) => input, does = (effect) => [effect], adds = () => [] } = behaviour;
  return {
    handle(input, now) {
      dialled.hear(input);
      const heard = hears(input, now);
      const effects = heard === null ? [] : node.handle(heard, now);
      effects.forEach(dialled.see);
      const done = effects.flatMap((effect) => does(effect, now, dialled.open));
      return [...done, ...adds(input, now, dialled.open)];
    },
  };
}

function createDialled() {
  const names = new Map<LinkId, string>();
  const open = new Map<string, LinkId>();
  return {
    open: open as OpenLinks,
    hear(input: Input): void {
      if (input.type === 'link-dialled') open.set(names.get(input.link) ?? '', input.link);
      if (input.type === 'link-closed') open.delete(names.get(input.link) ?? '');
    },
    see(effect: Effect): void {
      if (effect.type === 'dial') names.set(effect.link, effect.server);
    },
  };
}

export const ringOf = ({ serverId, key, crypto }: Power): Keyring => ({
  crypto,
  keys: new Map([[serverId, key]]),
});

/** What came as a request, or null. */
export function requestIn(input: Input): NorcMessage | null {
  return input.type === 'request-received' ? messageIn(input.body) : null;
}

/** What came as an answer, or null. */
export function answerIn(input: Input): NorcMessage | null {
  return input.type === 'answer-received' && input.body !== null ? messageIn(input.body) : null;
}

const decoder = new TextDecoder();

/** Null where there is none that can be read. */
export function messageIn(frame: Frame): NorcMessage | null {
  if (frame.kind === 'value') return frame.value as unknown as NorcMessage;
  if (frame.bytes.length === 0) return null;
  try {
    return JSON.parse(decoder.decode(frame.bytes)) as NorcMessage;
  } catch {
    return null;
  }
}

interface Addressee {
  readonly server: string;
  readonly link: LinkId;
  readonly exchange: string;
}

/** A request with everything that the server's key can vouch for. */
export function ownRequest(
  power: Power,
  { server, link, exchange }: Addressee,
  message: NorcMessage,
  now: Micros,
): Effect {
  const parties = { from: power.serverId, to: server, timestampSeconds: toSeconds(now) };
  const proof = proofOf(message, parties, ringOf(power));
  const { layer } = messages[message.type];
  const path = layer === 'trust' ? fixed.trustPath : FEDERATION;
  return { ...{ type: 'request', link, exchange, path, proof, message } };
}

const FEDERATION = '/norc-f';
