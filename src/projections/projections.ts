import type { StoredEvent } from '../catalog/event.ts';
import { sizeOf } from '../catalog/size-of.ts';
import type { Filter } from '../log/read/filter.ts';
import type { Span } from '../log/read/log-reader.ts';
import { isOneOf } from '../storage/is-one-of.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import type { Collection } from '../storage/models.ts';
import type {
  InstallationDocument,
  MessageDocument,
  ProjectionDocument,
  UserContactDocument,
  UserDocument,
  UserInstallationDocument,
} from '../storage/projection-documents.ts';
import { type Activity, readActivity, type Visibility } from './activity.ts';
import { type Device, readInstallations } from './installations.ts';
import { type Message, readMessages } from './messages.ts';
import type { ProjectionLag } from './projection-lag.ts';
import { createProjectionRunner, type ProjectionRunnerOptions } from './projection-runner.ts';
import { readDocuments } from './read-documents.ts';
import { type Group, type GroupsQuery, readGroups } from './read-groups.ts';
import { createSnapshotRead } from './snapshot-read.ts';
import { type Plans, readUserStatus } from './user-status.ts';

const FILTER_OF = { userId: 'userIds', installationId: 'installationIds' } as const;
const UNLIMITED = Number.POSITIVE_INFINITY;

export type ProjectionsOptions = ProjectionRunnerOptions;

/** The lists, with the document that represents an item of each. */
export interface Lists {
  users: UserDocument;
  installations: InstallationDocument;
  userInstallations: UserInstallationDocument;
  messages: MessageDocument;
  userContacts: UserContactDocument;
}

/** The name under which documents and events have a user or an installation. */
export type SubjectKey = 'userId' | 'installationId';

/** A part of a list, in the order of positions. */
export interface ListQuery {
  /** Conditions of a MongoDB query, beginning with the prefix of an index. */
  query: Record<string, unknown>;
  span: Span;
  limit: number;
  direction: 'forward' | 'backward';
}

/**
 * Users, installations and messages according to the log. All methods throw LogUnavailableError.
 */
export interface Projections {
  /** Reports that the log has grown. */
  onEvent(): void;
  /**
   * Resolves when lists contain everything stored before the call.
   * @throws EventlineError SERVICE_UNAVAILABLE on a timeout, with the progress
   */
  caughtUp(): Promise<void>;
  list<Name extends keyof Lists>(name: Name, query: ListQuery): Promise<Lists[Name][]>;
  /** The number of items of a list, from the database's statistics: it costs nothing. */
  total(name: keyof Lists): Promise<number>;
  /** Returns how far the lists are behind the log. */
  lag(): ProjectionLag;
  /**
   * Returns the same page of many lists, one for each key under `name`, with everything stored
   * before the call: it applies the events of these keys first if the projections lag.
   */
  lists<Name extends keyof Lists>(
    name: Name,
    request: GroupsQuery & { key: SubjectKey; query: Record<string, unknown> },
  ): Promise<Map<string, Group<Lists[Name]>>>;
  /** Returns the same page of the events of many users or installations. */
  events(
    request: GroupsQuery & {
      key: SubjectKey;
      filter: Filter;
      /** Bytes of memory for all events; each user or installation gets at least one event. */
      maxBytes: number;
    },
  ): Promise<Map<string, Group<StoredEvent>>>;
  activity(
    key: SubjectKey,
    ids: readonly string[],
    visibility: Visibility,
    viewer?: string,
  ): Promise<Map<string, Activity>>;
  /**
   * This method, `devices` and `messages` resolve to undefined if the events have more than
   * `maxBytes`. The caller then reads fewer ids at once.
   */
  plans(userIds: readonly string[], maxBytes?: number): Promise<Map<string, Plans> | undefined>;
  devices(
    ids: readonly string[],
    visibility: Visibility,
    maxBytes?: number,
  ): Promise<Map<string, Device> | undefined>;
  messages(
    ids: readonly string[],
    visibility: Visibility,
    maxBytes?: number,
  ): Promise<Map<string, Message> | undefined>;
  close(): Promise<void>;
}

/**
 * Creates the projections of a log and keeps their documents up to date. A single user,
 * installation or message is read from the log itself, batched over all that are requested
 * together.
 */
export function createProjections(options: ProjectionsOptions): Projections {
  const { collections, reader } = options.log;
  const runner = createProjectionRunner(options);
  const readSnapshot = createSnapshotRead(options.log);
  const documentsOf = <Name extends keyof Lists>(name: Name) =>
    collections[name] as unknown as Collection<Lists[Name] & ProjectionDocument>;

  return {
    onEvent: runner.onEvent,
    caughtUp: runner.caughtUp,
    lag: runner.lag,
    list: (name, query) =>
      readSnapshot(async ({ after: removedUpTo }) => {
        const found = await readDocuments(documentsOf(name), { ...query, removedUpTo });
        return found.items;
      }),
    total: (name) => mapDatabaseError(documentsOf(name).estimatedDocumentCount()),
    async lists(name, { key, query, ...request }) {
      await runner.appliedFor({ [FILTER_OF[key]]: request.keys });
      return readSnapshot(({ after: removedUpTo }) =>
        readGroups(
          request,
          (keys, span, limit) =>
            readDocuments(documentsOf(name), {
              query: { [key]: isOneOf(keys), ...query },
              ...{ span, limit, direction: request.direction, removedUpTo },
            }),
          (document) => String(Reflect.get(document, key)),
        ),
      );
    },
    async events({ key, filter, maxBytes, ...request }) {
      const name = FILTER_OF[key];
      const { direction, keys: all } = request;
      // The filter may restrict the keys further.
      const keys = all.filter((id) => filter[name]?.includes(id) ?? true);
      return readGroups(
        { ...request, keys },
        async (ids, span, limit) => {
          const page = await reader.read(span, {
            filter: { ...filter, [name]: ids },
            ...{ limit, direction, maxBytes, isPublished: true },
          });
          if (direction === 'forward') {
            return { items: page.events, reached: Math.max(page.reached, page.from) };
          }
          // The search has reached the first position.
          const isDone = page.reached <= page.from;
          return { items: page.events, reached: isDone ? span.after : page.reached };
        },
        (event) => event[key],
        { max: maxBytes, sizeOf },
      );
    },
    activity: (key, ids, visibility, viewer) =>
      readActivity(collections, readSnapshot, { key, ids, visibility, viewer }),
    plans: (userIds, maxBytes = UNLIMITED) =>
      readUserStatus(collections, readSnapshot, { userIds, maxBytes }),
    devices: (ids, visibility, maxBytes = UNLIMITED) =>
      readInstallations(collections, readSnapshot, { ids, visibility, maxBytes }),
    messages: (ids, visibility, maxBytes = UNLIMITED) =>
      readMessages(collections, readSnapshot, { ids, visibility, maxBytes }),
    close: runner.close,
  };
}
