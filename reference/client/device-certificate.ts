/** The statement of a home server about a device (L-C18): what it covers, and how it is checked. */
import type { DeviceCertificate } from '../../spec/messages/common/device-certificate.ts';
import type { Crypto, PublicKey } from '../crypto/crypto.ts';
import type { DeviceBinding } from './signed-objects.ts';

/** Whether the server says, under its key, that these keys are that device's. */
export function certifies(
  certificate: DeviceCertificate,
  binding: DeviceBinding,
  serverKey: PublicKey,
  crypto: Crypto,
): boolean {
  const { signature, ...unsigned } = certificate;
  return (
    certificate.user_id === binding.userId &&
    certificate.device_id === binding.deviceId &&
    certificate.public_key === binding.publicKey &&
    certificate.kex_public_key === binding.kexPublicKey &&
    crypto.verify(serverKey, unsigned, signature)
  );
}
