import { expect, test } from 'vitest';
import { freshDatabase } from '../utils/database.ts';
import { startTestServer } from '../utils/server.ts';
import { connectClient, take, transports } from './connect-client.ts';
import { headOf, postMany, storedCursors } from './stored-cursors.ts';

test('the client resumes after the server restarts on its port and database', async () => {
  const { uri: mongodbUri, drop } = await freshDatabase();
  const before = await startTestServer({ mongodbUri });
  const after = await headOf(before);
  const { url, token } = before;
  const clients = transports.map((transport) => connectClient({ url, token, transport }));
  const streams = clients.map((client) => client.subscribe({ after }));
  await postMany(before, 30);
  for (const events of streams) await take(events, 20);
  const waiting = clients.map((client) => client.waitForStatus('waiting'));
  const rest = streams.map((events) => take(events, 40));
  await before.close();
  await Promise.all(waiting);

  const again = await startTestServer({ mongodbUri, port: Number(new URL(url).port) });
  await postMany(again, 30);
  const expected = (await storedCursors(again)).slice(20);
  for (const events of await Promise.all(rest)) {
    expect(events.map(({ cursor }) => cursor)).toEqual(expected);
  }
  for (const client of clients) client.close();
  await again.close();
  await drop();
});
