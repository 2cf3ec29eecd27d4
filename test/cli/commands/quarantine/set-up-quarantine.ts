import { afterEach, beforeEach } from 'vitest';
import { runEventline } from '../../../utils/eventline.ts';
import { openStoredData, type StoredData } from '../../../utils/open-stored-data.ts';
import { deliveryOf, startTestServer, type TestServer } from '../../../utils/server.ts';
import { temporaryDirectory } from '../../../utils/temporary-directory.ts';

const DAY_MS = 24 * 3_600_000;
export const FIRST_AT = new Date('2025-03-01T10:00:00.123Z');

/** The server of the current test, with its database and a working directory. */
export interface QuarantineSetup {
  server: TestServer;
  storedData: StoredData;
  cwd: string;
}

/** Starts a server for each test of the calling file. */
export function setUpQuarantine(): QuarantineSetup {
  const setup = {} as QuarantineSetup;
  beforeEach(async () => {
    setup.server = await startTestServer();
    setup.storedData = await openStoredData(setup.server.mongodbUri);
    setup.cwd = await temporaryDirectory();
  });
  afterEach(async () => {
    await setup.storedData.close();
    await setup.server.close();
  });
  return setup;
}

/** Runs a command of `eventline quarantine` on the server's database. */
export function runQuarantine({ server, cwd }: QuarantineSetup, ...args: string[]) {
  return runEventline(['quarantine', ...args], { cwd, env: { MONGODB_URI: server.mongodbUri } });
}

/** Parses JSON lines. */
export function parseLines(text: string) {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Deliveries that are acceptable now, a day apart, oldest first. */
export function acceptable(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    body: deliveryOf('message_sent', { user_id: 'retried' }),
    firstAt: new Date(FIRST_AT.getTime() + index * DAY_MS),
  }));
}
