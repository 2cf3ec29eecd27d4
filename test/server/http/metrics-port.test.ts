import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freshDatabase } from '../../utils/database.ts';
import { startTestServer } from '../../utils/server.ts';
import { get } from '../request.ts';

test('with a port of its own, /metrics is there and nowhere else', async () => {
  const server = await startTestServer({ metricsPort: 0 });
  const url = `http://127.0.0.1:${server.metricsPort}`;
  const metrics = await get(`${url}/metrics`);
  expect(metrics.status).toBe(200);
  expect(metrics.text).toContain('eventline_database_up 1');
  expect((await get(`${server.url}/metrics`)).status).toBe(404);
  for (const path of ['/', '/graphql', '/health/live', '/webhooks/events']) {
    expect((await get(`${url}${path}`)).status).toBe(404);
  }
  await server.close();
  await expect(get(`${url}/metrics`)).rejects.toThrow('ECONNREFUSED');
});

test('without metrics there is no such port', async () => {
  const server = await startTestServer({ metrics: false, metricsPort: 0 });
  onTestFinished(server.close);
  expect(server.metricsPort).toBeUndefined();
  expect((await get(`${server.url}/metrics`)).status).toBe(404);
});

test('connections to this port are bounded, and keep no scrape out', async () => {
  const server = await startTestServer({ metricsPort: 0 });
  onTestFinished(server.close);
  const url = `http://127.0.0.1:${server.metricsPort}`;
  const sockets = [];
  const closed = [];
  for (let index = 0; index < 120; index += 1) {
    const socket = connect(Number(server.metricsPort), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    closed.push(new Promise((resolve) => socket.once('close', resolve)));
    await once(socket, 'connect');
    sockets.push(socket);
  }
  await Promise.all(closed.slice(0, 20));
  expect((await get(`${url}/metrics`)).status).toBe(200);
  await closed[20];
  expect(sockets.filter(({ closed }) => !closed)).toHaveLength(99);
});

test.each(['port', 'metricsPort'] as const)(
  'nothing stays open when the %s is in use',
  async (name) => {
    const other = createServer();
    onTestFinished(() => void other.close());
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const database = await freshDatabase();
    onTestFinished(() => database.drop());
    // A free port, known beforehand to see that nothing listens there afterwards.
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const free = (probe.address() as AddressInfo).port;
    probe.close();
    await once(probe, 'close');
    const ports = name === 'port' ? { port, metricsPort: free } : { port: free, metricsPort: port };
    await expect(startTestServer({ mongodbUri: database.uri, ...ports })).rejects.toThrow(
      'EADDRINUSE',
    );
    await expect(get(`http://127.0.0.1:${free}/`)).rejects.toThrow('ECONNREFUSED');
  },
);
