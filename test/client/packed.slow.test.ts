import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Rolldown } from 'vite';
import { expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '../utils/browser.ts';
import { pack } from '../utils/pack.ts';
import { startTestServer } from '../utils/server.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { headOf, postMany, storedCursors } from './stored-cursors.ts';

const run = promisify(execFile);
const { devDependencies, dependencies } = createRequire(import.meta.url)('../../package.json');

/** Follows the log; prints the cursors of the first three events. */
const FOLLOW = `
async function follow(createEventsClient, options, after) {
  const client = createEventsClient(options);
  const cursors = [];
  for await (const { cursor } of client.subscribe({ after })) {
    if (cursors.push(cursor) === 3) break;
  }
  return cursors;
}`;

/** Type checks are the test: each error that is expected must occur. */
const CONSUMER = `
import { createEventsClient, EventsClientError, type EventsClientEvent } from '@eventline/client';
import { createResumingSocket } from '@eventline/client/graphql-ws';
import { useEvents } from '@eventline/client/react';

export function show(event: EventsClientEvent): number | string {
  switch (event.__typename) {
    case 'MessageSent': return event.professionalId;
    case 'UserStatusChanged': return event.toStatus;
    // @ts-expect-error no such type
    case 'MessageLost': return event.cursor;
    // @ts-expect-error a field of another type
    default: return event.osName;
  }
}
export async function follow(): Promise<void> {
  const client = createEventsClient({ url: '/', token: 'token' });
  // @ts-expect-error no such event type
  client.subscribe({ types: ['MESSAGE_LOST'] });
  try {
    for await (const event of client.subscribe({ types: ['MESSAGE_SENT'] })) show(event);
  } catch (error) {
    if (error instanceof EventsClientError) error.code satisfies string;
  }
}
export const live = () => useEvents(undefined, { limit: 5 }).events.map(show);
export const socket = createResumingSocket({ url: '/', token: () => 'token' });
socket.subscribe({ query: '' }, { next() {}, error() {}, complete() {} });
`;

/** Creates an empty project, in which the packed client is installed. */
async function createProject() {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'package.json'), '{"private":true}');
  const install = (...names: string[]) =>
    run('npm', ['install', '--no-audit', '--no-fund', '--save-exact', ...names], { cwd });
  await install(await pack('packages/client'));
  return { cwd, install };
}

test('it follows the log from ES modules, CommonJS and a browser bundle', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.close());
  const { cwd } = await createProject();
  const installed = await run('npm', ['ls', '--all', '--parseable'], { cwd });
  // The project and the client, which brings nothing along.
  expect(installed.stdout.trim().split('\n')).toHaveLength(2);

  const after = await headOf(server);
  await postMany(server, 3);
  const cursors = await storedCursors(server);
  const options = { url: server.url, token: await server.token() };
  const args = `${JSON.stringify(options)}, ${JSON.stringify(after)}`;
  const print = `${FOLLOW}\nfollow(createEventsClient, ${args}).then((them) => console.log(JSON.stringify(them)));`;
  await writeFile(
    join(cwd, 'esm.mjs'),
    `import { createEventsClient } from '@eventline/client';\n${print}`,
  );
  await writeFile(
    join(cwd, 'cjs.cjs'),
    `const { createEventsClient } = require('@eventline/client');\n${print}`,
  );
  for (const file of ['esm.mjs', 'cjs.cjs']) {
    const { stdout } = await run(process.execPath, [file], { cwd });
    expect(JSON.parse(stdout), file).toEqual(cursors);
  }

  await writeFile(
    join(cwd, 'browser.js'),
    `import { createEventsClient } from '@eventline/client';\nexport { createEventsClient };`,
  );
  const script = await bundle(cwd);
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.route(`${server.url}/page`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>page</title>' }),
  );
  await page.goto(`${server.url}/page`);
  await page.addScriptTag({ content: script });
  const shown = await page.evaluate(`(${FOLLOW.trim()})(client.createEventsClient, ${args})`);
  expect(shown).toEqual(cursors);
});

/** Bundles browser.js, which must leave nothing to import. */
async function bundle(root: string): Promise<string> {
  const outputs = (await build({
    ...{ root, configFile: false, logLevel: 'silent' },
    build: {
      write: false,
      lib: { entry: 'browser.js', formats: ['iife'], name: 'client', fileName: 'browser' },
    },
  })) as Rolldown.RolldownOutput[];
  return outputs[0]?.output[0].code ?? '';
}

test.for([
  ['TypeScript 5.4', '5.4.5'],
  ['the newest TypeScript', devDependencies.typescript],
])('%s finds the types, in every way of module resolution', async ([, version]) => {
  const { cwd, install } = await createProject();
  const peers = [`graphql@${dependencies.graphql}`, `graphql-ws@${dependencies['graphql-ws']}`];
  await install(`typescript@${version}`, `react@${devDependencies.react}`, ...peers);
  for (const file of ['module.mts', 'commonjs.cts', 'bundled.ts']) {
    await writeFile(join(cwd, file), CONSUMER);
  }
  const tsc = join(cwd, 'node_modules/typescript/bin/tsc');
  const settings = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom'];
  for (const [module, resolution, ...files] of [
    ['nodenext', 'nodenext', 'module.mts', 'commonjs.cts'],
    ['node16', 'node16', 'module.mts', 'commonjs.cts'],
    ['esnext', 'bundler', 'bundled.ts'],
  ]) {
    const args = [tsc, ...settings, '--module', String(module)];
    args.push('--moduleResolution', String(resolution), ...files);
    const { stdout } = await run(process.execPath, args, { cwd }).catch((error) => error);
    expect(stdout, `${module}, ${resolution}`).toBe('');
  }
});
