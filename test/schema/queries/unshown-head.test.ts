import { expect, onTestFinished, test } from 'vitest';
import { openGraph } from '../../projections/open-graph.ts';
import { someLives } from '../../projections/some-lives.ts';

test.each([
  '{ events(first: 100) { reached } }',
  '{ events(last: 5) { reached } }',
  '{ events(first: 100, filter: { userIds: ["ana"] }) { reached } }',
  '{ events(last: 5, filter: { userIds: ["ana"] }) { reached } }',
  '{ user(id: "ana") { events(first: 100) { reached } } }',
  '{ user(id: "ana") { events(last: 100) { reached } } }',
])('%s is refused while the database does not show the last event', async (query) => {
  const graph = await openGraph();
  onTestFinished(() => graph.close());
  const { log } = graph;
  await graph.append(someLives(40, 5));
  await graph.views.caughtUp();
  expect((await graph.ask(query)).errors).toBeUndefined();
  // As on a new primary, whose majority snapshot is older: `reached` would lie beyond the page.
  await log.collections.events.deleteOne({ position: log.tailer.head() });
  const { errors } = await graph.ask(query);
  expect(errors?.map(({ originalError }) => originalError)).toMatchObject([
    { code: 'SERVICE_UNAVAILABLE' },
  ]);
});
