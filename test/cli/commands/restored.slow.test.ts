import { expect, test } from 'vitest';
import { freshDatabase } from '../../utils/database.ts';
import { runEventline } from '../../utils/eventline.ts';
import { startTestServer } from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

const restored = async (mongodbUri: string | undefined, ...args: string[]) =>
  runEventline(['restored', ...args], {
    cwd: await temporaryDirectory(),
    env: mongodbUri === undefined ? {} : { MONGODB_URI: mongodbUri },
  });

test('prints where the log ends and continues, and a server continues there', async () => {
  const { uri: mongodbUri } = await freshDatabase();
  const first = await startTestServer({ mongodbUri });
  await first.post('message_sent');
  await first.close();
  const { code, stdout, stderr } = await restored(mongodbUri, '--skip', '99', '--yes');
  expect([code, stdout]).toEqual([
    0,
    'The log ends at position 1. The next event gets position 101; older cursors continue there.\n',
  ]);
  expect(stderr).toContain('waiting 15 s until every server has noticed');
  const second = await startTestServer({ mongodbUri });
  expect((await second.post('message_sent')).body).toMatchObject({ position: 101 });
  await second.close();
});

test.each([
  ['a run without a terminal', [], 'No terminal for a confirmation: give --yes.'],
  ['--skip without a number', ['--yes', '--skip', 'x'], 'expected a whole number from 1'],
  ['--skip 0', ['--yes', '--skip', '0'], 'expected a whole number from 1'],
])('%s is refused with the reason', async (_, args, reason) => {
  const result = await restored((await freshDatabase()).uri, ...args);
  expect([result.code, result.stderr]).toEqual([1, expect.stringContaining(reason)]);
});

test('reports that the directory holds no database', async () => {
  const result = await restored(undefined, '--yes');
  expect([result.code, result.stderr]).toEqual([
    1,
    expect.stringContaining('There is no database in'),
  ]);
});
