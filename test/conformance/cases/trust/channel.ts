/** Trust certificates travel on links of mutual TLS alone (T-CERT-16; T 1.4, L-T32). */
import { type Case, defineCase } from '../../case.ts';
import { certificateIn } from './steps/certificates.ts';
import { isTaken, type Step } from './steps/outcomes.ts';

const steps: readonly Step[] = ['capabilities', 'request', 'respond'];

const withoutCertificate = defineCase({
  id: 'trust/channel/no-certificate-leaves-without-mutual-tls',
  title: 'On a link whose dialling side shows no certificate no trust certificate is handed over',
  verifies: ['T-CERT-16'],
  behaviour: ['T-CERT-16'],
  readings: ['L-T32'],
  async run(stage) {
    const bravo = await stage.peer();
    await bravo.establish();
    const link = await bravo.dial({ withoutCertificate: true });
    if (link.refused) return stage.check('T-CERT-16', true, { expected: null, got: link.reason });
    await link.requestRaw({ ...link.composeHandshake() });
    const run = bravo.trustRun(link);
    for (const step of steps) if (!isTaken(step, await run[step]())) break;
    const got = run.decision ? certificateIn(run.decision) : null;
    stage.check('T-CERT-16', got === null, {
      what: 'the certificate that an honest run brings on a link without mutual TLS',
      expected: 'none',
      got,
    });
  },
});

export const cases: readonly Case[] = [withoutCertificate];
