import { connect, type Socket } from 'node:net';

/** Shared by all sockets: bytes are parsed before the next read. */
const shared = Buffer.alloc(256 * 1024);

export interface OpenSocket {
  socket: Socket;
  /** Receives bytes; the buffer is reused afterwards. */
  onBytes: (bytes: Buffer) => void;
  /** Called with the reason when the other side closes the connection. */
  onEnd: (reason: Error) => void;
  close(): void;
}

/** Connects with `onread`: a stream would cost more than the parsing. */
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
    socket.once('close', () => opened.onEnd(new Error('the server closed a connection')));
  });
}
