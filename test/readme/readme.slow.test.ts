import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks, read, root, shellCommands } from '../docs/documents.ts';
import { type ServerProcess, startServerProcess } from '../utils/eventline.ts';

const readme = read('README.md');
const SET_UP = ['npm ci && npm start', 'npm ci && npm test'];

/** Commands that run until Ctrl-C, with what they print when an event arrives or they stop. */
const ENDLESS = [/^npx eventline tail/, /^curl -N/];

test('has at most 150 lines and 900 words, with one picture', () => {
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  expect(readme.split(/\s+/).filter((word) => word !== '').length).toBeLessThanOrEqual(900);
  expect(readme.match(/!\[/g)).toHaveLength(1);
});

test('has exactly two set-up commands', () => {
  expect(shellCommands(readme).filter((command) => command.includes('npm '))).toEqual(SET_UP);
});

describe('its commands run as printed', () => {
  let cwd: string;
  let server: ServerProcess;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'eventline-readme-'));
    server = await startServerProcess({ cwd });
  });
  afterAll(async () => {
    await server.kill('SIGTERM');
    await rm(cwd, { recursive: true, force: true });
  });

  /** Runs a line of the README in the root of the checkout, as a newcomer would. */
  function run(command: string): { child: ChildProcess; output: () => string } {
    const { PATH, HOME } = process.env;
    const child = spawn('bash', ['-c', command.replaceAll('http://127.0.0.1:4000', server.url)], {
      cwd: root,
      env: {
        ...{ PATH, HOME, DATA_DIR: join(cwd, '.eventline') },
        // npx keeps its link to the checkout in npm's cache, and would build a stale checkout.
        ...{ npm_config_cache: join(cwd, 'npm'), npm_config_ignore_scripts: 'true' },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        text += chunk;
      });
    }
    return { child, output: () => text };
  }

  const commands = shellCommands(readme).filter((command) => !SET_UP.includes(command));

  test.for(commands.filter((command) => !ENDLESS.some((one) => one.test(command))))(
    '%s',
    async (command) => {
      const { child, output } = run(command);
      const [code] = await once(child, 'close');
      expect(output()).toMatch(/200|stored/);
      expect(code).toBe(0);
    },
  );

  test.for(commands.filter((command) => ENDLESS.some((one) => one.test(command))))(
    '%s',
    async (command) => {
      const { child, output } = run(command);
      const ended = once(child, 'close');
      try {
        while (!/app_opened/.test(output())) {
          const body = JSON.stringify({
            type: 'app_opened',
            occurred_on: new Date().toISOString(),
            payload: { installation_id: crypto.randomUUID(), user_id: '42A' },
          });
          expect((await server.post(body))?.status).toBe(200);
          if (child.exitCode !== null) throw new Error(output());
        }
      } finally {
        // Signals the whole process group, like Ctrl-C.
        if (child.pid) process.kill(-child.pid, 'SIGINT');
        await ended;
      }
    },
  );

  test('its client example runs as printed', async () => {
    const [snippet = ''] = codeBlocks(readme)
      .filter(({ language }) => language === 'ts')
      .map(({ code }) => code.replace('https://events.example.com', server.url));
    const script = `
      const fetchToken = () => ${JSON.stringify(await server.token())};
      let saved;
      const show = ({ typeName }) => console.log(typeName) ?? process.exit();
      ${snippet}`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const ended = once(child, 'close');
    const payload = { message_id: '', installation_id: '', speciality: 'work', professional_id: 5 };
    while (child.exitCode === null) {
      for (const key of ['message_id', 'installation_id'] as const)
        payload[key] = crypto.randomUUID();
      const body = { type: 'message_sent', occurred_on: new Date().toISOString() };
      await server.post(JSON.stringify({ ...body, payload: { ...payload, user_id: '42A' } }));
    }
    await ended;
    expect(output).toBe('message_sent\n');
  });
});
