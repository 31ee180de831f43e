import { defineMessage, type MessageOf } from '../../message.ts';
import { integer, list, oneOf, record, seconds, serverId, text, uuid } from '../../schema.ts';
import { relayProtocols } from './enumerations.ts';

/**
 * F18. Where the media of a call may be relayed. The published `encryption_key` would hand a media
 * key to servers, so its mere presence is refused (L-F16).
 */
export const mediaRelayInfo = defineMessage({
  type: 'media_relay_info',
  row: 'F18',
  layer: 'federation',
  code: 0x84,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active'],
  shape: 'F-CALL-01',
  source: ['F 10.1'],
  readings: ['L-F09', 'L-F16', 'L-W02'],
  summary: 'Names the relay endpoints of a call.',
  fields: {
    call_id: uuid(),
    relay_server: serverId(),
    relay_endpoints: list(
      record({
        fields: {
          protocol: oneOf(relayProtocols),
          address: text(253),
          port: integer(1, 65535),
        },
      }),
      { min: 1, max: 32 },
    ),
    relay_expires_at: seconds(),
  },
  withdrawn: { encryption_key: 'F-CALL-03' },
});
export type MediaRelayInfo = MessageOf<typeof mediaRelayInfo>;
