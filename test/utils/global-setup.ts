import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/embedded/start-embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    mongodbUri: string;
  }
}

/**
 * Starts one database for all tests that do not disrupt it; each uses its own database name. It is
 * the embedded one, unless `npm run test:mongodb` names another.
 */
export default async function setup(project: TestProject) {
  const { TEST_MONGODB_URI: given } = process.env;
  if (given) {
    project.provide('mongodbUri', given);
    return undefined;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'eventline-test-'));
  const database = await startEmbedded({
    dataDir,
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  project.provide('mongodbUri', database.uri);
  return async () => {
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  };
}
