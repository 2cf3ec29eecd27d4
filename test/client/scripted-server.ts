import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type WebSocket, WebSocketServer } from 'ws';

/** A subscription of the client, with functions to answer it. */
export interface ScriptedSocket {
  authorization: string;
  after: string;
  /** Sends an event with this cursor. */
  send(cursor: string): void;
  fail(code: string): void;
  close(code: number, reason?: string): void;
}

export interface ScriptedServer {
  url: string;
  /** Resolves to the next subscription, in order of arrival. */
  subscribed(): Promise<ScriptedSocket>;
  /** While true, new connections get no answer. */
  mute(isMute: boolean): void;
  close(): Promise<void>;
}

/** Speaks `graphql-transport-ws` as scripted, for behaviour that the real server rarely shows. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const arrived: ScriptedSocket[] = [];
  const waiters: ((socket: ScriptedSocket) => void)[] = [];
  let isMute = false;
  const http = createServer(async (request, response) => {
    const { variables } = (await json(request)) as { variables: { after: string | null } };
    const place =
      variables.after === null
        ? { head: 'head' }
        : { events: { reached: variables.after, edges: [] } };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ data: place }));
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => {
    if (isMute) return;
    let authorization = '';
    socket.on('message', (text) => {
      const { type, id, payload } = JSON.parse(String(text));
      const reply = (message: object) => socket.send(JSON.stringify(message));
      if (type === 'connection_init') {
        authorization = payload.Authorization;
        reply({ type: 'connection_ack' });
      } else if (type === 'ping') {
        reply({ type: 'pong' });
      } else if (type === 'subscribe') {
        arrive(script(socket, id, authorization, payload.variables.after));
      }
    });
  });

  function arrive(socket: ScriptedSocket): void {
    const waiter = waiters.shift();
    if (waiter) waiter(socket);
    else arrived.push(socket);
  }

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    subscribed: () =>
      new Promise((resolve) => {
        const first = arrived.shift();
        if (first) resolve(first);
        else waiters.push(resolve);
      }),
    mute(value) {
      isMute = value;
    },
    async close() {
      for (const client of sockets.clients) client.terminate();
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

function script(
  socket: WebSocket,
  id: string,
  authorization: string,
  after: string,
): ScriptedSocket {
  const reply = (message: object) => socket.send(JSON.stringify({ id, ...message }));
  return {
    authorization,
    after,
    send: (cursor) => reply({ type: 'next', payload: { data: { events: { cursor } } } }),
    fail: (code) => reply({ type: 'error', payload: [{ message: code, extensions: { code } }] }),
    close: (code, reason) => socket.close(code, reason),
  };
}
