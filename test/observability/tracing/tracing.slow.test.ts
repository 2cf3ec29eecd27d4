import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { readTracingOptions } from '../../../src/observability/tracing/tracing-options.ts';
import { sign } from '../../../src/webhook/sign.ts';
import { freshDatabase } from '../../utils/database.ts';
import { lineOf, startEventline } from '../../utils/eventline.ts';
import { postAsSender } from '../../utils/post-as-sender.ts';
import { deliveryOf, JWT_SECRET, WEBHOOK_SECRET } from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';
import { attribute, startCollector } from './collector.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const MAIN_PARTS = join(import.meta.dirname, '../../../dist/cli/commands/serve.js');

/** Starts a server in its own process, since the exporter reads the environment itself. */
async function serve(variables: Record<string, string>) {
  const { uri } = await freshDatabase();
  const env = {
    ...{
      MONGODB_URI: uri,
      WEBHOOK_SECRETS: WEBHOOK_SECRET,
      AUTH_JWT_SECRET: JWT_SECRET,
      PORT: '0',
    },
    ...{ OTEL_BSP_SCHEDULE_DELAY: '20', ...variables },
  };
  const process = startEventline(['serve'], { cwd: await temporaryDirectory(), env });
  const said = await lineOf(process.child, 'stdout', /GraphQL +http/);
  process.child.stdout.resume();
  const url = /http:\/\/[\d.:]+/.exec(said)?.[0] ?? '';
  return {
    async post(body: string, headers: Record<string, string> = {}, path = '/webhooks/events') {
      const { status } = await postAsSender(() =>
        fetch(`${url}${path}?key=secret`, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            'X-Signature': sign(body, WEBHOOK_SECRET),
            ...headers,
          },
          body,
        }),
      );
      return status;
    },
    async stop() {
      process.child.kill('SIGTERM');
      return (await process.finished).code;
    },
  };
}

test('a trace follows a delivery from its POST through the insert to publication', async () => {
  const collector = await startCollector();
  const { spans } = collector;
  const server = await serve({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_SERVICE_NAME: 'events of a test',
  });
  const headers = { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` };
  expect(await server.post(deliveryOf('message_sent'), headers)).toBe(200);
  await collector.until(() => spans.length >= 3);
  const [post, insert, publish] = ['POST /webhooks/events', 'insert events', 'publish'].map(
    (name) => spans.find((span) => span.name === name),
  );
  if (!post || !insert || !publish) throw new Error('a span is missing');
  expect(post).toMatchObject({ traceId: TRACE_ID, parentSpanId: SPAN_ID, kind: 2 });
  expect(attribute(post, 'url.path')).toBe('/webhooks/events');
  expect(attribute(post, 'eventline.answer')).toBe('stored');
  expect(attribute(post, 'eventline.event.type')).toBe('message_sent');
  expect(attribute(post, 'eventline.position')).toBe('1');
  expect(attribute(post, 'http.response.status_code')).toBe('200');
  for (const span of [insert, publish]) {
    expect(span).toMatchObject({ traceId: TRACE_ID, parentSpanId: post.spanId });
  }
  expect(attribute(insert, 'eventline.outcome')).toBe('all');
  expect(BigInt(insert.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(insert.startTimeUnixNano));
  expect([...collector.services]).toEqual(['events of a test']);

  // Several deliveries in one insert: it is a child of the first one's trace, and linked to the
  // others.
  const many = Array.from({ length: 40 }, () => server.post(deliveryOf('message_read')));
  expect(new Set(await Promise.all(many))).toEqual(new Set([200]));
  expect(await server.post('not JSON')).toBe(400);
  expect(await server.post(deliveryOf('app_opened'), {}, '/users/32402404G')).toBe(404);
  // Pending spans are sent at the stop.
  expect(await server.stop()).toBe(0);
  const named = (name: string) => spans.filter((span) => span.name === name);
  expect(named('publish')).toHaveLength(41);
  const answered = named('POST /webhooks/events').filter(
    (span) => attribute(span, 'eventline.answer') !== 'unavailable',
  );
  expect(answered).toHaveLength(43);
  const inserted = named('insert events').flatMap(({ traceId, links = [] }) => [
    traceId,
    ...links.map((link) => link.traceId),
  ]);
  const posted = named('POST /webhooks/events')
    .filter((span) => attribute(span, 'eventline.answer') === 'stored')
    .map(({ traceId }) => traceId);
  expect(inserted.sort()).toEqual(posted.sort());
  expect(named('insert events').some(({ links = [] }) => links.length > 0)).toBe(true);
  // Spans hold no content and no names.
  expect(Buffer.concat(collector.bodies.map(({ bytes }) => bytes)).toString()).not.toMatch(
    /32402404G|speciality|ba55ab42/,
  );
  await collector.close();
});

test('it uses protobuf by default, and samples as configured', async () => {
  const collector = await startCollector();
  const server = await serve({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
  });
  await server.post(deliveryOf('app_opened'));
  // The caller has decided to sample this trace.
  await server.post(deliveryOf('message_sent'), { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` });
  expect(await server.stop()).toBe(0);
  expect(new Set(collector.bodies.map(({ contentType }) => contentType))).toEqual(
    new Set(['application/x-protobuf']),
  );
  const sent = Buffer.concat(collector.bodies.map(({ bytes }) => bytes));
  expect(sent.includes(Buffer.from(TRACE_ID, 'hex'))).toBe(true);
  expect(sent.includes('message_sent')).toBe(true);
  expect(sent.includes('app_opened')).toBe(false);
  await collector.close();
});

