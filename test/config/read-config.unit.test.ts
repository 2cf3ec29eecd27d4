import { describe, expect, test } from 'vitest';
import { readConfig, settingNames } from '../../src/config/config.ts';
import { completeLimits } from '../../src/config/limits.ts';
import { faultsOf } from './faults-of.ts';

const defaults = {
  production: false,
  host: '127.0.0.1',
  port: 4000,
  mongodbUri: undefined,
  embeddedMongodb: 'auto',
  dataDir: '.eventline',
  webhookSecrets: undefined,
  webhookMaxBytes: 1_048_576,
  tokenKeys: undefined,
  signIn: undefined,
  authIssuer: undefined,
  authAudience: undefined,
  authUserClaim: 'sub',
  allowedOrigins: [],
  secretFiles: {},
  webhookScheme: 'x-signature',
  retentionMs: undefined,
  graphiql: true,
  livePage: true,
  metrics: true,
  maxLagSeconds: 10,
  stalledReaderSeconds: 60,
  webSocketQueries: true,
  persistedOperations: undefined,
  limits: completeLimits(),
  logLevel: 'info',
};
const SECRET = 'a-secret-of-exactly-32-characters';

test('uses defaults when nothing is set', () => {
  expect(readConfig({})).toEqual(defaults);
  expect(readConfig({ PATH: '/bin', TERM: 'xterm' })).toEqual(defaults);
});

test('treats an empty or blank value as not set', () => {
  const blank = (value: string) => Object.fromEntries(settingNames.map((name) => [name, value]));
  expect(readConfig(blank(''))).toEqual(defaults);
  expect(readConfig(blank('  '))).toEqual(defaults);
});

test('reads every setting', () => {
  const env = {
    HOST: '0.0.0.0',
    PORT: ' 0 ',
    MONGODB_URI: 'mongodb+srv://user:password@cluster.example/events',
    EMBEDDED_MONGODB: 'download',
    DATA_DIR: '/var/lib/eventline',
    WEBHOOK_SECRETS: 'first-secret , second-secret',
    WEBHOOK_SCHEME: 'x-signature',
    WEBHOOK_MAX_BYTES: '2048',
    AUTH_JWKS_URL: 'https://issuer.example/keys',
    AUTH_ISSUER: 'https://issuer.example',
    AUTH_AUDIENCE: 'eventline',
    AUTH_USER_CLAIM: 'user',
    OIDC_ISSUER: 'https://login.example/',
    OIDC_CLIENT_ID: 'the-client',
    OIDC_CLIENT_SECRET: 'c'.repeat(24),
    OIDC_SCOPE_CLAIM: 'roles',
    ALLOWED_ORIGINS: 'https://app.example, http://localhost:3000',
    RETENTION_DAYS: '0.5',
    GRAPHIQL: 'off',
    LIVE_PAGE: 'on',
    METRICS: 'off',
    METRICS_PORT: '9464',
    MAX_LAG_SECONDS: '20',
    STALLED_READER_SECONDS: '15',
    WEBSOCKET_QUERIES: 'off',
    PERSISTED_OPERATIONS: 'operations.json',
    MAX_CONNECTIONS: '5',
    GRAPHQL_MAX_ALIASES: '0',
    LOG_LEVEL: 'debug',
  };
  expect(readConfig(env)).toEqual({
    production: false,
    host: '0.0.0.0',
    port: 0,
    mongodbUri: env.MONGODB_URI,
    embeddedMongodb: 'download',
    dataDir: '/var/lib/eventline',
    webhookSecrets: ['first-secret', 'second-secret'],
    webhookMaxBytes: 2048,
    tokenKeys: { jwksUrl: new URL(env.AUTH_JWKS_URL) },
    authIssuer: env.AUTH_ISSUER,
    authAudience: 'eventline',
    authUserClaim: 'user',
    signIn: {
      issuer: new URL(env.OIDC_ISSUER),
      clientId: 'the-client',
      clientSecret: env.OIDC_CLIENT_SECRET,
      scopeClaim: 'roles',
      userClaim: 'user',
    },
    allowedOrigins: ['https://app.example', 'http://localhost:3000'],
    secretFiles: {},
    webhookScheme: 'x-signature',
    retentionMs: 12 * 60 * 60 * 1_000,
    graphiql: false,
    livePage: true,
    metrics: false,
    metricsPort: 9_464,
    maxLagSeconds: 20,
    stalledReaderSeconds: 15,
    webSocketQueries: false,
    persistedOperations: 'operations.json',
    limits: completeLimits({ maxConnections: 5, maxAliases: 0 }),
    logLevel: 'debug',
  });
});

