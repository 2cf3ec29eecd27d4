import { WebSocket } from 'ws';

/** A reader that takes nothing any more, until it looks up again. */
export interface StalledSocket {
  /** Reads on, and resolves with how its connection ended: at once, or later by itself. */
  wake(): Promise<string>;
  close(): void;
}

/** Subscribes by hand, and resolves when it has stopped reading, right after its first event. */
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