test('an unreachable collector delays neither storage nor shutdown', async () => {
  const server = await serve({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
  });
  expect(await server.post(deliveryOf('message_sent'))).toBe(200);
  expect(await server.stop()).toBe(0);
});

test('it is off by default, and then loads no module', async () => {
  expect(readTracingOptions({})).toBeUndefined();
  expect(readTracingOptions({ OTEL_SERVICE_NAME: 'x' })).toBeUndefined();
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
  expect(readTracingOptions({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
  expect(readTracingOptions({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
  expect(readTracingOptions(endpoint)).toEqual({
    protocol: 'http/protobuf',
    sampler: { name: 'parentbased_always_on', ratio: 1 },
    batch: {},
  });
  const script = `await import(${JSON.stringify(MAIN_PARTS)});
    const { createRequire } = await import('node:module');
    console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ]);
  const loaded: string[] = JSON.parse(stdout);
  expect(loaded.some((file) => file.includes('mongoose'))).toBe(true);
  expect(
    loaded.filter((file) => /@opentelemetry.(sdk|exporter|otlp|resources)/.test(file)),
  ).toEqual([]);
});

test.each([
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER: otlp and none are taken'],
  [{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'port 4318'],
  [{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER: 'jaeger_remote' }, 'traceidratio'],
  [{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER_ARG: '2' }, 'expected 0 to 1'],
  [{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_BSP_MAX_QUEUE_SIZE: '-1' }, 'expected a whole number'],
])('%o is refused at the start', (env, message) => {
  expect(() => readTracingOptions(env)).toThrow(message);
});

test('an unreachable collector does not keep the process alive after a stop', async () => {
  // The exporter retries after the pause that the collector requests: an hour.
  let asked = 0;
  const away = createServer((request, response) => {
    asked += 1;
    request.resume();
    response.writeHead(503, { 'Retry-After': '3600' }).end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void away.close());
  await once(away, 'listening');
  const server = await serve({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(away.address() as AddressInfo).port}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: '7200000',
    OTEL_BSP_SCHEDULE_DELAY: '7200000',
  });
  expect(await server.post(deliveryOf('message_sent'))).toBe(200);
  expect(await server.stop()).toBe(0);
  expect(asked).toBe(1);
});
