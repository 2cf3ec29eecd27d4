import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { inspectMetricsPort } from '../../../src/cli/commands/doctor/inspect-port.ts';
import { inspectSecrets } from '../../../src/cli/commands/doctor/inspect-secrets.ts';
import { inspectSignIn } from '../../../src/cli/commands/doctor/inspect-sign-in.ts';
import { inspectTokens } from '../../../src/cli/commands/doctor/inspect-tokens.ts';
import { type Config, readConfig } from '../../../src/config/config.ts';
import type { Finding } from '../../../src/config/finding.ts';
import { indexes } from '../../../src/storage/indexes.ts';
import { inspectDatabase } from '../../../src/storage/inspect-database.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import type { ProjectionStateDocument } from '../../../src/storage/projection-documents.ts';
import { freshDatabase } from '../../utils/database.ts';
import { runEventline } from '../../utils/eventline.ts';
import { startTestServer } from '../../utils/server.ts';
import { CLIENT_ID, CLIENT_SECRET, startProvider } from '../../utils/start-provider.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

const JWT_SECRET = 'kV3v9Zq1xwT7mB5nR8yL2pC6dF4hJ0sG';
const WEBHOOK_SECRETS = 'pX8zQ2vN6mL1kR4t';
const levels = (findings: readonly Finding[]) =>
  findings.map(({ check, level }) => [check, level] as const);

async function doctor(env: Record<string, string>) {
  const given = { NODE_ENV: 'production', PORT: '0', WEBHOOK_SECRETS, AUTH_JWT_SECRET: JWT_SECRET };
  const cwd = await temporaryDirectory();
  const result = await runEventline(['doctor', '--json'], { cwd, env: { ...given, ...env } });
  const findings: Finding[] = result.stdout === '' ? [] : JSON.parse(result.stdout);
  return { ...result, of: (name: string) => findings.find(({ check }) => check === name) };
}

test('a good setup has no failed check, before the first start and beside a server', async () => {
  const { uri: MONGODB_URI } = await freshDatabase();
  const before = await doctor({ MONGODB_URI });
  expect(before.code).toBe(0);
  for (const check of [
    'configuration',
    'webhook secret 1 of 1',
    'token secret',
    'tokens',
    'port',
  ]) {
    expect(before.of(check)).toMatchObject({ level: 'ok' });
  }
  for (const check of ['database', 'clock', 'write concern', 'change streams', 'format']) {
    expect(before.of(check)).not.toMatchObject({ level: 'fail' });
  }
  expect(before.of('format')?.says).toBe('no log yet; the first start creates it');
  // A set with one member is lost with its disk.
  expect(before.of('replica set')).toMatchObject({ level: 'warn' });
  expect(before.of('indexes')).toMatchObject({
    level: 'ok',
    says: 'none yet; the first start creates them',
  });

  const server = await startTestServer({ mongodbUri: MONGODB_URI, metricsPort: 0 });
  const { url, metricsPort } = server;
  const beside = await doctor({
    ...{ MONGODB_URI, PORT: new URL(url).port, METRICS_PORT: `${metricsPort}` },
  });
  expect(beside.of('metrics port')?.says).toMatch(/^an Eventline server on .* serves its metrics$/);
  expect([beside.code, beside.of('indexes')?.says]).toEqual([0, `all ${indexes.length}`]);
  expect(beside.of('lists')).toMatchObject({ level: 'ok', says: '0 events behind the log' });
  expect(beside.of('port')?.says).toMatch(/^an Eventline server on 127\.0\.0\.1:\d+ is ready$/);
  await server.close();
});

test('each failed check says what to do, and sets the exit code', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const found = await doctor({
    MONGODB_URI: 'mongodb://user:hidden@127.0.0.1:1/x',
    PORT: `${port}`,
  });
  expect(found.code).toBe(1);
  expect(found.of('port')).toMatchObject({
    level: 'fail',
    says: `another program listens on 127.0.0.1:${port}`,
  });
  expect(found.of('database')).toMatchObject({
    level: 'fail',
    todo: expect.stringContaining('Check MONGODB_URI'),
  });
  expect(found.stderr).toContain('eventline: failed: port, database');
  expect(found.stdout + found.stderr).not.toMatch(/hidden@|pX8zQ2vN|kV3v9Zq1/);
});

