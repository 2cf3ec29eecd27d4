import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { deliveryOf, startTestServer, type TestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { sendCutShort, webhookHead } from '../webhook/send-raw.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Returns the head and the body of a delivery, with headers of its own. */
function delivery(headers: Record<string, string | number> = {}): [head: string, body: string] {
  const body = deliveryOf('message_sent');
  const signed = {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'X-Signature': sign(body, WEBHOOK_SECRET),
  };
  return [webhookHead({ ...signed, ...headers }), body];
}

const statuses = (answers: string) => answers.match(/HTTP\/1.1 \d+/g);
const outcomes = (answers: string) => answers.match(/"status":"\w+"/g);

describe('a client that closes its side after the request is answered', () => {
  test('in the same packet', async () => {
    const [head, body] = delivery();
    const answers = await sendCutShort(server.url, head + body);
    expect([statuses(answers), outcomes(answers)]).toEqual([
      ['HTTP/1.1 200'],
      ['"status":"stored"'],
    ]);
  });

  test('head and body apart', async () => {
    expect(statuses(await sendCutShort(server.url, ...delivery()))).toEqual(['HTTP/1.1 200']);
  });

  test('in chunks', async () => {
    const [, body] = delivery();
    const head = webhookHead({
      'Transfer-Encoding': 'chunked',
      'X-Signature': sign(body, WEBHOOK_SECRET),
    });
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(statuses(await sendCutShort(server.url, head, chunk))).toEqual(['HTTP/1.1 200']);
  });

  test('after a 100-continue', async () => {
    const [head, body] = delivery({ Expect: '100-continue' });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let answers = '';
    socket.on('data', (chunk) => {
      answers += chunk;
    });
    socket.write(head);
    await once(socket, 'data');
    socket.end(body);
    await once(socket, 'close');
    expect(statuses(answers)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 200']);
  });

  test('after several requests on one connection', async () => {
    const parts = Array.from({ length: 5 }, () => delivery()).flat();
    const answers = await sendCutShort(server.url, parts.join(''));
    expect(statuses(answers)).toEqual(Array(5).fill('HTTP/1.1 200'));
    expect(outcomes(answers)).toEqual(Array(5).fill('"status":"stored"'));
  });

  test('after a request that offers HTTP/2, as the Java client does', async () => {
    const [head, body] = delivery({
      Connection: 'Upgrade, HTTP2-Settings',
      Upgrade: 'h2c',
      'HTTP2-Settings': 'AAEAAEAAAAIAAAAB',
    });
    expect(statuses(await sendCutShort(server.url, head + body))).toEqual(['HTTP/1.1 200']);
  });

  test('after a request by HTTP/1.0', async () => {
    const [head, body] = delivery();
    const sent = head.replace('HTTP/1.1', 'HTTP/1.0');
    expect(statuses(await sendCutShort(server.url, sent + body))).toEqual(['HTTP/1.1 200']);
  });

  test('while the answer to an earlier request is read', async () => {
    const [first, second] = [delivery(), delivery()];
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let answers = '';
    socket.on('data', (chunk) => {
      answers += chunk;
    });
    socket.write(first.join(''));
    await waitUntil(() => outcomes(answers)?.length === 1);
    socket.end(second.join(''));
    await once(socket, 'close');
    expect(statuses(answers)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  });

  test('with a refusal, if it is one', async () => {
    const [head, body] = delivery({ 'X-Signature': 'sha256=AA==' });
    expect(statuses(await sendCutShort(server.url, head + body))).toEqual(['HTTP/1.1 401']);
    const lost = head.replace('/webhooks/events', '/nothing');
    expect(statuses(await sendCutShort(server.url, lost + body))).toEqual(['HTTP/1.1 404']);
  });

  test.each([
    ['before the body', ([head]: [string, string]) => head],
    ['in the body', (sent: [string, string]) => sent.join('').slice(0, -1)],
  ])('with what is wrong, if it ended %s', async (_, cut) => {
    const answers = await sendCutShort(server.url, cut(delivery()));
    expect(statuses(answers)).toEqual(['HTTP/1.1 400']);
    expect(answers).toMatch(/content-type: application\/problem\+json/i);
    expect(answers).toContain('"type":"urn:eventline:problem:body-cut-short"');
  });

  test('in a chunk, or before the last one', async () => {
    const [, body] = delivery();
    const head = webhookHead({
      'Transfer-Encoding': 'chunked',
      'X-Signature': sign(body, WEBHOOK_SECRET),
    });
    const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
    for (const sent of [chunk.slice(0, -9), chunk]) {
      const answers = await sendCutShort(server.url, head + sent);
      expect(answers).toContain('"type":"urn:eventline:problem:body-cut-short"');
    }
  });

  test('with 400, if it ended in the head', async () => {
    const [head] = delivery();
    const answers = await sendCutShort(server.url, head.slice(0, -10));
    expect(statuses(answers)).toEqual(['HTTP/1.1 400']);
    expect(answers).toContain('The connection ended before the request was complete.');
  });

  test('once, if it ended in a body for GraphQL', async () => {
    const toGraphql = (authorization: string) =>
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${authorization}` +
      'Content-Length: 99\r\n\r\n{"query":';
    const bearer = `Authorization: Bearer ${await server.token()}\r\n`;
    const answers = await sendCutShort(server.url, toGraphql(bearer));
    expect(statuses(answers)).toEqual(['HTTP/1.1 400']);
    expect(answers).toContain('The connection ended before the request was complete.');
    // Answered before the end of its body.
    expect(statuses(await sendCutShort(server.url, toGraphql('')))).toEqual(['HTTP/1.1 401']);
  });

  test.each([
    ['cut short in the head', 'POST /webhooks'],
    ['no request', 'rubbish\r\n\r\n'],
  ])('before what follows on the connection, if that is %s', async (_, rest) => {
    const answers = await sendCutShort(server.url, delivery().join('') + rest);
    expect([statuses(answers), outcomes(answers)]).toEqual([
      ['HTTP/1.1 200'],
      ['"status":"stored"'],
    ]);
  });
});

test('connections that are closed without a request, or after the answer, do not stay open', async () => {
  expect(await sendCutShort(server.url)).toBe('');
  const [head, body] = delivery({ Connection: 'keep-alive' });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(head + body);
  await once(socket, 'data');
  socket.end();
  await once(socket, 'close');
  await waitUntil(() => server.open().connections === 0);
});

test('a reader that closes its side has left: its event stream ends at once', async () => {
  const token = await server.token();
  const query = JSON.stringify({ query: 'subscription { events { cursor } }' });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n` +
      `Content-Type: application/json\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Length: ${query.length}\r\n\r\n${query}`,
  );
  await waitUntil(() => server.open().subscriptions === 1);
  socket.resume();
  socket.end();
  await once(socket, 'close');
  await waitUntil(() => server.open().subscriptions === 0);
});
