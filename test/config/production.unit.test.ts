import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { faultsOf } from './faults-of.ts';

const SECRET = 'a-secret-of-exactly-32-characters';
const production = {
  NODE_ENV: 'production',
  MONGODB_URI: 'mongodb://db.example/events?replicaSet=rs0',
  WEBHOOK_SECRETS: 'webhook-secret-1',
  AUTH_JWT_SECRET: SECRET,
};

describe('production', () => {
  test('accepts a complete configuration, with GraphiQL only when requested', () => {
    expect(readConfig(production)).toMatchObject({ production: true, graphiql: false });
    expect(readConfig({ ...production, GRAPHIQL: 'on' }).graphiql).toBe(true);
    expect(readConfig(production).tokenKeys).toEqual({ secrets: [SECRET] });
  });

  test('refuses all development defaults at once', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      expect.stringMatching(/^MONGODB_URI: is missing/),
      expect.stringMatching(/^WEBHOOK_SECRETS: is missing/),
      expect.stringMatching(/^AUTH_JWT_SECRET or AUTH_JWKS_URL: one is missing/),
    ]);
  });

  test.each(['MONGODB_URI', 'WEBHOOK_SECRETS', 'AUTH_JWT_SECRET'])('reports missing %s', (name) => {
    const faults = faultsOf({ ...production, [name]: ' ' });
    expect(faults).toEqual([expect.stringContaining(name)]);
  });

  test('requires the audience of published keys', () => {
    const { AUTH_JWT_SECRET: _, ...others } = production;
    const env = { ...others, AUTH_JWKS_URL: 'https://login.example/keys' };
    expect(faultsOf(env)).toEqual([
      expect.stringMatching(/^AUTH_ISSUER: is missing/),
      expect.stringMatching(/^AUTH_AUDIENCE: is missing/),
    ]);
    const whole = { ...env, AUTH_ISSUER: 'https://login.example', AUTH_AUDIENCE: 'eventline' };
    expect(readConfig(whole).authAudience).toBe('eventline');
  });

  test.each(['prod', 'Production', 'producton'])(
    'is not recognised in %s, which gives a warning',
    (text) => {
      expect(faultsOf({ NODE_ENV: text })).toEqual([
        'NODE_ENV: expected production, written like this, or another word for development',
      ]);
    },
  );

  test('reports missing settings together with invalid ones', () => {
    expect(faultsOf({ NODE_ENV: 'production', PORT: 'x' })).toHaveLength(4);
  });
});
