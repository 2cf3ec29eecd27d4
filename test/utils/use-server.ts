import { afterAll, beforeAll } from 'vitest';
import type { ServerOptions } from '../../src/server/server-options.ts';
import { openStoredData, type StoredData } from './open-stored-data.ts';
import { startTestServer, type TestServer } from './server.ts';

/** A server of a test file, and what it has stored. */
export interface UsedServer {
  server: TestServer;
  storedData: StoredData;
}

/** Starts a server before the tests of a file, or of a group, and closes it after them. */
export function useServer(
  onStarted: (started: UsedServer) => void,
  options?: Partial<ServerOptions>,
): void {
  let started: UsedServer;
  beforeAll(async () => {
    const server = await startTestServer(options);
    started = { server, storedData: await openStoredData(server.mongodbUri) };
    onStarted(started);
  });
  afterAll(async () => {
    await started.storedData.close();
    await started.server.close();
  });
}
