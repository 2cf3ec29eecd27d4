import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshDatabase } from '../../utils/database.ts';
import { lineOf, runEventline, startEventline } from '../../utils/eventline.ts';
import { JWT_SECRET, WEBHOOK_SECRET } from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

/** Parses each line of a log. */
function linesOf(text: string): { level: string; time: string; msg: string; url?: string }[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

test('without a terminal, every line on standard error is JSON, also of the embedded database', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, '.env'), 'SOMETHING_ELSE=1\n');
  const { child, finished } = startEventline(['serve'], { cwd, env: { PORT: '0' } });
  await lineOf(child, 'stderr', /"started"/);
  child.kill('SIGTERM');
  const lines = linesOf((await finished).stderr);
  for (const line of lines)
    expect(line).toMatchObject({ level: expect.any(String), time: isoTime });
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual(
    expect.arrayContaining([
      ['warn', '.env: SOMETHING_ELSE is no setting of Eventline'],
      ['info', 'started'],
      ['info', 'Stopped.'],
    ]),
  );
});

test('in production the log is the only output', async () => {
  const database = await freshDatabase();
  const env = {
    ...{ NODE_ENV: 'production', PORT: '0', METRICS_PORT: '0', MONGODB_URI: database.uri },
    ...{ WEBHOOK_SECRETS: WEBHOOK_SECRET, AUTH_JWT_SECRET: JWT_SECRET },
  };
  const { child, finished } = startEventline(['serve'], { cwd: await temporaryDirectory(), env });
  await lineOf(child, 'stderr', /"started"/);
  child.kill('SIGTERM');
  const { code, stdout, stderr } = await finished;
  expect([code, stdout]).toEqual([0, '']);
  expect(linesOf(stderr).find(({ msg }) => msg === 'started')).toMatchObject({
    url: expect.stringMatching(/^http:/),
    metricsPort: expect.any(Number),
  });
  await database.drop();
});

test('a start that fails says so in one line', async () => {
  const ended = await runEventline(['serve'], {
    cwd: await temporaryDirectory(),
    env: { PORT: 'x', RETENTION_DAY: '3', FORCE_COLOR: '1' },
  });
  expect(ended.code).toBe(2);
  expect(linesOf(ended.stderr)).toEqual([
    expect.objectContaining({
      level: 'fatal',
      time: isoTime,
      msg: expect.stringMatching(
        /^eventline: The configuration is not right:\n {2}PORT: .*\n {2}RETENTION_DAY: /,
      ),
    }),
  ]);
});

test('a port in use is named by its setting', async () => {
  const cwd = await temporaryDirectory();
  const env = { PORT: '0', METRICS_PORT: '0' };
  const first = startEventline(['serve'], { cwd, env });
  const started = JSON.parse(await lineOf(first.child, 'stderr', /"started"/));
  const again = await runEventline(['serve'], {
    cwd: await temporaryDirectory(),
    env: { PORT: '0', METRICS_PORT: String(started.metricsPort) },
  });
  expect(again.stderr).toContain('is in use by another program. Set METRICS_PORT to another port');
  first.child.kill('SIGTERM');
  await first.finished;
});
