import { type ExecutionResult, execute, parse } from 'graphql';
import type { Viewer } from '../../src/auth/viewer.ts';
import type { NewEvent, StoredEvent } from '../../src/catalog/event.ts';
import { completeLimits } from '../../src/config/limits.ts';
import { createFeed } from '../../src/feed/feed.ts';
import type { LogOptions } from '../../src/log/log.ts';
import { createProjections, type Projections } from '../../src/projections/projections.ts';
import type { GraphqlContext } from '../../src/schema/context.ts';
import { schema } from '../../src/schema/schema.ts';
import type { EventLog } from '../../src/server/create-event-log.ts';
import { retryRejected } from '../../src/webhook/retry-rejected.ts';
import { openPatientLog } from '../log/open-logs.ts';
import { freshDatabase } from '../utils/database.ts';
import { PATIENCE_MS } from '../utils/patience.ts';

// biome-ignore lint/suspicious/noExplicitAny: whatever the document selects
export type Data = any;

export const reader: Viewer = {
  userId: null,
  scopes: new Set(['events:read']),
  expiresAtMs: Number.POSITIVE_INFINITY,
};
export const owner = (userId: string): Viewer => ({ ...reader, userId, scopes: new Set() });

/** A log with its projections and the schema, composed as in the server. */
export interface OpenGraph {
  log: EventLog;
  views: Projections;
  /** Appends events, and returns all events of the log in order. */
  append(events: readonly NewEvent[]): Promise<StoredEvent[]>;
  /** Executes a document, and returns data and errors. */
  ask(document: string, viewer?: Viewer, variables?: object): Promise<ExecutionResult>;
  /** Executes a document that must not have errors. */
  read(document: string, viewer?: Viewer, variables?: object): Promise<Data>;
  close(): Promise<void>;
}

export async function openGraph(options: Partial<LogOptions> = {}): Promise<OpenGraph> {
  const database = options.uri === undefined ? await freshDatabase() : undefined;
  const uri = options.uri ?? database?.uri ?? '';
  const log = await openPatientLog({ ...options, uri });
  const { reader: events, tailer, expired } = log;
  const feed = createFeed({ reader: events, head: tailer.head, expired });
  const views = createProjections({ log, timeoutMs: PATIENCE_MS });
  const ask = async (document: string, viewer: Viewer = reader, variables = {}) => {
    const retry = (ids: readonly string[]) => retryRejected(ids, log);
    const contextValue: GraphqlContext = {
      ...{ viewer, log, feed, views, retryRejected: retry },
      limits: completeLimits(),
    };
    const variableValues = variables as Record<string, unknown>;
    return execute({ schema, document: parse(document), contextValue, variableValues });
  };
  return {
    log,
    views,
    async append(events) {
      await Promise.all(events.map((event) => log.appender.append(event, 100)));
      const upTo = await log.tailer.catchUp();
      return (await log.reader.read({ after: 0, upTo }, { limit: 10_000 })).events;
    },
    ask,
    async read(document, viewer, variables) {
      const { data, errors } = await ask(document, viewer, variables);
      if (errors) throw errors[0]?.originalError ?? errors[0];
      return JSON.parse(JSON.stringify(data));
    },
    async close() {
      await views.close();
      await log.close();
      await database?.drop();
    },
  };
}
