/** Which devices a relay may reach (F-RELAY-10): those of the users it is for, and no others. */
import { type Draft, type Grounds, valid } from '../../category.ts';
import { seededUuid } from '../../primitives/bytes.ts';
import { bob } from '../../primitives/trust-run.ts';
import { grounds } from './scene.ts';

type Device = {
  readonly device_id: string;
  readonly user_id: string;
  readonly revoked: boolean;
};

const BOB = `bob@${bob.name}`;
const CAROL = `carol@${bob.name}`;
const device = (name: string, user_id: string, revoked = false): Device => ({
  device_id: seededUuid(name),
  user_id,
  revoked,
});

const phone = device('bob phone', BOB);
const tablet = device('bob tablet', BOB);
const lost = device('bob lost phone', BOB, true);
const laptop = device('carol laptop', CAROL);
const unknown = device('device of nobody', BOB);
const devices = [phone, tablet, lost, laptop];

const INVALID_RECIPIENT = 2001;
const KEY_REVOKED = 3003;

function reaches(
  about: Grounds,
  name: string,
  target_users: readonly string[],
  addressed: readonly Device[],
): Draft {
  const payloads = addressed.map(({ device_id }) => device_id);
  const faults = addressed.flatMap(({ device_id, user_id, revoked }): [string, number][] => {
    const isTheirs = device_id !== unknown.device_id && target_users.includes(user_id);
    if (!isTheirs) return [[device_id, INVALID_RECIPIENT]];
    return revoked ? [[device_id, KEY_REVOKED]] : [];
  });
  const refused = Object.fromEntries(faults);
  const delivered = payloads.filter((id) => !Object.hasOwn(refused, id)).toSorted();
  const input = { function: 'reach', target_users, devices, payload_devices: payloads };
  return valid(about, `reaches-${name}`, input, { delivered, refused });
}

export const deviceDrafts = (): Draft[] => [
  reaches(grounds.devices, 'one-device', [BOB], [phone]),
  reaches(grounds.devices, 'both-devices', [BOB], [phone, tablet]),
  reaches(grounds.devices, 'two-users', [BOB, CAROL], [phone, laptop]),
  reaches(grounds.devices, 'not-the-device-of-another-user', [BOB], [laptop]),
  reaches(grounds.devices, 'no-foreign-device-beside-an-own', [BOB], [phone, laptop]),
  reaches(grounds.devices, 'no-foreign-device-before-an-own', [BOB], [laptop, tablet]),
  reaches(grounds.devices, 'not-a-device-of-nobody', [BOB], [unknown]),
  reaches(grounds.devices, 'not-a-device-of-nobody-beside-an-own', [BOB], [unknown, phone]),
  reaches(grounds.devices, 'nobody-whom-it-is-not-for', [CAROL], [phone, tablet, laptop]),
  reaches(grounds.revoked, 'no-revoked-device', [BOB], [lost]),
  reaches(grounds.revoked, 'no-revoked-device-beside-an-own', [BOB], [lost, phone]),
  reaches(grounds.devices, 'a-foreign-device-is-not-said-to-be-revoked', [CAROL], [lost, laptop]),
];
