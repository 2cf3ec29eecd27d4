import { afterAll, beforeAll, expect } from 'vitest';
import { makeDeliveries } from '../../src/cli/commands/seed/make-deliveries.ts';
import { graphiqlExamples } from '../../src/server/pages/graphiql-examples.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import type { Raw } from './raw-events.ts';

const EVENTS = 300;
const UNTIL_MS = Date.UTC(2026, 2, 31);
/** A daylight-saving change in Madrid is within these days. */
const DAYS = 4;
/** The names of plans by the sender's integers. */
export const PLANS: Record<number, string> = { 0: 'FREE', 2: 'PREMIUM', 4: 'FREEMIUM' };
export const SCOPE = 'events:read pii:read events:admin';
const AT_ONCE = 20;

/** The log of a test file, and what was sent to it. */
export interface ExampleLog {
  server: () => TestServer;
  /** The accepted events in log order. */
  raw: Raw[];
  refused: string[];
  ofType: (...types: string[]) => Raw[];
  /** Runs a GraphiQL tab with its own variables, some of them replaced. */
  // biome-ignore lint/suspicious/noExplicitAny: the answer of any query
  ask: (name: string, variables?: object) => Promise<any>;
}

/** Fills a log with simulated events for all tests of a file. */
export function useExampleLog(): ExampleLog {
  const raw: Raw[] = [];
  const refused: string[] = [];
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    const plan = { events: EVENTS, users: 12, days: DAYS, seed: 3, untilMs: UNTIL_MS };
    const deliveries = [...makeDeliveries(plan)].map(({ body }) => body);
    // An event that the simulation rarely sends.
    const example = { user_id: '99000000L', from_status: 0, to_status: 9 };
    const occurred_on = '2026-03-28T23:30:00.000+00:00';
    deliveries.push(JSON.stringify({ type: 'user_status_changed', occurred_on, payload: example }));
    deliveries.push(
      JSON.stringify({ type: 'survey_answered', occurred_on, payload: { stars: 5 } }),
    );
    deliveries.push(JSON.stringify({ type: 'app_opened', occurred_on, payload: { user_id: '1' } }));
    const grown = {
      user_id: '1',
      installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
      dark: true,
    };
    deliveries.push(JSON.stringify({ type: 'app_opened', occurred_on, payload: grown }));
    const positions = new Map<string, Raw>();
    for (let start = 0; start < deliveries.length; start += AT_ONCE) {
      await Promise.all(
        deliveries.slice(start, start + AT_ONCE).map(async (body) => {
          const answer = await server.postRaw(body);
          if (answer.status === 200) {
            const { id, position } = answer.body;
            positions.set(id, { ...JSON.parse(body), id, position });
          } else refused.push(body);
        }),
      );
    }
    raw.push(...[...positions.values()].sort((one, other) => one.position - other.position));
  });
  afterAll(() => server.close());

  async function ask(name: string, variables: object = {}) {
    const tab = graphiqlExamples.find(({ query }) => query.includes(` ${name}`));
    if (tab === undefined) throw new Error(`there is no tab ${name}`);
    const own = JSON.parse(tab.variables ?? '{}');
    const token = await server.token({ scope: SCOPE });
    const { body } = await server.query(tab.query, { ...own, ...variables }, token);
    expect(body.errors).toBeUndefined();
    return body.data;
  }

  return {
    ...{ server: () => server, raw, refused, ask },
    ofType: (...types) => raw.filter(({ type }) => types.includes(type)),
  };
}
