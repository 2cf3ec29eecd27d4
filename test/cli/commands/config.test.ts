import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingNames } from '../../../src/config/config.ts';
import { runEventline } from '../../utils/eventline.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

const SECRETS = {
  WEBHOOK_SECRETS: 'the-first-one-here,the-second-one-here',
  AUTH_JWT_SECRET: 'nobody-may-read-this-nobody-may-read-this',
  MONGODB_URI:
    'mongodb://anna:pass-word@db1,db2/events?replicaSet=rs0&tlsCertificateKeyFilePassword=key-word',
};

test('prints effective values with their source, and hides secrets', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, '.env'), 'PORT=5000\nHOST=0.0.0.0\nMAX_PAGE_SIZE=\n');
  const env = { ...SECRETS, HOST: '::1', RETENTION_DAYS: '90' };
  const { code, stdout } = await runEventline(['config', '--json'], { cwd, env });
  expect(code).toBe(0);
  const settings: { name: string; value: string | null; source: string }[] = JSON.parse(stdout);
  expect(settings.map(({ name }) => name).sort()).toEqual([...settingNames].sort());
  const of = (name: string) => {
    const { value, source } = settings.find((one) => one.name === name) ?? {};
    return [value, source];
  };
  expect(of('PORT')).toEqual(['5000', '.env']);
  // Variables that are already set take precedence.
  expect(of('HOST')).toEqual(['::1', 'environment']);
  expect(of('MAX_PAGE_SIZE')).toEqual(['1000', 'default']);
  expect(of('RETENTION_DAYS')).toEqual(['90', 'environment']);
  expect(of('AUTH_ISSUER')).toEqual([null, 'default']);
  expect(of('WEBHOOK_SECRETS')).toEqual(['(2, hidden)', 'environment']);
  expect(of('AUTH_JWT_SECRET')).toEqual(['(1, hidden)', 'environment']);
  expect(of('MONGODB_URI')).toEqual([
    'mongodb://(hidden)@db1,db2/events?replicaSet=rs0&tlsCertificateKeyFilePassword=(hidden)',
    'environment',
  ]);

  const asTable = await runEventline(['config'], { cwd, env });
  expect(asTable.stdout).toMatch(/^PORT +\.env +5000$/m);
  expect(asTable.stdout).toMatch(/^DATA_DIR +default +\.eventline$/m);
  expect(stdout + asTable.stdout).not.toMatch(/anna|-word[^s]|the-first-one|nobody-may/);
});

test.each([
  'mongodb://anna:pass/word@db1/events',
  'mongodb://anna:pass?word@db1/events',
  'mongodb://anna:pass@word@db1/events',
])('hides a password that should have been escaped: %s', async (MONGODB_URI) => {
  const cwd = await temporaryDirectory();
  const { stdout } = await runEventline(['config'], { cwd, env: { MONGODB_URI } });
  expect(stdout).toContain('mongodb://(hidden)@db1/events');
  expect(stdout).not.toMatch(/anna|pass/);
});

test('names invalid settings, with exit code 2', async () => {
  const cwd = await temporaryDirectory();
  const { code, stdout, stderr } = await runEventline(['config'], { cwd, env: { PORT: 'x' } });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('PORT: expected a whole number');
});
