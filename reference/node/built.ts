/** What of the registries the reference runs; whoever configures a server offers no more. */
import type { Capability } from '../../spec/emitted/registries.ts';

/** L-H10: 0002 is in the registry and not built. */
export const SUITES = ['0101', '0001'];

/** X-AMC-11: what is not built is not declared. */
const built: { readonly [layer in 'client' | 'federation']: readonly Capability[] } = {
  client: ['messaging', 'e2ee', 'federation', 'pq_kem.mlkem768.fips'],
  federation: ['federation', 'message_relay', 'pq_kem.mlkem768.fips'],
};

export function capabilitiesOf(layer: 'client' | 'federation'): string[] {
  return [...built[layer]];
}