test('a port of the metrics that another program has is a failed check', async () => {
  const other = createHttpServer((_, response) => response.end('of another program'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const config = readConfig({ METRICS_PORT: `${port}` });
  expect(await inspectMetricsPort(config)).toEqual([
    {
      ...{ check: 'metrics port', level: 'fail' },
      says: `another program listens on 127.0.0.1:${port}`,
      todo: expect.stringContaining('METRICS_PORT'),
    },
  ]);
  expect(await inspectMetricsPort({ ...config, metrics: false })).toEqual([]);
});

test.each([
  ['mongodb://anna:hidden/1@db/x', 'Password contains unescaped characters'],
  ['mongodb://anna:hidden%1@db/x', 'URI malformed'],
  ['mongodb://anna:hidden1@db/x?fooBar=1', 'option foobar is not supported'],
])('a URI that cannot be parsed is a failed check: %s', async (MONGODB_URI, says) => {
  const found = await doctor({ MONGODB_URI });
  const todo = expect.stringContaining('MONGODB_URI cannot be read');
  expect(found.of('database')).toMatchObject({ level: 'fail', says, todo });
  expect([found.code, found.of('port')?.level]).toEqual([1, 'ok']);
  expect(found.stdout + found.stderr).not.toMatch(/hidden.1|something unexpected/);
});

test('an invalid configuration ends it at once, with every fault', async () => {
  const { code, stderr } = await doctor({ PORT: 'x', MAX_PAGE_SIZE: '0' });
  expect(code).toBe(2);
  for (const name of ['PORT', 'MAX_PAGE_SIZE', 'MONGODB_URI'])
    expect(stderr).toContain(`${name}: `);
});

test.each([
  [{ PERSISTED_OPERATIONS: '/not/there.json' }, 'PERSISTED_OPERATIONS: /not/there.json: cannot be'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_TRACES_SAMPLER: 'y' }, 'OTEL_TRACES_SAMPLER: '],
])('an unreadable file that the server would need ends it at once: %o', async (env, fault) => {
  const { code, stderr } = await doctor({ MONGODB_URI: 'mongodb://127.0.0.1:1/x', ...env });
  expect([code, stderr]).toEqual([2, expect.stringContaining(fault)]);
});

test('a log of a newer version, or one closed for a restore, is a failed check', async () => {
  const { uri } = await freshDatabase();
  const { collections, close } = await openStorage(uri);
  await collections.bounds.updateOne(
    { _id: 'bounds' },
    { $set: { isClosed: true } },
    { upsert: true },
  );
  const formatOf = async () => (await inspectDatabase(uri)).find(({ check }) => check === 'format');
  expect(await formatOf()).toMatchObject({
    level: 'fail',
    todo: expect.stringContaining('eventline restored'),
  });
  await collections.meta.updateOne({ _id: 'log' }, { $set: { formatVersion: 99 } });
  expect(await formatOf()).toMatchObject({ level: 'fail', says: expect.stringMatching(/^99; /) });
  await close();
});

test('a damaged checkpoint of the lists is a failed check', async () => {
  const { uri } = await freshDatabase();
  const { collections, close } = await openStorage(uri);
  const damaged = { _id: 'views', foldedUpTo: Number.NaN } as ProjectionStateDocument;
  await collections.views.insertOne(damaged);
  await close();
  const failed = (await inspectDatabase(uri)).filter(({ level }) => level === 'fail');
  expect(failed.map(({ check }) => check)).toEqual(['log', 'lists']);
  for (const { says } of failed) expect(says).toContain('foldedUpTo: expected a position');
});

test.each([
  ['short', 'warn', 'has only 11 characters'],
  ['aaaaaaaaaaaaaaaaaaaabbbb', 'warn', 'has few different characters'],
  ['the-secret-of-the-sender', 'warn', 'looks like an example, not like a random one'],
  ['q8W2rT9zL4mN6vBx', 'ok', '16 characters'],
])('a webhook secret such as %s: %s', (secret, level, says) => {
  const webhookSecrets = [secret === 'short' ? 'elevenchars' : secret];
  const config: Config = {
    ...readConfig({}),
    webhookSecrets,
    tokenKeys: { secrets: [JWT_SECRET] },
  };
  const [found] = inspectSecrets(config);
  expect(found).toMatchObject({ level, says });
});

test('secrets that are listed twice, or used for two purposes, are reported', () => {
  const config: Config = {
    ...readConfig({}),
    webhookSecrets: [JWT_SECRET, JWT_SECRET],
    tokenKeys: { secrets: [JWT_SECRET] },
  };
  expect(levels(inspectSecrets(config))).toEqual([
    ['webhook secret 1 of 2', 'ok'],
    ['webhook secret 2 of 2', 'warn'],
    ['token secret', 'ok'],
    ['token secret', 'fail'],
  ]);
  expect(levels(inspectSecrets(readConfig({})))).toEqual([
    ['webhook secrets', 'warn'],
    ['token secret', 'warn'],
  ]);
});

test('the published keys of tokens are fetched', async () => {
  let answer = '{"keys":[]}';
  const publisher = createHttpServer((_, response) => response.end(answer)).listen(0, '127.0.0.1');
  await new Promise((resolve) => publisher.once('listening', resolve));
  const { port } = publisher.address() as AddressInfo;
  const tokenKeys = { jwksUrl: new URL(`http://127.0.0.1:${port}/keys`) };
  const look = () => inspectTokens({ ...readConfig({}), tokenKeys, authIssuer: 'x' });
  expect(levels(await look())).toEqual([
    ['token keys', 'fail'],
    ['token issuer', 'warn'],
  ]);
  answer = '{"keys":[{"kty":"EC"}]}';
  // Keys fetched over http can be changed by an attacker on the network.
  expect((await look())[0]).toMatchObject({ level: 'warn', says: '1 published, over http' });
  await new Promise((resolve) => publisher.close(resolve));
  expect((await look())[0]).toMatchObject({ level: 'fail' });
});

test('the provider where people sign in is looked for', async () => {
  const provider = await startProvider();
  provider.register('http://127.0.0.1:1/sign-in/callback');
  const config = readConfig({
    OIDC_ISSUER: provider.issuer.origin,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
  });
  expect(levels(await inspectSignIn(config))).toEqual([['sign-in', 'ok']]);
  const withoutPages = { ...config, livePage: false, graphiql: false };
  expect(levels(await inspectSignIn(withoutPages))).toEqual([
    ['sign-in', 'ok'],
    ['sign-in', 'warn'],
  ]);
  provider.isDown = true;
  expect(levels(await inspectSignIn(config))).toEqual([['sign-in', 'fail']]);
  provider.isSilent = true;
  expect(await inspectSignIn(config)).toMatchObject([
    { level: 'fail', says: "the provider's configuration cannot be used: UND_ERR_SOCKET" },
  ]);
  expect(await inspectSignIn(readConfig({}))).toEqual([]);
});
