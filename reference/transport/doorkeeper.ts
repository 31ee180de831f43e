/** Counts the sockets of a listener, in all and by address, and turns away what is too much. */
import type { Socket } from 'node:net';

export interface Doorkeeper {
  /** False: destroyed. */
  admit(socket: Socket): boolean;
  /** Ends whatever is still open. */
  destroyAll(): void;
}

export interface Admission {
  readonly total: number;
  readonly perAddress: number;
}

export function createDoorkeeper({ total, perAddress }: Admission): Doorkeeper {
  const sockets = new Set<Socket>();
  const addresses = new Map<string, number>();
  return {
    admit(socket) {
      const address = socket.remoteAddress ?? '';
      const count = (addresses.get(address) ?? 0) + 1;
      if (sockets.size >= total || count > perAddress) {
        socket.destroy();
        return false;
      }
      sockets.add(socket);
      addresses.set(address, count);
      socket.once('close', () => {
        sockets.delete(socket);
        const rest = (addresses.get(address) ?? 1) - 1;
        if (rest > 0) addresses.set(address, rest);
        else addresses.delete(address);
      });
      return true;
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
