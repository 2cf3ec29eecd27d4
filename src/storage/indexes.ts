import { indexedKeys } from '../catalog/filter-keys.ts';
import { MESSAGE_KEY } from '../catalog/message-of.ts';

/** An index of the log as MongoDB's `createIndexes` takes it. */
export interface LogIndex {
  readonly collection: string;
  /** MongoDB's default name, so that an existing index is recognised. */
  readonly name: string;
  readonly key: Readonly<Record<string, 1>>;
  readonly unique?: true;
  /** The first index set that contains it. */
  readonly since: number;
}

function index(
  since: number,
  collection: string,
  fields: readonly string[],
  options: { unique?: true } = {},
): LogIndex {
  return {
    collection,
    name: fields.map((field) => `${field}_1`).join('_'),
    key: Object.fromEntries(fields.map((field) => [field, 1 as const])),
    ...options,
    since,
  };
}

/**
 * The list of all indexes. Each release may add an index set; it never removes an index that an
 * older release beside it still uses. Every page of the log and its projections is a closed range
 * of positions after at most one equality.
 *
 * Missing indexes are created at each start, one after the other; MongoDB builds them during reads
 * and writes.
 */
export const indexes: readonly LogIndex[] = [
  index(1, 'events', ['position'], { unique: true }),
  index(1, 'events', ['userId', 'position']),
  index(1, 'events', ['installationId', 'position']),
  index(1, 'events', ['type', 'position']),
  // Not partial: the embedded server does not use partial indexes.
  ...[...indexedKeys, MESSAGE_KEY].map((key) => index(2, 'events', [`payload.${key}`, 'position'])),
  // Pages of the quarantine: bodies have up to 2 MiB, too large to be sorted in memory.
  index(2, 'quarantine', ['firstAt', '_id']),
  index(2, 'users', ['position']),
  index(2, 'users', ['status', 'position']),
  index(2, 'installations', ['position']),
  ...['userInstallations', 'messages', 'userContacts'].flatMap((collection) => [
    index(2, collection, ['position']),
    index(2, collection, ['userId', 'position']),
  ]),
  index(2, 'userInstallations', ['installationId', 'position']),
  index(2, 'userContacts', ['contact', 'position']),
  // Selects unread messages, which are few and often requested.
  index(2, 'messages', ['readOn', 'position']),
];

/** The newest index set. */
export const INDEX_SET = Math.max(...indexes.map(({ since }) => since));
