import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { deliver } from '../../src/cli/deliver.ts';

/** Posts a delivery to a server that gives these answers in turn, and returns the bodies that it saw. */
async function deliverTo(statuses: readonly number[]) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.statusCode = statuses[bodies.length - 1] ?? 500;
    response.end('{"status":"stored"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { sign: () => ({}), insist: false, signal: new AbortController().signal };
  const { httpStatus, retries } = await deliver(url, '{}', options);
  return { httpStatus, retries, bodies };
}

test.each([408, 503])('a delivery that is answered %i is posted again', async (status) => {
  expect(await deliverTo([status, 200])).toEqual({
    ...{ httpStatus: 200, retries: 1, bodies: ['{}', '{}'] },
  });
});

test.each([400, 401, 422, 500])('a delivery that is answered %i is not', async (status) => {
  expect(await deliverTo([status])).toEqual({ httpStatus: status, retries: 0, bodies: ['{}'] });
});
