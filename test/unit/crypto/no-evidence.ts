/** For tests without evidence beside their certificates: nothing is known of any. */
import type { X509Evidence } from '../../../reference/crypto/x509-evidence.ts';

export const noEvidence: X509Evidence = {
  ocspRequest: () => undefined,
  readOcsp: () => undefined,
  readCrl: () => undefined,
  embeddedTimestamps: () => [],
  logEntry: () => undefined,
  verifyLog: () => false,
  sha256: () => new Uint8Array(32),
};
