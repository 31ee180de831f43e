/** What the schemas of scenario files are made of. */
import { versionNames } from '../../spec/emitted/versions.ts';
import { messages } from '../../spec/messages.ts';
import { patterns } from './units.ts';

export type Schema = { readonly [member: string]: unknown };

export const object = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

export const duration = { type: 'string', pattern: patterns.duration };
/** Of what may go back. */
export const signedDuration = { type: 'string', pattern: patterns.signedDuration };
export const rate = { type: 'string', pattern: patterns.rate };
export const bandwidth = { type: 'string', pattern: patterns.bandwidth };
export const share = { type: 'string', pattern: patterns.share };
export const drift = { type: 'string', pattern: patterns.drift };
export const selector = {
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', items: { type: 'string' } },
  ],
};
export const pair = { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 };
export const group = { type: 'array', items: selector, minItems: 2, maxItems: 2 };
/** Only these; else all. */
export const messageType = { enum: Object.keys(messages) };
const version = { enum: [...versionNames] };
export const versions = { type: 'array', items: version, minItems: 1, uniqueItems: true };
