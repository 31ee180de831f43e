/** Attack scripts on the life of a certificate: stolen, stale, and revoked beside its renewal. */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { type Case, defineCase } from '../../case.ts';
import { checkDelivered, neighbours, relayFor, sendRelay } from '../federation/steps/neighbours.ts';
import { renewalOf, renewed } from './renewals.ts';
import { set } from './steps/changes.ts';
import { checkRefused, freshLink } from './steps/outcomes.ts';
import { ofOwnCertificate, revoke } from './steps/revoking.ts';

const { trust: code, federation } = errorCode;

const stolen = defineCase({
  id: 'trust/attacks/S-12-a-certificate-of-another-server-is-not-renewed',
  title: 'S-12: a server that renews the certificate of another gets 5811, and the other keeps it',
  verifies: ['T-REN-01'],
  async run(stage) {
    const people = await neighbours(stage);
    const mallory = await stage.peer();
    const { link: _, ...own } = await mallory.establish();
    const { certificate_id } = people.established.certificate;
    const run = mallory.renewal(await freshLink(mallory), own, {
      renewal: set({ existing_certificate_id: certificate_id }),
    });
    const what = 'a renewal of the certificate of another server';
    checkRefused(stage, 'T-REN-01', await run.renew(), { codes: [code.certificate], what });
    await checkDelivered(stage, 'T-REN-01', people);
  },
});

const stale = defineCase({
  id: 'trust/attacks/S-20-a-superseded-certificate-is-not-renewed-again',
  title: 'S-20: after its renewal the old certificate cannot be renewed once more: 5811',
  verifies: ['T-REN-01'],
  readings: ['L-R10'],
  async run(stage) {
    const people = await neighbours(stage);
    await renewed(people);
    const again = await renewalOf(people);
    const what = 'a second renewal of the old certificate';
    checkRefused(stage, 'T-REN-01', await again.renew(), { codes: [code.certificate], what });
    await checkDelivered(stage, 'T-REN-01', people);
  },
});

const raced = defineCase({
  id: 'trust/attacks/S-24-a-renewal-does-not-outlive-a-revocation-in-between',
  title: 'S-24: what was revoked between decision and acknowledgment is not renewed',
  verifies: ['T-REN-02'],
  readings: ['L-R10'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    const run = await renewalOf(people);
    await run.renew();
    await revoke(bravo, ofOwnCertificate(established));
    checkRefused(stage, 'T-REN-02', await run.acknowledge(), {
      codes: [federation.trustRevoked, federation.notTrusted, code.renewalDenied, code.certificate],
      what: 'the acknowledgment of a renewal of what was revoked meanwhile',
    });
    const answer = await sendRelay(await freshLink(bravo), relayFor(people));
    checkRefused(stage, 'T-REN-02', answer, {
      codes: [federation.trustRevoked, federation.notTrusted],
      what: 'a relay after it',
    });
  },
});

export const cases: readonly Case[] = [stolen, stale, raced];
