/** A reference that hears something else than it was told, or not at all. */
import type { Effect, Frame, Input } from '../../../reference/core.ts';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import type { ServerNode } from '../../../reference/node/server.ts';
import type { Change, Mutant } from '../mutant.ts';

export function told(hears: (input: Input) => boolean): () => Change {
  return () => ({
    node: (node): ServerNode => ({
      handle: (input, now) => (hears(input) ? node.handle(input, now) : []),
    }),
  });
}

export function typeIn(body: Frame): string {
  if (body.kind === 'value') return String(body.value.type);
  const [, type = ''] = /"type":"([a-z_]+)"/.exec(new TextDecoder().decode(body.bytes)) ?? [];
  return type;
}

export function textIn(body: Frame, name: string): string {
  if (body.kind === 'value') return String(body.value[name] ?? '');
  const found = new RegExp(`"${name}":"([^"]*)"`).exec(new TextDecoder().decode(body.bytes));
  return found?.[1] ?? '';
}

export function hasMember(body: Frame, name: string): boolean {
  if (body.kind === 'value') return Object.hasOwn(body.value, name);
  return new TextDecoder().decode(body.bytes).includes(`"${name}":`);
}

/** The nth message of a type from other servers, from 1 on. */
function nth(type: string, isHeard: (count: number) => boolean): () => Change {
  return () => {
    let count = 0;
    return told((input) => {
      if (input.type !== 'request-received' || typeIn(input.body) !== type) return true;
      count += 1;
      return isHeard(count);
    })();
  };
}

type Hearing = (text: string, input: Input) => string | null;

/** Changes the text of every message of devices and servers before it is read; null: not heard. */
function hears(listen: () => Hearing): () => Change {
  return () => {
    const hearing = listen();
    return {
      node: (node) => ({
        handle(input, now) {
          const heard = reheard(input, hearing);
          return heard === null ? [] : node.handle(heard, now);
        },
      }),
    };
  };
}

function reheard(input: Input, hearing: Hearing): Input | null {
  if (input.type !== 'frame-received' && input.type !== 'request-received') return input;
  const frame = input.type === 'frame-received' ? input.frame : input.body;
  if (frame.kind === 'value') return input;
  const text = hearing(new TextDecoder().decode(frame.bytes), input);
  if (text === null) return null;
  const other: Frame = { kind: 'text', bytes: new TextEncoder().encode(text) };
  return input.type === 'frame-received' ? { ...input, frame: other } : { ...input, body: other };
}

function isList(input: Input): boolean {
  if (input.type !== 'answer-received' || input.body === null) return false;
  return typeIn(input.body) === 'norc_crl';
}

/** What it says follows from the last text that it has heard. */
function echoing(say: (effect: Effect, lastHeard: string) => Effect): () => Change {
  return () => {
    let last = '';
    return {
      effects: (effect) => [say(effect, last)],
      node: (node) => ({
        handle(input, now) {
          reheard(input, (text) => {
            if (text.includes('"message_send"')) last = text;
            return text;
          });
          return node.handle(input, now);
        },
      }),
    };
  };
}

function withMessage(
  effect: Effect,
  type: string,
  change: (message: JsonObject) => object,
): Effect {
  if (effect.type !== 'send' || effect.message.type !== type) return effect;
  const message = effect.message as unknown as JsonObject;
  return { ...effect, message: { ...message, ...change(message) } } as unknown as Effect;
}

/** Bodies come as bytes on some grounds and as values on others. */
export function textOf(body: Frame): string {
  return body.kind === 'value' ? JSON.stringify(body.value) : new TextDecoder().decode(body.bytes);
}

