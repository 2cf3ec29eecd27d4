import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startServerProcess } from '../../utils/eventline.ts';
import { deliveryOf } from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

const MAX_FILES = 512;

test('with few file descriptors, connections that send nothing keep no delivery out', async () => {
  const server = await startServerProcess({
    cwd: await temporaryDirectory(),
    maxFiles: MAX_FILES,
  });
  onTestFinished(async () => void (await server.kill('SIGTERM')));
  const sockets: Socket[] = [];
  for (let opened = 0; opened < 2 * MAX_FILES; opened += 1) {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    sockets.push(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
  }
  const answer = await server.postOnce(deliveryOf('app_opened'));
  expect(answer?.status).toBe(200);
  await server.kill('SIGTERM');
  const { stderr } = await server.finished;
  expect(stderr).toContain('MAX_CONNECTIONS is lowered');
});