describe('a single fault', () => {
  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '4000x'],
    ['PORT', '4e3'],
    ['MONGODB_URI', 'http://db.example'],
    ['MONGODB_URI', 'mongodb://'],
    ['EMBEDDED_MONGODB', 'yes'],
    ['WEBHOOK_SECRETS', ','],
    ['WEBHOOK_SECRETS', 'long-enough,short'],
    ['WEBHOOK_SECRETS', 'long-enough,'],
    ['WEBHOOK_MAX_BYTES', '0'],
    ['WEBHOOK_MAX_BYTES', '1MB'],
    ['AUTH_JWT_SECRET', 'x'.repeat(31)],
    ['AUTH_JWT_SECRET', `${'é'.repeat(15)}x`],
    ['AUTH_JWKS_URL', 'issuer.example/keys'],
    ['AUTH_JWKS_URL', 'file:///keys'],
    ['AUTH_JWKS_URL', 'https://user:password@issuer.example/keys'],
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_ORIGINS', 'https://app.example/'],
    ['ALLOWED_ORIGINS', 'https://app.example,x,y'],
    ['RETENTION_DAYS', '0'],
    ['RETENTION_DAYS', '0.01'],
    ['RETENTION_DAYS', '-1'],
    ['RETENTION_DAYS', '30d'],
    ['RETENTION_DAYS', '1e9'],
    ['GRAPHIQL', 'maybe'],
    ['METRICS', 'prometheus'],
    ['METRICS_PORT', '65536'],
    ['MAX_LAG_SECONDS', '0'],
    ['STALLED_READER_SECONDS', '0'],
    ['STALLED_READER_SECONDS', '1.5'],
    ['STALLED_READER_SECONDS', '86401'],
    ['WEBSOCKET_QUERIES', '2'],
    ['HTTP_HEADERS_TIMEOUT_MS', '30001'],
    ['HTTP_REQUEST_TIMEOUT_MS', '0'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s is reported in one line', (name, value) => {
    const faults = faultsOf({ [name]: value });
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name}: \\w`))]);
  });

  test.each([
    ['PORT', '65536', 'PORT: expected a whole number from 0 to 65535'],
    ['MAX_LAG_SECONDS', '-5', 'MAX_LAG_SECONDS: expected a whole number from 1 to 3600'],
    ['MAX_PAGE_SIZE', '1e3', 'MAX_PAGE_SIZE: expected a whole number from 1 to 10000'],
  ])('%s=%s names the range', (name, value, fault) => {
    expect(faultsOf({ [name]: value })).toEqual([fault]);
  });

  test('the token secret is measured in bytes', () => {
    expect(readConfig({ AUTH_JWT_SECRET: 'é'.repeat(16) }).tokenKeys).toEqual({
      secrets: ['é'.repeat(16)],
    });
  });

  test('several token secrets are valid, each long enough', () => {
    const other = 'o'.repeat(32);
    expect(readConfig({ AUTH_JWT_SECRET: `${other}, ${SECRET}` }).tokenKeys).toEqual({
      secrets: [other, SECRET],
    });
    for (const AUTH_JWT_SECRET of [`${SECRET},`, `short,${SECRET}`, `${SECRET},short`]) {
      expect(faultsOf({ AUTH_JWT_SECRET })).toEqual([
        'AUTH_JWT_SECRET: needs 32 bytes or more (RFC 7518, 3.2)',
      ]);
    }
  });

  const provider = {
    OIDC_ISSUER: 'http://login.example',
    OIDC_CLIENT_ID: 'the-client',
    OIDC_CLIENT_SECRET: 'c'.repeat(24),
  };

  test.each(Object.keys(provider))('%s alone is not enough to sign in', (name) => {
    const others = Object.keys(provider).filter((other) => other !== name);
    expect(faultsOf({ [name]: provider[name as keyof typeof provider] })).toEqual([
      expect.stringMatching(new RegExp(`^${others.join(' and ')}: also needed, beside ${name}`)),
    ]);
  });

  test('people sign in over https in production', () => {
    const needed = {
      NODE_ENV: 'production',
      MONGODB_URI: 'mongodb://db',
      WEBHOOK_SECRETS: 'w'.repeat(16),
      AUTH_JWT_SECRET: SECRET,
    };
    expect(faultsOf({ ...needed, ...provider })).toEqual([
      'OIDC_ISSUER: must be an https URL, since NODE_ENV is production',
    ]);
    expect(faultsOf({ ...needed, ...provider, OIDC_ISSUER: 'https://login.example' })).toEqual([]);
    expect(faultsOf(provider)).toEqual([]);
  });

  test("a provider's own user id is none of the sender's", () => {
    expect(readConfig(provider).signIn?.userClaim).toBeUndefined();
    expect(readConfig({ ...provider, AUTH_USER_CLAIM: 'sub' }).signIn?.userClaim).toBeUndefined();
    expect(readConfig({ ...provider, AUTH_USER_CLAIM: 'customer' }).signIn?.userClaim).toBe(
      'customer',
    );
  });

  test('/metrics cannot have the port of the server', () => {
    const fault = ['METRICS_PORT: must be another port than PORT'];
    expect(faultsOf({ METRICS_PORT: '4000' })).toEqual(fault);
    expect(faultsOf({ METRICS_PORT: '9464', PORT: '9464' })).toEqual(fault);
    expect(faultsOf({ METRICS_PORT: '0', PORT: '0' })).toEqual([]);
  });

  test('two ways to verify tokens are refused', () => {
    const env = { AUTH_JWT_SECRET: SECRET, AUTH_JWKS_URL: 'https://issuer.example/keys' };
    expect(faultsOf(env)).toEqual(['AUTH_JWT_SECRET, AUTH_JWKS_URL: give one of them, not both']);
  });
});

test('all faults are in one message, without values', () => {
  const env = {
    PORT: 'value-1',
    MONGODB_URI: 'value-2://user:password@db',
    WEBHOOK_SECRETS: 'value-3,val-4',
    AUTH_JWT_SECRET: 'value-5',
    AUTH_JWKS_URL: 'value-6',
    ALLOWED_ORIGINS: 'value-7',
    GRAPHIQL: 'value-8',
    LIVE_PAGE: 'value-8',
    LOG_LEVEL: 'value-9',
    EMBEDDED_MONGODB: 'value-10',
    WEBHOOK_MAX_BYTES: 'value-11',
    RETENTION_DAYS: 'value-12',
    STALLED_READER_SECONDS: 'value-13',
  };
  const faults = faultsOf(env);
  for (const name of Object.keys(env)) {
    expect(faults.filter((fault) => fault.startsWith(`${name}: `))).toHaveLength(1);
  }
  expect(faults.join('\n')).not.toMatch(/value-|val-|password/);
});
