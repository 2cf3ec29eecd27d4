import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readSecretFiles } from '../../src/config/secret-files.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

async function createPipe(): Promise<string> {
  const path = join(await temporaryDirectory(), 'pipe');
  execFileSync('mkfifo', [path]);
  return path;
}

test('a secret is read from a pipe, also from a writer that opens it later', async () => {
  const path = await createPipe();
  const writer = spawn('sh', ['-c', 'printf "one-secret\\n" > "$1"', 'sh', path]);
  onTestFinished(() => void writer.kill());
  expect(readSecretFiles({ WEBHOOK_SECRETS_FILE: path })).toEqual({
    ...{ faults: [], paths: { WEBHOOK_SECRETS: path } },
    lines: { WEBHOOK_SECRETS: [{ text: 'one-secret', number: 1 }] },
  });
});

test('a pipe without a writer is refused', async () => {
  const path = await createPipe();
  let nowMs = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => {
    nowMs += 1_000;
    return nowMs;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const { faults } = readSecretFiles({ MONGODB_URI_FILE: path });
  expect(faults).toEqual([
    `MONGODB_URI_FILE: ${path} cannot be read: nothing was written into it for 5 seconds`,
  ]);
});
