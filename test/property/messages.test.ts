/**
 * The declarations, their generators and their faults agree: what is generated is valid, each fault
 * is refused, and a fault that 1.0 tolerates is refused from 1.1 on only (L-V12).
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { parse } from 'yaml';
import type { SealedBlob } from '../../reference/crypto/crypto.ts';
import { base64urlFault } from '../../reference/wire/base64url.ts';
import { arbitraryDeclared, arbitraryMessage, arbitraryOf } from '../../spec/arbitrary.ts';
import { blame, optionMeant } from '../../spec/blame.ts';
import { exampleOf } from '../../spec/example.ts';
import { faultsOf } from '../../spec/faults.ts';
import type { Declaration } from '../../spec/message.ts';
import { aadV1, binaryFrame, widthBytes } from '../../spec/messages/common/byte-layouts.ts';
import type { E2ePayload } from '../../spec/messages/common/e2e-payload.ts';
import {
  declarations,
  type MessageFor,
  type MessageType,
  messageFor,
  messages,
  type NorcMessage,
  records,
} from '../../spec/messages.ts';
import {
  anyOf,
  blake3Hash,
  classification,
  errorCategory,
  type Json,
  type JsonSchema,
  literal,
  record,
  tolerant,
  uuid,
} from '../../spec/schema.ts';

const annotations = ['x-kind', 'x-unit', 'x-bytes', 'x-added', 'x-requirement'];

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
ajv.addVocabulary(annotations);

interface Subject {
  readonly type: string;
  readonly declaration: Declaration;
  readonly strict: ValidateFunction;
  readonly loose: ValidateFunction;
}

const subjects: Subject[] = [...declarations, ...records].map((declaration) => ({
  type: declaration.type,
  declaration,
  strict: ajv.compile(declaration.json),
  loose: ajv.compile(tolerant(declaration.json)),
}));

const runs = { numRuns: 12 };

describe.each(subjects)('$type', ({ declaration, strict, loose }) => {
  test('has valid values in every version', () => {
    fc.assert(
      fc.property(arbitraryDeclared(declaration), (message) => {
        expect(strict(message), ajv.errorsText(strict.errors)).toBe(true);
      }),
      runs,
    );
    fc.assert(
      fc.property(arbitraryDeclared(declaration, { version: '1.0' }), (message) => {
        expect(loose(message), ajv.errorsText(loose.errors)).toBe(true);
      }),
      runs,
    );
  });

  test('has values that survive a wire of JSON', () => {
    fc.assert(
      fc.property(arbitraryDeclared(declaration), (message) => {
        expect(JSON.parse(JSON.stringify(message))).toEqual(message);
      }),
      runs,
    );
  });

  test('refuses each of its faults from the version on that makes it one', () => {
    const faults = faultsOf(declaration);
    const [message = {}] = fc.sample(arbitraryDeclared(declaration), { seed: 1, numRuns: 1 });
    for (const { path, fault, since, apply } of faults) {
      const faulty = apply(message);
      const name = `${path.join('.')}: ${fault}`;
      expect(strict(faulty), name).toBe(false);
      expect(loose(faulty), name).toBe(since === '1.1');
    }
  });

  test('has faults that leave the message itself alone and have names of their own', () => {
    const faults = faultsOf(declaration);
    const [message = {}] = fc.sample(arbitraryDeclared(declaration), { seed: 2, numRuns: 1 });
    const before = JSON.stringify(message);
    for (const { apply } of faults) apply(message);
    expect(JSON.stringify(message)).toBe(before);
    const names = faults.map(({ path, fault }) => [...path, fault].join('/'));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('has a fault for every member', () => {
    const faulty = new Set(faultsOf(declaration).map(({ path }) => path[0]));
    const members = Object.keys(declaration.json.properties ?? {});
    expect(members.filter((name) => !faulty.has(name) && name !== 'type')).toEqual([]);
  });

  test('has an example', () => {
    const example = exampleOf(declaration.json);
    expect(strict(example), ajv.errorsText(strict.errors)).toBe(true);
  });
});

describe('the registry', () => {
  test('lists every declaration under its type', () => {
    for (const [type, declaration] of Object.entries(messages)) expect(declaration.type).toBe(type);
  });

  test('has every row of the catalogue that is a message', () => {
    const span = (letter: string, last: number, without: readonly number[]) =>
      Array.from({ length: last }, (_, index) => index + 1)
        .filter((row) => !without.includes(row))
        .map((row) => `${letter}${row}`);
    // C1 is an HTTP upgrade, C18 a payload, F1 an ALPN offer and F6 a DNS record.
    const rows = [...span('C', 36, [1, 18]), ...span('F', 21, [1, 6]), ...span('T', 21, [])];
    const declared = new Set([...declarations, ...records].map(({ row }) => row));
    expect(rows.filter((row) => !declared.has(row))).toEqual([]);
  });

  test('lets a device send only in the states of its connection', () => {
    const states = ['connecting', 'authenticating', 'authenticated'];
    const legal = declarations
      .filter(({ layer }) => layer === 'client')
      .flatMap(({ legalIn }) => legalIn);
    expect(legal.filter((state) => !states.includes(state))).toEqual([]);
  });

  test('gives no code twice', () => {
    const codes = declarations.flatMap(({ code }) => (code === null ? [] : [code]));
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('knows every type that may answer', () => {
    const types = new Set(declarations.map(({ type }) => type));
    const answers = declarations.flatMap(({ answeredBy }) => answeredBy);
    expect(answers.filter((answer) => !types.has(answer))).toEqual([]);
  });

  test('names signature members that the messages have', () => {
    for (const { signed, json } of declarations) {
      if (!signed) continue;
      expect(json.properties).toHaveProperty(signed.member);
      expect(json['x-added']?.includes(signed.member) ?? false).toBe(signed.added);
    }
  });

  test('says of each alias that it is no type of its own', () => {
    const types = new Set(declarations.map(({ type }) => type));
    const aliases = declarations.flatMap((declaration) => declaration.aliases);
    expect(aliases.filter((alias) => types.has(alias))).toEqual([]);
  });
});

describe('enumerations', () => {
  const registry = (name: string) =>
    parse(readFileSync(new URL(`../../spec/registries/${name}.yaml`, import.meta.url), 'utf8'));

  test('of classifications are the labels of the registry', () => {
    const { ladders } = registry('classifications') as { ladders: { labels: string[] }[] };
    expect(classification().json.enum).toEqual(ladders.flatMap(({ labels }) => labels));
  });

  test('of error categories are those that the registry gives to ranges of codes', () => {
    const { ranges } = registry('error-codes') as { ranges: { category: string }[] };
    const categories = new Set(ranges.map(({ category }) => category));
    expect([...(errorCategory().json.enum ?? [])].sort()).toEqual([...categories].sort());
  });
});

describe('generated text', () => {
  test('is canonical wherever it is binary', () => {
    fc.assert(
      fc.property(arbitraryMessage(messageFor('message_send')), (message) => {
        for (const blob of Object.values(message.encrypted_content)) {
          for (const text of [blob.nonce, blob.ciphertext, blob.wrapped_key]) {
            expect(base64urlFault(text)).toBeNull();
          }
        }
      }),
    );
  });

  test('is not made for a word that has no generator', () => {
    expect(() => arbitraryOf({ 'x-kind': 'unheard-of' })).toThrow(TypeError);
  });
});

describe('at 1.0', () => {
  test('members that the documents lack are sometimes absent, and never from 1.1 on', () => {
    const declaration = messageFor('message_send');
    const absent = (version: '1.0' | '1.1') =>
      fc
        .sample(arbitraryMessage(declaration, { version }), { seed: 3, numRuns: 50 })
        .filter((message) => message.sequence_number === undefined).length;
    expect(absent('1.0')).toBeGreaterThan(0);
    expect(absent('1.1')).toBe(0);
  });
});

describe('blame', () => {
  const fault = (type: MessageType, path: string, name: string) =>
    faultsOf(messages[type]).find((each) => each.path.join('.') === path && each.fault === name)
      ?.requirement;

  test.each<[MessageType, string, string, string]>([
    ['ping', 'timestamp', 'fraction', 'X-CAN-06'],
    ['ping', 'timestamp', 'below-minimum', 'C-CONN-09'],
    ['connection_request', 'ephemeral_public_key', 'one-byte-short', 'X-CAN-16'],
    ['connection_request', 'ephemeral_public_key', 'padded', 'X-CAN-02'],
    ['connection_request', 'ephemeral_public_key', 'missing', 'X-AMC-17'],
    ['connection_request', 'capabilities', 'duplicate', 'X-CAN-17'],
    ['message_send', 'message_type', 'not-listed', 'C-MSG-15'],
    ['message_send', 'metadata.classification', 'not-listed', 'X-CLS-02'],
    ['message_send', 'encrypted_content.*.wrapped_key', 'one-byte-short', 'C-E2E-04'],
    ['message_send', 'encrypted_content.*.key_algorithm', 'not-listed', 'C-E2E-07'],
    ['message_send', 'encrypted_content.*', 'key-uppercase', 'X-CAN-13'],
    ['call_invite', 'sdp_offer', 'withdrawn-member', 'C-CALL-03'],
    ['file_upload_request', 'filename', 'withdrawn-member', 'X-META-05'],
  ])('of %s %s %s is %s', (type, path, name, requirement) => {
    expect(fault(type, path, name)).toBe(requirement);
  });

  test('of a union falls on the option that was meant', () => {
    const tagged = anyOf(
      record({ fields: { kind: literal('id'), id: uuid() } }),
      record({ fields: { kind: literal('hash'), hash: blake3Hash() } }),
    );
    const { anyOf: options = [] } = tagged.json;
    expect(optionMeant(options, { kind: 'hash', id: 'x' })).toBe(options[1]);
    expect(optionMeant(options, { kind: 'neither' })).toBeNull();
    const { anyOf: ids = [] } = anyOf(literal('user_master'), uuid()).json;
    expect(optionMeant(ids, 'nobody')).toBe(ids[1]);
  });

  test('falls on the structure where a schema names nothing of its own', () => {
    const json: JsonSchema = { type: 'string', maxLength: 1 };
    expect(blame(json, 'ab', 'C-REG-01')).toBe('C-REG-01');
  });
});

describe('byte layouts', () => {
  test('have the widths that the profile gives', () => {
    expect(widthBytes(aadV1)).toBe(95);
    expect(widthBytes(binaryFrame)).toBe(62);
  });
});

test('types follow the declarations', () => {
  expectTypeOf<E2ePayload>().toEqualTypeOf<SealedBlob>();
  expectTypeOf<MessageFor<'ping'>>().toExtend<{ type: 'ping'; timestamp: number }>();
  expectTypeOf<{ type: 'ping'; timestamp: number }>().toExtend<MessageFor<'ping'>>();
  expectTypeOf<NorcMessage>().toExtend<{ [name: string]: Json }>();
  expectTypeOf<NorcMessage['type']>().toEqualTypeOf<MessageType>();
});
