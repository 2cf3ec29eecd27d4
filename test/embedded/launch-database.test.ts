import { join } from 'node:path';
import { expect, it } from 'vitest';
import { secantusProgram } from '../../src/embedded/database-program.ts';
import { DatabaseStartError } from '../../src/embedded/errors.ts';
import { launchDatabase } from '../../src/embedded/launch-database.ts';
import { temporaryDirectory, writeProgram } from './setup.ts';

const never = new AbortController().signal;

it('notices any program that exits during the start', async () => {
  const dataDir = await temporaryDirectory();
  const command = await writeProgram(join(dataDir, 'program'), 'exit 7');
  const program = secantusProgram('secantusd-rs', { command, label: 'it' }, { dataDir, env: {} });
  const launches = Array.from({ length: 50 }, () =>
    launchDatabase(program, 1, { dataDir, signal: never }).catch((error: unknown) => error),
  );
  for (const error of await Promise.all(launches)) {
    expect(error).toBeInstanceOf(DatabaseStartError);
    expect(error).toMatchObject({
      exited: true,
      message: expect.stringMatching(/^it ended with exit code 7/),
    });
  }
});

it('says what is wrong with a program that cannot be run', async () => {
  const dataDir = await temporaryDirectory();
  const command = join(dataDir, 'missing');
  const program = secantusProgram('secantusd-rs', { command, label: 'it' }, { dataDir, env: {} });
  await expect(launchDatabase(program, 1, { dataDir, signal: never })).rejects.toThrow(
    /it: .*ENOENT/,
  );
});

it('ends the program when the attempt is aborted', async () => {
  const dataDir = await temporaryDirectory();
  const command = await writeProgram(join(dataDir, 'program'), 'exec cat /dev/zero > /dev/null');
  const env = { PATH: process.env.PATH };
  const program = secantusProgram('secantusd-rs', { command, label: 'it' }, { dataDir, env });
  const attempt = launchDatabase(program, 1, { dataDir, signal: AbortSignal.abort() });
  await expect(attempt).rejects.toMatchObject({ exited: false });
});
