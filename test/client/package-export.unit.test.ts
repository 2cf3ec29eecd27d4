import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { toEndpoint } from '../../src/client/to-endpoint.ts';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGE = join(ROOT, 'packages/client');
const MAX_GZIPPED_BYTES = 9_000;
const require = createRequire(import.meta.url);
const server = require('../../package.json');
const client = require('../../packages/client/package.json');

/** Returns the texts of a built module and of all modules that it imports, and the packages it needs. */
function readModule(file: string, texts = new Map<string, string>(), packages = new Set<string>()) {
  if (texts.has(file)) return { texts, packages };
  const text = readFileSync(file, 'utf8');
  texts.set(file, text);
  for (const [, name = ''] of text.matchAll(/^(?:import|export)\b[^'"]*["']([^'"]+)["']/gm)) {
    if (name.startsWith('.')) readModule(join(dirname(file), name), texts, packages);
    else packages.add(name);
  }
  return { texts, packages };
}

const script = `
  const client = createEventsClient({ url: 'http://127.0.0.1:1', token: 'none', transport: 'sse' });
  console.log(client.state.status, new EventsClientError('FORBIDDEN', 'no').code);`;
const names = '{ createEventsClient, EventsClientError }';

test.for([
  ['module', `import ${names} from '@eventline/client'; ${script}`],
  ['commonjs', `const ${names} = require('@eventline/client'); ${script}`],
])('the package exports the client to a %s', async ([type = '', text = '']) => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`--input-type=${type}`, '--eval', text],
    { cwd: ROOT },
  );
  expect(stdout.trim()).toBe('closed FORBIDDEN');
});

test.for([
  ['.', []],
  ['./react', ['react']],
  ['./graphql-ws', ['graphql-ws']],
] as const)('%s imports %j and is small in a bundle', async ([name, expected]) => {
  const entry = join(PACKAGE, client.exports[name].import.default);
  expect([...readModule(entry).packages]).toEqual(expected);
  // Minified and compressed, as a frontend serves it.
  const [{ output }] = (await build({
    ...{ configFile: false, logLevel: 'silent' },
    build: {
      write: false,
      lib: { entry, formats: ['iife'], name: 'client', fileName: 'client' },
      rolldownOptions: { external: [...expected] },
    },
  })) as [Rolldown.RolldownOutput];
  expect(gzipSync(output[0].code).byteLength).toBeLessThan(MAX_GZIPPED_BYTES);
});

test('the package has no dependencies, and the notices of what is built in', () => {
  expect(client.dependencies ?? {}).toEqual({});
  const notices = readFileSync(join(PACKAGE, 'dist/licenses.md'), 'utf8');
  for (const name of ['eventsource-parser', 'graphql-ws']) {
    expect(notices).toContain(`## ${name} - ${server.dependencies[name]} (MIT)\n\n`);
  }
  expect(readFileSync(join(PACKAGE, 'LICENSE'), 'utf8')).toBe(
    readFileSync(join(ROOT, 'LICENSE'), 'utf8'),
  );
});

test('client and server have the same version', () => {
  expect(client.version).toBe(server.version);
  expect(server.devDependencies[client.name]).toBe(server.version);
});

test.for([
  ['https://events.example.com', 'https://events.example.com/graphql'],
  ['https://events.example.com/', 'https://events.example.com/graphql'],
  ['https://example.com/eventline/', 'https://example.com/eventline/graphql'],
  ['http://127.0.0.1:4000/graphql', 'http://127.0.0.1:4000/graphql'],
  ['http://[::1]:4000/graphql/?a=b#c', 'http://[::1]:4000/graphql?a=b'],
])('%s becomes %s', ([url, endpoint]) => {
  expect(toEndpoint(url ?? '')).toBe(endpoint);
});

test.for(['nonsense', 'ftp://example.com', 'ws://example.com'])(
  '%s is not a server address',
  (url) => {
    const text = `url: expected something like https://events.example.com, got ${url}`;
    expect(() => toEndpoint(url)).toThrow(new TypeError(text));
  },
);
