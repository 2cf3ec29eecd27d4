import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { quarantineDrop } from '../../../../src/cli/commands/quarantine/drop.ts';
import { quarantineRetry } from '../../../../src/cli/commands/quarantine/retry.ts';
import type { Terminal } from '../../../../src/cli/terminal.ts';
import { readConfig } from '../../../../src/config/config.ts';
import { createLog } from '../../../../src/log/log.ts';
import { freshDatabase, type TestDatabase } from '../../../utils/database.ts';
import { insertQuarantined } from '../../../utils/insert-quarantined.ts';
import { deliveryOf } from '../../../utils/server.ts';

let database: TestDatabase;
afterEach(async () => {
  vi.restoreAllMocks();
  await database.drop();
});

/** Runs a command at a terminal whose clock advances by `stepMs` at every reading. */
async function outputOf(
  command: (terminal: Terminal) => Promise<void>,
  stepMs: number,
): Promise<string> {
  database = await freshDatabase();
  await (await createLog({ uri: database.uri, onEvent: () => undefined })).close();
  const bodies = Array.from({ length: 40 }, () => ({ body: deliveryOf('message_sent') }));
  await insertQuarantined(database.uri, bodies);
  const err = Object.assign(new PassThrough(), { isTTY: true });
  const now = performance.now.bind(performance);
  let looks = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    looks += 1;
    return now() + looks * stepMs;
  });
  await command({
    env: {},
    in: new PassThrough(),
    out: new PassThrough().resume(),
    err,
    config: () => readConfig({ MONGODB_URI: database.uri }),
    environment: () => ({ values: {}, fromFile: new Set() }),
    signal: new AbortController().signal,
    onForcedEnd: () => undefined,
    say: (one) => one,
  });
  err.end();
  return text(err);
}

test.for([
  // An append reads the clock often, and has a deadline.
  ['retry', (terminal: Terminal) => quarantineRetry(terminal, [], { all: true }), 10],
  ['drop', (terminal: Terminal) => quarantineDrop(terminal, [], { all: true, yes: true }), 50],
] as const)(
  '%s shows progress in one line, which is cleared at the end',
  async ([, command, stepMs]) => {
    const said = await outputOf(command, stepMs);
    const [first, ...shown] = said.split('\r\u001b[K');
    expect(first).not.toContain('%');
    expect(shown[0]).toMatch(/^\d+ of 40 deliveries \(\d+ %\), \d+\/s, \d+ s left$/);
    expect(shown.at(-1)).toBe('');
  },
);
