/** One WebSocket of a device: frames in, messages out, both within bounds. */
import { WebSocket } from 'ws';
import type { NorcMessage } from '../../spec/messages.ts';
import type { Json } from '../../spec/schema.ts';
import type { ConnectionId, Input } from '../core.ts';
import { canonicalText } from '../wire/canonical.ts';
import { bounds } from './bounds.ts';

const GOING_AWAY = 1001;
/** RFC 6455 5.5: what a close frame holds beside the code. */
const REASON_BYTES = 123;

export class DeviceConnection {
  readonly #socket: WebSocket;
  #isClosing = false;

  constructor(
    connection: ConnectionId,
    socket: WebSocket,
    deliver: (input: Input) => void,
    gone: () => void,
  ) {
    this.#socket = socket;
    socket.on('message', (bytes: Buffer, isBinary) => {
      // After our close nothing that was under way is heard any more.
      if (this.#isClosing) return;
      const kind = isBinary ? 'binary' : 'text';
      deliver({ type: 'frame-received', connection, frame: { kind, bytes } });
    });
    socket.on('ping', (payload) => {
      if (!this.#isClosing && this.#isListening()) socket.pong(payload);
    });
    // The library closes the connection itself: 1009 for a large frame, 1002 for a broken one.
    socket.on('error', () => {});
    socket.on('close', () => {
      gone();
      deliver({ type: 'connection-closed', connection });
    });
  }

  send(message: NorcMessage): void {
    if (this.#isClosing || this.#socket.readyState !== WebSocket.OPEN) return;
    // A declared message is JSON; the type says so member by member.
    this.#socket.send(canonicalText(message as Json), () => this.#resume());
    if (this.#isListening()) return;
    // It asks faster than it listens: hear no more until it has caught up.
    this.#socket.pause();
    if (this.#socket.bufferedAmount > bounds.unsentBytes) this.#socket.terminate();
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (this.#socket.isPaused) this.#socket.resume(); // or the peer's close would never be read
    this.#socket.close(code, cut(reason));
  }

  /** Resolves when the connection is gone. */
  leave(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
    this.close(GOING_AWAY, 'server stops');
    return gone;
  }

  #resume(): void {
    if (this.#socket.isPaused && this.#isListening()) this.#socket.resume();
  }

  #isListening(): boolean {
    return this.#socket.bufferedAmount <= bounds.pausedAboveBytes;
  }
}

/** Whole characters only. */
function cut(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > REASON_BYTES) text = text.slice(0, -1);
  return text;
}
