/**
 * Is anybody there? A subject whose client port does not answer a TLS handshake, or answers with
 * something else, breaks no single requirement: it cannot be judged, and no case shall wait for it.
 */
import { connect, type TLSSocket } from 'node:tls';
import { SubjectUnreachable } from '../ground.ts';

const CONTACT_MS = 5000;

/** Alerts are TLS as well: whom it refuses it has understood. */
const isAlert = (code: string): boolean => /^ERR_SSL_.*ALERT/.test(code);
/** What came in place of TLS. */
const isNonsense = (code: string): boolean => code.startsWith('ERR_SSL_');

/** Throws `SubjectUnreachable`, with the last words of the subject. */
export async function assertAnswers(url: URL, output: () => string): Promise<void> {
  const why = await silenceOf(url);
  if (why !== null) throw new SubjectUnreachable(`${url.href} ${why}`, output());
}

/** Null when it speaks TLS. */
function silenceOf(url: URL): Promise<string | null> {
  const port = Number(url.port || 443);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    // Its certificate is judged by cases, and by every other connection.
    const socket = connect({ host, port, rejectUnauthorized: false });
    const end = (why: string | null): void => {
      socket.destroy();
      resolve(why);
    };
    const seconds = CONTACT_MS / 1000;
    const patience = setTimeout(
      () => end(`shakes no hands in TLS within ${seconds} s`),
      CONTACT_MS,
    );
    socket.once('close', () => clearTimeout(patience));
    socket.once('secureConnect', () => end(null));
    listenForRefusal(socket, end);
  });
}

function listenForRefusal(socket: TLSSocket, end: (why: string | null) => void): void {
  socket.once('error', (error: NodeJS.ErrnoException) => {
    const code = error.code ?? '';
    if (isAlert(code)) return end(null);
    return end(
      isNonsense(code) ? `does not speak TLS: ${error.message}` : `is closed: ${error.message}`,
    );
  });
}
