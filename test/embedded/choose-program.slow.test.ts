import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { mongodProgram } from '../../src/embedded/database-program.ts';
import { EmbeddedUnavailableError } from '../../src/embedded/errors.ts';
import { startEmbedded } from '../../src/embedded/start-embedded.ts';
import { environmentWith, realPython, temporaryDirectory } from './setup.ts';

async function refusal(
  programs: Record<string, string>,
  options: { holds?: string; choice?: 'download'; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const dataDir = await temporaryDirectory();
  if (options.holds !== undefined) {
    await mkdir(join(dataDir, options.holds));
    await writeFile(join(dataDir, options.holds, 'WiredTiger'), '');
  }
  const before = await readdir(dataDir);
  const env = await environmentWith(programs, options.env);
  const error: unknown = await startEmbedded({
    dataDir,
    env,
    choice: options.choice ?? 'auto',
  }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EmbeddedUnavailableError);
  expect(await readdir(dataDir)).toEqual(before);
  return (error as Error).message;
}

describe('startEmbedded, without a database program', () => {
  it('names what it looked for and three remedies', async () => {
    expect(await refusal({})).toMatchInlineSnapshot(`
      "MONGODB_URI is not set, and there is no database to start here:
        - there is no mongod on the PATH
        - there is no secantusd-rs on the PATH
        - there is no Python on the PATH
      One of these helps:
        1. set MONGODB_URI to a MongoDB 6 or newer that runs as a replica set
        2. install MongoDB, so that mongod is on the PATH
        3. install Python 3.10 or newer, up to 3.13 (for SecantusDB 0.7.0b3)"
    `);
  });

  it('says that Python is too old', async () => {
    const python3 = `case "$*" in "-c "*) echo '{"executable":"/x","version":"3.9.2","implementation":"cpython"}';; esac`;
    const message = await refusal({ python3 });
    expect(message).toContain(
      'there is no Python 3.10 to 3.13 on the PATH (python3 is Python 3.9.2)',
    );
    expect(message).toContain('3. install Python 3.10 or newer');
  });

  it('skips programs that do not run, and says so', async () => {
    const message = await refusal({
      mongod: 'exit 1',
      'secantusd-rs': 'exit 1',
      python3: 'exit 1',
    });
    expect(message).toMatch(/mongod does not run\n.*secantusd-rs does not run\n.*no Python on/);
  });

  it('refuses a MongoDB that is too old', async () => {
    expect(await refusal({ mongod: 'echo "db version v4.4.1"' })).toContain(
      'is MongoDB 4.4.1, and 6 or newer is needed',
    );
  });

  it('says why SecantusDB could not be installed', async () => {
    const python3 = `case "$*" in
      "-c "*) echo '{"executable":"'"$0"'","version":"3.12.0","implementation":"cpython","platform":"p"}';;
      *"pip install"*) echo "ERROR: no network" >&2; exit 1;;
    esac`;
    const message = await refusal(
      { python3 },
      { env: { XDG_CACHE_HOME: await temporaryDirectory() } },
    );
    expect(message).toContain('SecantusDB 0.7.0b3 could not be installed: pip of Python 3.12.0');
    expect(message).toContain('ERROR: no network');
    expect(message).toContain('1. set MONGODB_URI');
  });

  it('starts no empty log beside one that another program wrote', async () => {
    const message = await refusal({ python3: await realPython() }, { holds: 'mongod' });
    expect(message).toMatch(/holds a log written by MongoDB, which cannot be started/);
    expect(message).toContain('there is no mongod on the PATH');
    expect(message).toContain('set EMBEDDED_MONGODB=download');
  });

  it('downloads no MongoDB if SecantusDB wrote the log', async () => {
    const message = await refusal({}, { holds: 'secantusdb', choice: 'download' });
    expect(message).toContain('holds a log written by SecantusDB in Python');
    expect(message).toContain('unset EMBEDDED_MONGODB');
  });

  it('says that the download failed', async () => {
    // The package reads its settings from process.env; this mirror does not exist.
    vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', 'http://127.0.0.1:1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const env = { XDG_CACHE_HOME: await temporaryDirectory() };
    const message = await refusal({}, { choice: 'download', env });
    expect(message).toContain('MongoDB could not be downloaded into');
    expect(message).toContain('unset EMBEDDED_MONGODB, to use what this machine has');
  });
});

describe('startEmbedded, with several database programs', () => {
  it('keeps to the program that wrote the log, and says so', async () => {
    const dataDir = await temporaryDirectory();
    const python3 = await realPython();
    const first = await startEmbedded({ dataDir, env: await environmentWith({ python3 }) });
    await first.close();
    const lines: string[] = [];
    const mongod = 'echo "db version v8.0.4"';
    const second = await startEmbedded({
      dataDir,
      env: await environmentWith({ python3, mongod }),
      progress: (line) => lines.push(line),
    });
    await second.close();
    expect(second.kind).toBe('secantusdb');
    expect(lines).toEqual([
      expect.stringMatching(/^Staying with SecantusDB in Python, .* there is MongoDB 8\.0\.4 \(/),
    ]);
  });
});

describe('mongodProgram', () => {
  it('passes the replica set, the directory and the loopback address', () => {
    const program = mongodProgram(
      'mongod',
      { command: '/m', label: 'm' },
      { dataDir: '/d', env: {} },
    );
    expect(program.arguments(27018).slice(0, 8)).toEqual([
      ...['--replSet', 'eventline', '--dbpath', '/d/mongod'],
      ...['--bind_ip', '127.0.0.1', '--port', '27018'],
    ]);
  });
});
