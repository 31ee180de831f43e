/** A decision and its certificate say the same (T-DEC-05, L-T12). */
import { levelNames, levels, permissionNames } from '../../../../spec/emitted/registries.ts';
import { acceptable, type Draft, invalid, valid } from '../../category.ts';
import { seededUuid } from '../../primitives/bytes.ts';
import type { JsonObject } from '../../primitives/canonical-json.ts';
import { NOW, YEAR } from '../../primitives/certificate.ts';
import { grounds, made } from './scene.ts';

function decisionFor(record: JsonObject): { readonly [name: string]: JsonObject } {
  const list = record.permissions as readonly string[];
  return {
    federation_permissions: {
      ...Object.fromEntries(permissionNames.map((name) => [name, list.includes(name)])),
      max_message_size: levels.verified.maxMessageBytes,
      rate_limits: { messages_per_second: 500, bandwidth_mbps: 50 },
    },
    trust_metadata: {
      established_at: NOW,
      expires_at: NOW + YEAR,
      renewable: true,
      revocable: true,
      trust_score: 96,
      validation_evidence: [],
    },
  };
}

export function matches(): Draft[] {
  const record = made();
  const { federation_permissions: map = {}, trust_metadata: told = {} } = decisionFor(record);
  const input = {
    function: 'match-decision',
    certificate: record,
    granted_trust_level: 'verified',
    federation_permissions: map,
    trust_metadata: told,
  };
  const differ = (name: string, change: JsonObject): Draft =>
    invalid(grounds.match, name, { ...input, ...change });
  return [
    valid(grounds.match, 'decision-is-that-of-the-certificate', input),
    ...permissionNames.map((name) =>
      differ(`decision-differs-in-${name.replaceAll('_', '-')}`, {
        federation_permissions: { ...map, [name]: !map[name] },
      }),
    ),
    ...[0, 1, 16_777_215, 16_777_217].map((size) =>
      differ(`decision-has-size-${size}`, {
        federation_permissions: { ...map, max_message_size: size },
      }),
    ),
    ...Object.entries({
      'more-messages': { messages_per_second: 501, bandwidth_mbps: 50 },
      'more-bandwidth': { messages_per_second: 500, bandwidth_mbps: 51 },
      'rates-swapped': { messages_per_second: 50, bandwidth_mbps: 500 },
    }).map(([what, rate_limits]) =>
      differ(`decision-has-${what}`, {
        federation_permissions: { ...map, rate_limits },
      }),
    ),
    ...levelNames
      .filter((level) => level !== 'verified')
      .map((level) => differ(`decision-grants-${level}`, { granted_trust_level: level })),
    differ('decision-is-renewable-otherwise', { trust_metadata: { ...told, renewable: false } }),
    differ('decision-is-revocable-otherwise', { trust_metadata: { ...told, revocable: false } }),
    differ('decision-ends-later', { trust_metadata: { ...told, expires_at: NOW + YEAR + 1 } }),
    differ('decision-ends-sooner', { trust_metadata: { ...told, expires_at: NOW + YEAR - 1 } }),
    differ('decision-begins-later', { trust_metadata: { ...told, established_at: NOW + 1 } }),
    differ('certificate-has-less', { certificate: made({ permissions: ['message_relay'] }) }),
    differ('certificate-is-of-another-level', { certificate: made({}, 'basic') }),
    // The extension is ours: where it is missing, the level decides (L-V12).
    acceptable({ ...grounds.match, readings: ['L-T12', 'L-V12'] }, 'certificate-without-limits', {
      ...input,
      certificate: made({ extensions: [] }),
    }),
    differ('another-certificate', {
      certificate: made({ certificate_id: seededUuid('other'), not_after: NOW + 60 }),
    }),
  ];
}
