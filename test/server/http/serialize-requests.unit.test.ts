import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { serializeRequests } from '../../../src/server/http/serialize-requests.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that serialises the requests of a connection; closed after the test. */
async function listen(handle: Handle, maxWaiting = 10_000): Promise<number> {
  const refuse: Handle = (_, response) => {
    response.writeHead(503, { Connection: 'close' }).end();
  };
  const server = createServer(serializeRequests(handle, refuse, maxWaiting));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Returns what arrives until there are `count` answers or the connection ends. */
function answersOf(socket: Socket, count = Number.POSITIVE_INFINITY): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    let answers = 0;
    socket.on('data', (chunk) => {
      const part = chunk.toString('latin1');
      text += part;
      answers += part.split('HTTP/1.1 ').length - 1;
      if (answers >= count && text.endsWith(END)) resolve(text);
    });
    socket.once('close', () => resolve(text));
  });
}

/** Terminates each body, so that the last answer is known to be complete. */
const END = ';';
const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const pipeline = (count: number) =>
  Array.from({ length: count }, (_, index) => get(`/${index}`)).join('');

test('pipelined requests run one at a time, and other connections in between', async () => {
  const order: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const port = await listen(async ({ url = '' }, response) => {
    order.push(url);
    if (url === '/0') other.write(get('/other'));
    atOnce += url === '/other' ? 0 : 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    await nextTurn();
    atOnce -= url === '/other' ? 0 : 1;
    response.end(`${url};`);
  });
  const other = await open(port);
  const many = await open(port);
  many.write(pipeline(200));
  const text = await answersOf(many, 200);
  expect(text.match(/\/\d+;/g)).toEqual(Array.from({ length: 200 }, (_, i) => `/${i};`));
  expect(mostAtOnce).toBe(1);
  expect(order.indexOf('/other')).toBeLessThan(100);
});

test('a connection that pipelines more than one network read is answered completely', async () => {
  const port = await listen(({ url }, response) => response.end(`${url};`));
  const socket = await open(port);
  socket.write(pipeline(5_000));
  expect((await answersOf(socket, 5_000)).endsWith('/4999;')).toBe(true);
});

test('bodies reach the handlers complete, also if split between reads', async () => {
  const port = await listen(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.end(`${request.url}=${text.length};`);
  });
  const socket = await open(port);
  const last = post('/last', 'x'.repeat(300_000));
  socket.write(get('/first') + post('/second', 'abc') + last.slice(0, 1_000));
  await nextTurn();
  socket.write(last.slice(1_000));
  expect((await answersOf(socket, 3)).match(/\/\w+=\d+/g)).toEqual([
    '/first=0',
    '/second=3',
    '/last=300000',
  ]);
});

test('queued requests are bounded over all connections, and one above is refused', async () => {
  const held = holdResponses();
  const port = await listen(held.handle, 3);
  const socket = await open(port);
  const text = answersOf(socket);
  socket.write(pipeline(10));
  for (let answered = 0; answered < 4; answered += 1) (await held.next()).end();
  expect((await text).match(/HTTP\/1\.1 \d+/g)).toEqual([
    ...Array(4).fill('HTTP/1.1 200'),
    'HTTP/1.1 503',
  ]);
});

test('a connection that ends frees the places of its queued requests', async () => {
  const held = holdResponses();
  const port = await listen(held.handle, 3);
  const gone = await open(port);
  gone.write(pipeline(4));
  const first = await held.next();
  const ended = new Promise((resolve) => first.req.socket.once('close', resolve));
  gone.resetAndDestroy();
  first.end();
  await ended;
  const next = await open(port);
  const text = answersOf(next, 4);
  next.write(pipeline(4));
  for (let answered = 0; answered < 4; answered += 1) (await held.next()).end(END);
  expect((await text).match(/ 200 /g)).toHaveLength(4);
});

/** A handler that does not answer, and its responses in order. */
function holdResponses() {
  const arrived: ServerResponse[] = [];
  let notify = () => {};
  return {
    handle(_: IncomingMessage, response: ServerResponse) {
      arrived.push(response);
      notify();
    },
    async next(): Promise<ServerResponse> {
      for (;;) {
        const response = arrived.shift();
        if (response) return response;
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
      }
    },
  };
}
