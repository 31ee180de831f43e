/**
 * A name server of ours on loopback that answers what it is told and remembers what it was asked.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode } from 'dns-packet';

type Zone = { [question: string]: readonly Answer[] | 'SERVFAIL' };

export async function startNameServer(zone: Zone) {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (bytes, { port, address }) => {
    const { id, questions = [] } = decode(bytes);
    const question = questions.map(({ type, name }) => `${type} ${name}`).join();
    asked.push(question);
    const found = zone[question];
    // Bits of the header: recursion available, and the answer code.
    const flags = 0x0180 | (found === 'SERVFAIL' ? 2 : found ? 0 : 3);
    const answers = Array.isArray(found) ? [...found] : [];
    socket.send(
      encode({ type: 'response', id: id ?? 0, flags, questions, answers }),
      port,
      address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}
