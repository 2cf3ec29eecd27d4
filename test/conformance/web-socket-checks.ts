import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import { type Check, expectEqual, expectMatch, type Target } from './check.ts';

const PROTOCOL = 'graphql-transport-ws';
const QUERY = '{ __typename }';

const check = (name: string, run: Check['run']): Check => ({ name: `WebSocket: ${name}`, run });

function connect({ url }: Target, protocols: string[] = [PROTOCOL], options: ClientOptions = {}) {
  return new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, protocols, options);
}

/** Returns the HTTP status of a refused handshake. */
async function refusalOf(socket: WebSocket): Promise<number | undefined> {
  const answered = once(socket, 'unexpected-response');
  const [, response] = (await answered) as [unknown, IncomingMessage];
  // Ending a socket that was never opened is an error.
  socket.on('error', () => undefined);
  socket.terminate();
  return response.statusCode;
}

/** Sends messages in turn, each after the answer to the last; returns the answers and the close. */
async function talk(socket: WebSocket, messages: (object | string)[], answers = messages.length) {
  const received: { type: string; id?: string; payload?: unknown }[] = [];
  const closed = once(socket, 'close');
  await once(socket, 'open');
  const send = () => {
    const message = messages.shift();
    if (message) socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  };
  socket.on('message', (text) => {
    received.push(JSON.parse(String(text)));
    if (received.length === answers) socket.close(1000);
    else send();
  });
  send();
  const [code, reason] = await closed;
  return { received, types: received.map(({ type }) => type), code, reason: String(reason) };
}

const bearer = ({ token }: Target) => `Bearer ${token}`;
const init = (target: Target) => ({
  type: 'connection_init',
  payload: { Authorization: bearer(target) },
});
const subscribe = (payload: object, id = 'a') => ({ type: 'subscribe', id, payload });

const openings: Check[] = [
  ...[[PROTOCOL], ['graphql-ws', PROTOCOL]].map((offer) =>
    check(`the offer ${offer} is taken as ${PROTOCOL}`, async (target) => {
      const socket = connect(target, offer);
      await once(socket, 'open');
      expectEqual(socket.protocol, PROTOCOL);
      socket.close();
    }),
  ),
  ...['graphql-ws', 'mqtt'].map((offer) =>
    check(`the offer ${offer} is HTTP 400`, async (target) => {
      const socket = connect(target, [offer]);
      expectEqual(await refusalOf(socket), 400);
    }),
  ),
  check('no offer is closed with 4406 and the name of the subprotocol', async (target) => {
    const [code, reason] = await once(connect(target, []), 'close');
    expectEqual(code, 4406);
    expectMatch(reason, new RegExp(PROTOCOL));
  }),
  check('the origin of another page is HTTP 403', async (target) => {
    const socket = connect(target, [PROTOCOL], { origin: 'https://foreign.example' });
    expectEqual(await refusalOf(socket), 403);
  }),
];

const payloads: [name: string, payload: (target: Target) => unknown][] = [
  ['Authorization', (target) => ({ Authorization: bearer(target) })],
  ['authorization', (target) => ({ authorization: bearer(target) })],
  ['headers.Authorization', (target) => ({ headers: { Authorization: bearer(target) } })],
];
const tokens: Check[] = [
  ...payloads.map(([name, payload]) =>
    check(`a token in the payload's ${name} is acknowledged`, async (target) => {
      const message = { type: 'connection_init', payload: payload(target) };
      expectEqual((await talk(connect(target), [message])).types, ['connection_ack']);
    }),
  ),
  check("a token in the upgrade's Authorization is acknowledged", async (target) => {
    const socket = connect(target, [PROTOCOL], { headers: { Authorization: bearer(target) } });
    expectEqual((await talk(socket, [{ type: 'connection_init' }])).types, ['connection_ack']);
  }),
  ...[undefined, {}, { Authorization: '' }, { Authorization: 'Bearer none' }].map((payload) =>
    check(`the payload ${JSON.stringify(payload)} is closed with 4403 and why`, async (target) => {
      const message = { type: 'connection_init', payload };
      const { code, reason } = await talk(connect(target), [message]);
      expectEqual(code, 4403);
      expectMatch(reason, /^UNAUTHENTICATED: /);
    }),
  ),
];

/** Messages after which the server closes the connection. */
const faults: [name: string, code: number, messages: (target: Target) => (object | string)[]][] = [
  ['subscribe before connection_init', 4401, () => [subscribe({ query: QUERY })]],
  ['a second connection_init', 4429, (target) => [init(target), init(target)]],
  ['text that is not JSON', 4400, (target) => [init(target), '{']],
  ['a message of an unknown type', 4400, (target) => [init(target), { type: 'start' }]],
  ['subscribe without an id', 4400, (target) => [init(target), { type: 'subscribe', payload: {} }]],
  ['subscribe without a query', 4400, (target) => [init(target), subscribe({})]],
];
const closings: Check[] = faults.map(([name, code, messages]) =>
  check(`${name} is closed with ${code}`, async (target) => {
    expectEqual((await talk(connect(target), messages(target), 99)).code, code);
  }),
);

const conversations: Check[] = [
  check('ping is answered with pong and its payload', async (target) => {
    const ping = { type: 'ping', payload: { at: 1 } };
    const { received } = await talk(connect(target), [init(target), ping]);
    expectEqual(received[1], { type: 'pong', payload: { at: 1 } });
  }),
  ...[{ query: QUERY }, { query: QUERY, id: 'x' }, { query: QUERY, operationName: '' }].map(
    (payload) =>
      check(`${JSON.stringify(payload)} is a next and a complete`, async (target) => {
        const { received } = await talk(connect(target), [init(target), subscribe(payload)], 3);
        expectEqual(received.slice(1), [
          { id: 'a', type: 'next', payload: { data: { __typename: 'Query' } } },
          { id: 'a', type: 'complete' },
        ]);
      }),
  ),
  ...['{', '{ colour }'].map((query) =>
    check(`${query} is an error, and the connection stays`, async (target) => {
      const messages = [init(target), subscribe({ query }), subscribe({ query: QUERY }, 'b')];
      const { types } = await talk(connect(target), messages, 4);
      expectEqual(types, ['connection_ack', 'error', 'next', 'complete']);
    }),
  ),
];

const refused: Check = check(
  'a cursor of no log is a next with CURSOR_INVALID, and a complete',
  async (target) => {
    const query = 'subscription { events(after: "no cursor") { id } }';
    const { types, received } = await talk(
      connect(target),
      [init(target), subscribe({ query })],
      3,
    );
    expectEqual(types, ['connection_ack', 'next', 'complete']);
    expectMatch(JSON.stringify(received[1]), /"code":"CURSOR_INVALID"/);
  },
);

/** What a client may rely on over WebSocket. */
export const webSocketChecks: readonly Check[] = [
  ...[...openings, ...tokens, ...closings, ...conversations, refused],
];
