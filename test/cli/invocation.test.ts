import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeInvocation } from '../../src/cli/invocation.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const underNpm = { npm_lifecycle_event: 'npx' };

/** A program that npx has installed for these packages. */
async function installed(packages: unknown): Promise<string> {
  const folder = join(await temporaryDirectory(), '_npx/0123456789abcdef');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ _npx: { packages } }));
  return join(folder, 'node_modules/.bin/eventline');
}

test.for([
  [['/some/eventline-1.2.3.tgz'], 'npx /some/eventline-1.2.3.tgz send'],
  [['/a folder/eventline.tgz'], 'npx "/a folder/eventline.tgz" send'],
  [['one', 'another'], 'npx eventline send'],
  [undefined, 'npx eventline send'],
] as const)('npx with %j: %s', async ([packages, said]) => {
  expect(describeInvocation('send', underNpm, await installed(packages))).toBe(said);
});

test('in a checkout, and without npm', () => {
  const start = { npm_lifecycle_event: 'start' };
  expect(describeInvocation('send', start, '/checkout/dist/main.js')).toBe('npx eventline send');
  expect(describeInvocation('send', {}, '/usr/bin/eventline')).toBe('eventline send');
});
