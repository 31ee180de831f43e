import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { anyOf, flag, list, oneOf, record, userId, uuid } from '../../schema.ts';

const devices = () =>
  list(uuid(), { min: 1, max: limits.devicesPerMessage, unique: true, requirement: 'C-KEY-02' });

/**
 * C19. Asks for the devices of users and their keys. The master's form of the filter, a list of
 * devices, means `specific` (L-C08).
 */
export const keyRequest = defineMessage({
  type: 'key_request',
  row: 'C19',
  layer: 'client',
  code: 0x30,
  direction: 'client-to-server',
  legalIn: ['authenticated'],
  answeredBy: ['key_response', 'error'],
  shape: 'C-KEY-01',
  source: ['C 6.1', 'M 3.4'],
  readings: ['L-C08', 'L-X17'],
  summary: 'Asks for the devices of users and their keys.',
  fields: {
    request_id: uuid(),
    user_ids: list(userId(), { min: 1, max: limits.recipientsPerMessage, unique: true }),
    device_filter: anyOf(
      oneOf(['all', 'active'], 'C-KEY-02'),
      record({ fields: { specific: devices() }, requirement: 'C-KEY-02' }),
      devices(),
    ),
    include_revoked: flag(),
  },
});
export type KeyRequest = MessageOf<typeof keyRequest>;
