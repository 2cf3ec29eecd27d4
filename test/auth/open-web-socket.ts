import { WebSocket } from 'ws';

/** The server's answer to `connection_init`. */
export type Opened = { acknowledged: true } | { code: number; reason: string };

/**
 * Opens a `graphql-transport-ws` connection with this payload of `connection_init`, and closes it
 * after the answer.
 */
export function openWebSocket(url: string, payload?: unknown, search = ''): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const endpoint = `${url.replace('http', 'ws')}/graphql${search}`;
    const socket = new WebSocket(endpoint, 'graphql-transport-ws');
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
    socket.on('message', (message) => {
      if (JSON.parse(String(message)).type !== 'connection_ack') return;
      resolve({ acknowledged: true });
      socket.close();
    });
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    socket.on('error', reject);
  });
}
