import { afterAll, beforeAll } from 'vitest';
import { runEventline } from '../../utils/eventline.ts';
import {
  JWT_SECRET,
  startTestServer,
  type TestServer,
  WEBHOOK_SECRET,
} from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

export const env = { WEBHOOK_SECRETS: WEBHOOK_SECRET, AUTH_JWT_SECRET: JWT_SECRET };
export const FORMULA = '=HYPERLINK("http://example.com";"x, y")\nnext';

/** Starts a server with ten events for all tests of a file. */
export function useRecordedLog(): () => TestServer {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    for (let index = 0; index < 7; index += 1) {
      await server.post('message_sent', { user_id: `user-${index % 2}` });
    }
    await server.post('user_first_logged_in', { user_id: 'user-0', email: 'a@example.com' });
    await server.post('app_opened', { user_id: FORMULA });
    const occurred_on = '2020-02-29T12:00:00.123+02:00';
    await server.postRaw(
      JSON.stringify({ type: 'goal_reached', occurred_on, payload: { a: [1] } }),
    );
  });
  afterAll(() => server.close());
  return () => server;
}

/** Runs a command against a server, in a new folder. */
export async function run(server: TestServer, command: string, args: readonly string[]) {
  return runEventline([command, ...args, '--url', server.url], {
    cwd: await temporaryDirectory(),
    env,
  });
}

/** Parses JSON lines. */
export const jsonLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one));

/** Returns the ids of all events, in order. */
export async function idsOf(one: TestServer): Promise<string[]> {
  const { body } = await one.query('{ events(first: 100) { edges { node { id } } } }');
  return body.data.events.edges.map(({ node }: { node: { id: string } }) => node.id);
}
