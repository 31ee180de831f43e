/** The names of a simulated world. */
import { expect, test } from 'vitest';
import { createZone, FEDERATION_PORT } from '../../../sim/network/zone.ts';
import { fixed } from '../../../spec/limits.ts';

const txt = (server: string, name: string) =>
  ({ server, name, record: 'TXT', vantage: 0 }) as const;

test('a server that is announced is found under its service name', () => {
  const zone = createZone();
  zone.announce('bravo.test');
  const name = `${fixed.srvPrefix}bravo.test`;
  expect(zone.ask({ server: 'acme.test', name, record: 'SRV', vantage: 0 })).toMatchObject({
    found: 'srv',
    services: [{ host: 'bravo.test', port: FEDERATION_PORT }],
  });
  expect(zone.ask({ server: 'acme.test', name: 'bravo.test', record: 'SRV', vantage: 0 })).toEqual({
    found: 'nothing',
  });
});

test('a text is there for everybody, beside others of the name, until it is withdrawn', () => {
  const zone = createZone();
  zone.addTxt('n', 'one');
  zone.addTxt('n', 'two');
  expect(zone.ask(txt('acme.test', 'n'))).toEqual({ found: 'txt', values: ['one', 'two'] });
  zone.withdrawTxt('n', 'one');
  expect(zone.ask(txt('bravo.test', 'n'))).toEqual({ found: 'txt', values: ['two'] });
  zone.withdrawTxt('n', 'two');
  expect(zone.ask(txt('bravo.test', 'n'))).toEqual({ found: 'nothing' });
});

test('who reaches no resolver is told so, and others are not; each fault ends by itself', () => {
  const zone = createZone();
  zone.addTxt('n', 'one');
  zone.setFailing('first', new Set(['acme.test']));
  zone.setFailing('second', new Set(['acme.test']));
  expect(zone.ask(txt('acme.test', 'n'))).toEqual({ found: 'failure' });
  expect(zone.ask(txt('bravo.test', 'n'))).toMatchObject({ found: 'txt' });
  zone.setFailing('first', null);
  expect(zone.ask(txt('acme.test', 'n'))).toEqual({ found: 'failure' });
  zone.setFailing('second', null);
  expect(zone.ask(txt('acme.test', 'n'))).toMatchObject({ found: 'txt' });
});

test('what is published into one poisoned resolver is not seen at the others', () => {
  const zone = createZone();
  zone.addTxt('_n.rogue.test', 'one');
  zone.addTxt('_n.bravo.test', 'two');
  const seen = (name: string) =>
    [0, 1, 2].map(
      (vantage) => zone.ask({ server: 'acme.test', name, record: 'TXT', vantage }).found,
    );
  zone.setPoison('a', new Set(['rogue.test']));
  expect(seen('_n.rogue.test')).toEqual(['txt', 'nothing', 'nothing']);
  expect(seen('_n.bravo.test')).toEqual(['txt', 'txt', 'txt']);
  zone.setPoison('a', null);
  expect(seen('_n.rogue.test')).toEqual(['txt', 'txt', 'txt']);
});

test('what was answered does not change afterwards', () => {
  const zone = createZone();
  zone.addTxt('n', 'one');
  const answer = zone.ask(txt('acme.test', 'n'));
  zone.addTxt('n', 'two');
  expect(answer).toEqual({ found: 'txt', values: ['one'] });
});
