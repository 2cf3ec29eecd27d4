import type { EventFilter } from '../../src/client/create-events-client.ts';
import { STORED } from '../documents.ts';
import type { TestServer } from '../utils/server.ts';

/** Returns the cursors of the matching events, in log order. */
export async function storedCursors(
  server: TestServer,
  filter: EventFilter = {},
): Promise<string[]> {
  const cursors: string[] = [];
  for (let after: string | null = null; ; ) {
    const { body } = await server.query(STORED.toString(), { filter, first: 1_000, after });
    for (const { cursor } of body.data.events.edges) cursors.push(cursor);
    if (!body.data.events.pageInfo.hasNextPage) return cursors;
    after = body.data.events.pageInfo.endCursor;
  }
}

/** Returns the cursor of the head; a replay starts after it. */
export async function headOf(server: TestServer): Promise<string> {
  const { body } = await server.query('query { head }');
  return body.data.head;
}

/** Posts events of several types and users, some of them concurrently. */
export async function postMany(server: TestServer, count: number): Promise<void> {
  const types = ['message_sent', 'message_read', 'app_opened'];
  const bodies = Array.from({ length: count }, (_, index) => ({
    type: types[index % types.length] ?? 'app_opened',
    payload: { user_id: `user-${index % 4}` },
  }));
  while (bodies.length > 0) {
    const answers = await Promise.all(
      bodies.splice(0, 20).map(({ type, payload }) => server.post(type, payload)),
    );
    for (const { status } of answers) if (status !== 200) throw new Error(`answered ${status}`);
  }
}
