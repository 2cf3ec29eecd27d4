import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Creates a directory that is removed when the test has finished. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'eventline-test-'));
  onTestFinished(() =>
    rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  );
  return directory;
}
