import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { lineOf } from '../utils/eventline.ts';
import { pack } from '../utils/pack.ts';
import { postAsSender } from '../utils/post-as-sender.ts';
import { deliveryOf } from '../utils/server.ts';
import { subscribeBySse } from '../utils/subscribe.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

/** Runs the program by npx in an empty folder until a first event is live; returns how long it took. */
async function firstEvent(packed: string, cache: string) {
  const cwd = await temporaryDirectory();
  const { PATH } = process.env;
  const startedMs = performance.now();
  const child = spawn('npx', ['--yes', `file:${packed}`, 'serve'], {
    cwd,
    env: { PATH, HOME: cache, npm_config_cache: cache, XDG_CACHE_HOME: cache, PORT: '0' },
    // Without an input no question can be answered.
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, since npx passes no signal on to the program.
    detached: true,
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  let warnings = '';
  child.stderr.on('data', (chunk) => {
    warnings += chunk;
    process.stderr.write(chunk);
  });
  await lineOf(child, 'stdout', /simulate/);
  const runsMs = performance.now();
  const url = /http:\/\/[\d.:]+/.exec(said)?.[0] ?? '';
  const { token, webhookSecret } = JSON.parse(
    await readFile(join(cwd, '.eventline/development.json'), 'utf8'),
  );
  const query = 'subscription { events { cursor typeName } }';
  const reader = subscribeBySse({ url, token, query });
  await reader.ready;
  await postAsSender(() => {
    const body = deliveryOf('app_opened');
    const headers = {
      'Content-Type': 'application/json',
      'X-Signature': sign(body, webhookSecret),
    };
    return fetch(`${url}/webhooks/events`, { method: 'POST', headers, body });
  });
  const [event] = await reader.until(1);
  const liveMs = performance.now();
  await reader.close();
  return { said, warnings, event, runsMs: runsMs - startedMs, liveMs: liveMs - startedMs };
}

test('npx on the packed program starts in an empty folder, and a first event is live', async () => {
  const packed = await pack();
  const cache = await temporaryDirectory();
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  for (const kind of ['cold', 'warm']) {
    const { said, warnings, event, runsMs, liveMs } = await firstEvent(packed, cache);
    expect(event).toMatchObject({ typeName: 'app_opened' });
    // A dependency for a newer Node, which npm installs with a warning.
    expect(warnings).not.toContain('EBADENGINE');
    // The name alone would be another package of the registry.
    expect(said).toContain(`  npx file:${packed} simulate --rate 20\n`);
    // Reported and not asserted: it depends on the machine and the network.
    process.stderr.write(
      `npx, ${kind} cache: runs after ${seconds(runsMs)} s, first event after ${seconds(liveMs)} s\n`,
    );
  }
});
