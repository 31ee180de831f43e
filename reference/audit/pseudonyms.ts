/**
 * X-AUD-03: no user id reaches the log in clear, wherever in an event it stands: as a value, as the
 * name of a member, or inside a sentence. One key gives one user one pseudonym, so entries about
 * the same user still belong together for whoever holds the key.
 */
import { type Json, serverId } from '../../spec/schema.ts';
import type { Crypto, JsonObject } from '../crypto/crypto.ts';

export interface Pseudonyms {
  ofText(text: string): string;
  ofObject(value: JsonObject): JsonObject;
}

// Wider than the grammar of L-T33, because a log may quote an id that the grammar refused.
const USER_ID = /[\p{L}\p{N}._+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu;
const SERVER_ID = new RegExp(serverId().json.pattern ?? '');

export function createPseudonyms(crypto: Crypto, key: Uint8Array): Pseudonyms {
  const ofText = (text: string): string =>
    text.replace(USER_ID, (id) => crypto.pseudonym(key, id.toLowerCase()));
  const ofValue = (value: Json): Json => {
    if (typeof value === 'string') return ofText(value);
    if (Array.isArray(value)) return value.map(ofValue);
    return typeof value === 'object' && value !== null ? ofObject(value) : value;
  };
  const ofObject = (value: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(value).map(([name, member]) => [ofText(name), ofValue(member)]),
    );
  return { ofText, ofObject };
}

export const isServerId = (text: string): boolean => SERVER_ID.test(text);
