import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createEventsClient } from '../../src/client/create-events-client.ts';

const MIB = 2 ** 20;

/** Answers queries with a head, and event streams without an end. */
async function startEndless(first: string, rest: string) {
  const sent: number[] = [];
  const server = createServer((request, response) => {
    if (!request.headers.accept?.includes('event-stream')) {
      return void response.end('{"data":{"events":{"reached":"a","edges":[]},"head":"a"}}');
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(first);
    const index = sent.push(0) - 1;
    writeOn(response, rest, (length) => {
      sent[index] = (sent[index] ?? 0) + length;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { sent, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function writeOn(response: ServerResponse, text: string, onWritten: (length: number) => void) {
  const more = () => {
    while (!response.destroyed) {
      onWritten(text.length);
      if (!response.write(text)) return void response.once('drain', more);
    }
  };
  more();
}

test.each([
  ['a line', 'event: next\ndata: ', 'x'.repeat(MIB)],
  ['an event of many lines', 'event: next\n', 'data: xxxxxxxx\n'.repeat(MIB / 16)],
])('over SSE, %s without an end is refused', async (_, first, rest) => {
  const { url, sent } = await startEndless(first, rest);
  const client = createEventsClient({ url, token: 'a', transport: 'sse', backOff: { firstMs: 1 } });
  onTestFinished(client.close);
  await expect(client.subscribe({ after: 'a' }).next()).rejects.toMatchObject({
    code: 'MESSAGE_UNREADABLE',
  });
  // Read twice, since a message may be damaged on its way.
  expect(sent).toHaveLength(2);
  for (const length of sent) expect(length).toBeLessThan(72 * MIB);
});
