/** A recorded run of two trust layers as a Mermaid sequence diagram. */
import type { Effect } from '../../../reference/core.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { ACME, BRAVO, type Envelope, serverOf, type World } from './pair.ts';

const names: { readonly [server: string]: string } = { [ACME]: 'acme', [BRAVO]: 'bravo' };

/** Members that tell what a message is about; all else is in spec/messages. */
const shown: { readonly [type: string]: (message: never) => string } = {
  trust_capabilities: ({ supported_versions: v }: Of<'trust_capabilities'>) =>
    `speaks ${v.join(', ')}`,
  trust_request: (m: Of<'trust_request'>) => `${m.requested_trust_level} by ${m.trust_method}`,
  trust_challenge: ({ challenges }: Of<'trust_challenge'>) =>
    challenges.map(({ type }) => type).join(', '),
  trust_response: () => 'proofs',
  trust_decision: (m: Of<'trust_decision'>) =>
    `${m.decision}, ${m.granted_trust_level}, score ${m.trust_metadata.trust_score}`,
  trust_acknowledgment: (m: Of<'trust_acknowledgment'>) =>
    m.trust_certificate === undefined ? 'accepted' : 'accepted, with the reverse certificate',
  trust_revoke: (m: Of<'trust_revoke'>) => `${m.revocation_scope}, ${m.revocation_reason}`,
  revocation_acknowledgment: (m: Of<'revocation_acknowledgment'>) => m.acknowledgment_status,
  trust_renewal: (m: Of<'trust_renewal'>) => m.renewal_reason,
};

type Of<T extends NorcMessage['type']> = Extract<NorcMessage, { type: T }>;

/** Plays and draws what is sent, and what each side does in its zone, its store and its log. */
export function drawn(world: World, play: () => void): string {
  const lines = ['sequenceDiagram', '  participant acme', '  participant bravo'];
  const seen = new Map<string, number>();
  for (const server of [ACME, BRAVO]) seen.set(server, serverOf(world, server).effects.length);
  const noteDeeds = (): void => {
    for (const server of [ACME, BRAVO]) {
      const { effects } = serverOf(world, server);
      for (const effect of effects.slice(seen.get(server))) lines.push(...deed(server, effect));
      seen.set(server, effects.length);
    }
  };
  const kept = world.tap;
  world.tap = (envelope) => {
    noteDeeds();
    lines.push(arrow(envelope));
    return kept(envelope);
  };
  play();
  noteDeeds();
  world.tap = kept;
  return lines.join('\n');
}

function arrow({ from, to, message, kind, status }: Envelope): string {
  const head = kind === 'request' ? '->>' : '-->>';
  const about = message ? (shown[message.type] as ((m: NorcMessage) => string) | undefined) : null;
  const words = message ? [message.type, ...(about ? [`(${about(message)})`] : [])] : [];
  const text = [...(kind === 'answer' ? [String(status)] : []), ...words].join(' ');
  return `  ${names[from]}${head}${names[to]}: ${text}`;
}

function deed(server: string, effect: Effect): string[] {
  const note = (text: string): string[] => [`  Note over ${names[server]}: ${text}`];
  switch (effect.type) {
    case 'publish-txt':
      return note('publishes the value in its zone');
    case 'withdraw-txt':
      return note('withdraws it');
    case 'look-up':
      return note(`asks DNS, vantage point ${effect.vantage + 1}`);
    case 'audit':
      return note(effect.event.action);
    default:
      return [];
  }
}
