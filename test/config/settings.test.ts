import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSettings } from '../../scripts/settings-table.mjs';
import { settingNames } from '../../src/config/config.ts';
import { limitSettings, settings } from '../../src/config/settings.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

test('the README has every setting as it is in the code', () => {
  const readme = read('README.md');
  expect(readme).toBe(withSettings(readme, { settings, limitSettings }));
  for (const name of settingNames) expect(readme).toContain(`| \`${name}\` |`);
});

test('.env.example has every setting, and nothing that is none', () => {
  const names = [...read('.env.example').matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(names.sort()).toEqual([...settingNames].sort());
});