export const hearingTampers: readonly Mutant[] = [
  {
    name: 'hears-null-as-zero',
    title: 'a member that is null counts as one that is 0',
    breaks: ['X-CAN-03'],
    change: hears(() => (text) => text.replaceAll(/:\s*null/g, ':0')),
  },
  {
    name: 'stumbles-over-unknown-members',
    title: 'a message with a member that no schema names is not heard',
    breaks: ['X-EXT-02'],
    change: hears(() => (text) => (/"(?:future|x_|x-|unknown|zzz)/.test(text) ? null : text)),
  },
  {
    name: 'stumbles-over-attestations',
    title: 'capabilities with attestation hashes or PQ support are not heard',
    breaks: ['T-CAP-09', 'T-CAP-10'],
    change: hears(
      () => (text) => (/build_attestation_hash|pq_kem_support/.test(text) ? null : text),
    ),
  },
  {
    name: 'takes-repeats-for-new',
    title: 'a message that comes again counts as another one',
    breaks: ['X-SEQ-14', 'X-SEQ-15'],
    change: hears(() => {
      const seen = new Set<string>();
      return (text) => {
        const [, id = ''] = /"message_send"/.test(text)
          ? (/"message_id":"([^"]+)"/.exec(text) ?? [])
          : [];
        if (id === '' || !seen.has(id)) {
          seen.add(id);
          return text;
        }
        const other = id.slice(0, -3) + String(seen.size + 100).slice(-3);
        seen.add(`${id} ${seen.size}`);
        return text.replace(id, other);
      };
    }),
  },
  {
    name: 'repeats-what-it-refuses',
    title: 'an error repeats the message that it is about',
    breaks: ['X-ERR-04'],
    change: echoing((effect, lastHeard) =>
      withMessage(effect, 'error', () => ({ message: lastHeard.slice(0, 4000) })),
    ),
  },
  {
    name: 'passes-every-blob-on',
    title: 'a delivered message names every device that it went to',
    breaks: ['X-META-06'],
    change: echoing((effect, lastHeard) =>
      withMessage(effect, 'message_received', ({ encrypted_content }) => ({
        encrypted_content: { ...(encrypted_content as JsonObject), future: lastHeard },
      })),
    ),
  },
  {
    name: 'ignores-revocations',
    title: 'trust_revoke has no effect and no answer',
    breaks: ['T-REV-03', 'T-REV-04', 'T-REV-05', 'T-REV-06', 'T-REV-12', 'T-REV-14'],
    change: nth('trust_revoke', () => false),
  },
  {
    name: 'hears-the-first-revocation-only',
    title: 'a second trust_revoke has no effect',
    breaks: ['T-REV-11'],
    change: nth('trust_revoke', (count) => count === 1),
  },
  {
    name: 'hears-later-revocations-only',
    title: 'the first trust_revoke has no effect',
    breaks: ['T-REV-11'],
    change: nth('trust_revoke', (count) => count > 1),
  },
  {
    name: 'hears-an-acknowledgment-once',
    title: 'a repeated trust_acknowledgment has no answer',
    breaks: ['T-ACK-02'],
    change: nth('trust_acknowledgment', (count) => count === 1),
  },
  {
    name: 'ignores-its-operator',
    title: 'an order to revoke has no effect',
    breaks: ['T-REV-05', 'T-REV-06', 'T-REV-09', 'T-REV-10', 'T-REV-17'],
    change: told((input) => input.type !== 'command-given'),
  },
  {
    name: 'obeys-once',
    title: 'a second order of the operator has no effect',
    breaks: ['T-REV-06'],
    change: () => {
      let count = 0;
      return told((input) => {
        if (input.type === 'command-given') count += 1;
        return input.type !== 'command-given' || count === 1;
      })();
    },
  },
  {
    name: 'reads-no-lists',
    title: 'revocation lists of others are fetched and not looked at',
    breaks: ['T-CERT-07', 'T-REV-15'],
    change: told((input) => !isList(input)),
  },
  {
    name: 'is-shown-no-lists',
    title: 'a norc_crl that another server shows has no effect and no answer',
    breaks: ['T-CRL-02'],
    change: nth('norc_crl', () => false),
  },
];
