import DataLoader from 'dataloader';
import { narrow } from '../../auth/viewer.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import type { Filter } from '../../log/read/filter.ts';
import type { Activity, Visibility } from '../../projections/activity.ts';
import type { Device } from '../../projections/installations.ts';
import type { Message } from '../../projections/messages.ts';
import type { Lists, SubjectKey } from '../../projections/projections.ts';
import type { GroupsQuery } from '../../projections/read-groups.ts';
import type { Plans } from '../../projections/user-status.ts';
import type { GraphqlContext } from '../context.ts';
import type { PageRead } from './page.ts';
import { readWithin, sizeOfEvents, sizeOfJson } from './read-within.ts';

/** Keys per read, which keeps a read within its time limit. */
const BATCH = 100;

const NOTHING = { items: [], isCut: false };

type Page = Omit<GroupsQuery, 'keys'>;

/**
 * Batches what one operation needs of many users, installations and messages: one read per kind.
 */
export interface Loaders {
  userActivity: DataLoader<string, Activity | undefined>;
  installationActivity: DataLoader<string, Activity | undefined>;
  plans: DataLoader<string, Plans | undefined>;
  devices: DataLoader<string, Device | undefined>;
  messages: DataLoader<string, Message | undefined>;
  /** Returns the same page of the events of many users or installations. */
  events(key: SubjectKey, filter: Filter, page: Page): DataLoader<string, PageRead<StoredEvent>>;
  /** Returns the same page of many lists, one for each key under this name. */
  lists<Name extends keyof Lists>(
    name: Name,
    key: SubjectKey,
    query: Record<string, unknown>,
    page: Page,
  ): DataLoader<string, PageRead<Lists[Name]>>;
}

function sizeOfGroups(groups: ReadonlyMap<string, PageRead<StoredEvent>>): number {
  return [...groups.values()].reduce((sum, { items }) => sum + sizeOfEvents(items), 0);
}

/** Reads within the reserved memory: in halves, if the events of all keys would exceed it. */
async function readParts<Value>(
  context: GraphqlContext,
  ids: readonly string[],
  read: (ids: readonly string[], maxBytes?: number) => Promise<Map<string, Value> | undefined>,
): Promise<Map<string, Value>> {
  const found = await readWithin(
    context,
    (maxBytes) => read(ids, ids.length > 1 ? maxBytes : undefined),
    (result) => (result ? sizeOfJson([...result.values()]) : 0),
  );
  if (found || ids.length < 2) return found ?? new Map();
  const half = ids.length >> 1;
  const first = await readParts(context, ids.slice(0, half), read);
  return new Map([...first, ...(await readParts(context, ids.slice(half), read))]);
}

const known = new WeakMap<GraphqlContext, Loaders>();

/** Returns the loaders of an operation; a subscription has new ones for each event. */
export function loadersOf(context: GraphqlContext): Loaders {
  const loaders = known.get(context) ?? createLoaders(context);
  known.set(context, loaders);
  return loaders;
}

/** Discards loaded values, which describe a past moment. */
export function forgetLoaded(context: GraphqlContext): void {
  known.delete(context);
}

/**
 * Returns everything that a viewer may see, as a condition. @throws EventlineError FORBIDDEN for a
 * viewer who may see nothing
 */
export function visibilityOf({ viewer }: Pick<GraphqlContext, 'viewer'>): Visibility {
  return narrow(viewer, {});
}

function createLoaders(context: GraphqlContext): Loaders {
  const { views } = context;
  const viewer = context.memory?.viewer;
  const visibility = visibilityOf(context);
  const pages = new Map<string, DataLoader<string, unknown>>();

  /** One loader for all fields that request the same page. */
  function page<Item>(
    args: unknown[],
    read: (keys: readonly string[]) => Promise<Map<string, PageRead<Item>>>,
  ): DataLoader<string, PageRead<Item>> {
    const name = JSON.stringify(args);
    const loader = pages.get(name) ?? byKey(read, NOTHING);
    pages.set(name, loader);
    return loader as DataLoader<string, PageRead<Item>>;
  }

  return {
    userActivity: byKey((ids) => views.activity('userId', ids, visibility, viewer)),
    installationActivity: byKey((ids) => views.activity('installationId', ids, visibility, viewer)),
    plans: byKey((ids) => readParts(context, ids, views.plans)),
    devices: byKey((ids) =>
      readParts(context, ids, (some, maxBytes) => views.devices(some, visibility, maxBytes)),
    ),
    messages: byKey((ids) =>
      readParts(context, ids, (some, maxBytes) => views.messages(some, visibility, maxBytes)),
    ),
    events: (key, filter, request) =>
      page(['events', key, filter, request], (keys) =>
        readWithin(
          context,
          (maxBytes) => views.events({ ...request, keys, key, filter, maxBytes }),
          sizeOfGroups,
        ),
      ),
    lists: (name, key, query, request) =>
      page([name, key, query, request], (keys) =>
        readWithin(
          context,
          () => views.lists(name, { ...request, keys, key, query }),
          (groups) => sizeOfJson([...groups.values()]),
        ),
      ),
  };
}

/** @param nothing value of a key without a result */
function byKey<Value, Nothing = undefined>(
  read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  nothing?: Nothing,
): DataLoader<string, Value | Nothing> {
  return new DataLoader(
    async (keys) => {
      const found = await read(keys);
      return keys.map((key) => found.get(key) ?? (nothing as Nothing));
    },
    { maxBatchSize: BATCH },
  );
}
