import { expect, test } from 'vitest';
import { settingNames } from '../../src/config/config.ts';
import { faultsOf } from './faults-of.ts';

test.each([
  ['RETENTION_DAY', 'RETENTION_DAYS'],
  ['RETENTIONS_DAYS', 'RETENTION_DAYS'],
  ['retention_days', 'RETENTION_DAYS'],
  ['WEBHOOK_SECRET', 'WEBHOOK_SECRETS'],
  ['MONGODB_URL', 'MONGODB_URI'],
  ['MONGO_DB_URI', 'MONGODB_URI'],
  ['AUTH_JWT_SECRETS', 'AUTH_JWT_SECRET'],
  ['ALOWED_ORIGINS', 'ALLOWED_ORIGINS'],
  ['METRIC', 'METRICS'],
  ['NODE_ENVS', 'NODE_ENV'],
  ['GRAPHQL_MAX_ALIAS', 'GRAPHQL_MAX_ALIASES'],
])('%s is refused with a suggestion', (name, meant) => {
  expect(faultsOf({ [name]: '3' })).toEqual([`${name}: no such setting; did you mean ${meant}?`]);
});

test('a value is never quoted', () => {
  expect(faultsOf({ WEBHOOK_SECRET: 'a-secret-value' }).join()).not.toContain('a-secret-value');
});

test('variables of other programs and empty ones are ignored', () => {
  const others = {
    PATH: '/bin',
    HOSTNAME: 'web-1',
    HOSTS: 'x',
    PORTS: '1',
    NODE_OPTIONS: '--max-old-space-size=2048',
    NODE_PATH: '/lib',
    KUBERNETES_SERVICE_PORT: '443',
    LOGNAME: 'root',
    MONGO_INITDB_DATABASE: 'eventline',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
    DATABASE_URL: 'postgres://x',
    RETENTION_DAY: '',
  };
  expect(faultsOf(others)).toEqual([]);
});

test('no setting is taken for another one', () => {
  const faults = faultsOf(Object.fromEntries(settingNames.map((name) => [name, 'x'])));
  expect(faults.filter((fault) => fault.includes('no such setting'))).toEqual([]);
});
