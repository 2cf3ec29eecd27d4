import { connect, type Socket } from 'node:net';

/** One for all: bytes are looked through before the next read. */
const shared = Buffer.alloc(256 * 1024);

export interface OpenSocket {
  socket: Socket;
  /** Gets what comes; the bytes are gone afterwards. */
  onBytes: (bytes: Buffer) => void;
  /** Gets why the connection ended, unless we ended it. */
  onEnd: (reason: Error) => void;
  close(): void;
}

/** Connects without a stream's machinery (`onread`), which would cost more than the reading. */
export function openSocket(port: number): Promise<OpenSocket> {
  return new Promise((resolve, reject) => {
    const opened: OpenSocket = {
      socket: connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: {
          buffer: shared,
          callback(length: number) {
            opened.onBytes(shared.subarray(0, length));
            return true;
          },
        },
      }),
      onBytes: () => undefined,
      onEnd: () => undefined,
      close() {
        opened.onEnd = () => undefined;
        opened.socket.destroy();
      },
    };
    const { socket } = opened;
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(opened);
    });
    socket.once('error', reject);
    socket.on('error', () => undefined);
    socket.once('close', () => opened.onEnd(new Error('the server ended a connection')));
  });
}
