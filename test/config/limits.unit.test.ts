import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { completeLimits, type LimitName, limitTable } from '../../src/config/limits.ts';
import { faultsOf } from './faults-of.ts';

const limits = Object.entries(limitTable) as [LimitName, (typeof limitTable)[LimitName]][];
const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

describe.each(limits)('%s', (name, { setting, byDefault, least, most }) => {
  test('has its default, and only its setting changes it', () => {
    expect(readConfig({}).limits[name]).toBe(byDefault);
    expect(byDefault).toBeGreaterThanOrEqual(least);
    expect(byDefault).toBeLessThanOrEqual(most);
    // The time for a whole request must not be below the time for its headers.
    const others = name === 'headersTimeoutMs' ? { requestTimeoutMs: most } : {};
    const extra = name === 'headersTimeoutMs' ? { HTTP_REQUEST_TIMEOUT_MS: String(most) } : {};
    for (const value of name === 'requestTimeoutMs' ? [most] : [least, most]) {
      const read = readConfig({ [setting]: String(value), ...extra }).limits;
      expect(read).toEqual(completeLimits({ ...others, [name]: value }));
    }
  });

  test.each([String(least - 1), String(most + 1), '1.5', '1e3', 'Infinity', 'many'])(
    'refuses %s',
    (value) => {
      const faults = faultsOf({ [setting]: value });
      expect(faults).toEqual([expect.stringMatching(new RegExp(`^${setting}: \\w`))]);
    },
  );

  test('is in the reference with its default', () => {
    expect(read('docs/reference/limits.md')).toMatch(
      new RegExp(`\\| \`${setting}\` \\| ${byDefault} \\|`),
    );
  });
});

test('persisted operations turn GraphiQL off, unless it is turned on explicitly', () => {
  const env = { PERSISTED_OPERATIONS: 'list.json' };
  expect(readConfig(env).graphiql).toBe(false);
  expect(readConfig({ ...env, GRAPHIQL: 'on' }).graphiql).toBe(true);
});
