/**
 * C9, C-REG-08, L-C18: the end of registration. The server key is pinned; at first contact it must
 * verify what the handshake left unverified, and the certificate must be ours and signed by it.
 */
import type { RegistrationSuccess } from '../../../spec/messages/client/registration-success.ts';
import { certifies } from '../device-certificate.ts';
import type { DeviceContext } from './device.ts';
import { enterFurther, ownBinding } from './entering.ts';
import { giveUp, isConfirmedBy } from './handshake.ts';
import type { DeviceState } from './state.ts';

export function registrationSucceeded(
  device: DeviceState,
  success: RegistrationSuccess,
  context: DeviceContext,
): void {
  if (!context.must('C-REG-01', device.link?.asked === 'registration')) {
    return giveUp(device, 'C-REG-01', 'no registration was asked for', context);
  }
  const { server_public_key: key, device_certificate: certificate } = success;
  const pinned = device.serverKey ?? key;
  if (!context.must('C-REG-08', key === pinned)) {
    return giveUp(device, 'C-REG-08', 'the server key has changed', context);
  }
  const { unverified } = device.link ?? {};
  if (unverified && !context.must('X-TRN-07', isConfirmedBy(key, unverified, context))) {
    return giveUp(device, 'X-TRN-07', 'the handshake was not signed with this key', context);
  }
  if (!context.must('X-SIG-02', certifies(certificate, ownBinding(device), key, context.crypto))) {
    return giveUp(device, 'X-SIG-02', 'the device certificate is not ours', context);
  }
  device.serverKey = key;
  device.certificate = certificate;
  device.registration = null;
  if (device.link) device.link.unverified = null;
  const value = { server_key: key, certificate };
  context.emit({ type: 'persist', table: 'device', key: 'self', value });
  context.emit({ type: 'registered', deviceId: device.config.deviceId });
  enterFurther(device, context);
}
