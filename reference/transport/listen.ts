/** Starts a listener. */
import type { AddressInfo, Server } from 'node:net';

/** Resolves to the port taken. Rejects with the system's error: port in use, address not ours. */
export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // An accept that fails later (no descriptors left) concerns that connection alone.
      server.on('error', () => {});
      resolve((server.address() as AddressInfo).port);
    });
  });
}
