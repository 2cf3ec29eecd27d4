import { WebSocket } from 'ws';

/** A reader that does not read until it is woken. */
export interface StalledSocket {
  /** Reads again, and resolves to how its connection ended. */
  wake(): Promise<string>;
  close(): void;
}

/**
 * Subscribes on a raw socket; resolves when it has stopped reading, right after its first event.
 */
export function openStalledSocket(
  url: string,
  { document, token }: { document: string; token: string },
): Promise<StalledSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const send = (message: object) => socket.send(JSON.stringify(message));
  const ended = new Promise<string>((resolve) => {
    socket.on('close', (code, reason) =>
      resolve(`${code}${reason.length > 0 ? ` ${reason}` : ''}`),
    );
  });
  socket.on('open', () => {
    send({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } });
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data));
      if (type === 'connection_ack')
        send({ id: '1', type: 'subscribe', payload: { query: document } });
      if (type !== 'next' || socket.isPaused) return;
      socket.pause();
      resolve({
        wake() {
          socket.removeAllListeners('message');
          socket.resume();
          return ended;
        },
        close: () => socket.terminate(),
      });
    });
  });
}
