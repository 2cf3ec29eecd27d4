import { indexedKeys } from '../catalog/filter-keys.ts';
import { MESSAGE_KEY } from '../catalog/message-of.ts';

/** An index of the log, as MongoDB's `createIndexes` takes it. */
export interface LogIndex {
  readonly collection: string;
  /** As MongoDB would name it, so that one that is there already is the same. */
  readonly name: string;
  readonly key: Readonly<Record<string, 1>>;
  readonly unique?: true;
  /** The first set that has it. */
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
 * The one list of indexes. A set is what one release has; a later one adds to it, and takes nothing
 * away that an older one beside it still reads by. Every page of the log, and of what is derived from
 * it, is a closed range of positions with at most one equality before it.
 *
 * They are made at each start, one after the other, where they are not there yet: MongoDB builds them
 * while reads and writes go on.
 */
export const indexes: readonly LogIndex[] = [
  index(1, 'events', ['position'], { unique: true }),
  index(1, 'events', ['userId', 'position']),
  index(1, 'events', ['installationId', 'position']),
  index(1, 'events', ['type', 'position']),
  // Not partial: the embedded server does not use such an index.
  ...[...indexedKeys, MESSAGE_KEY].map((key) => index(2, 'events', [`payload.${key}`, 'position'])),
  index(2, 'users', ['position']),
  index(2, 'installations', ['position']),
  ...['userInstallations', 'messages'].flatMap((collection) => [
    index(2, collection, ['position']),
    index(2, collection, ['userId', 'position']),
  ]),
  index(2, 'userInstallations', ['installationId', 'position']),
  // Those that were not read are few, and are what is asked for.
  index(2, 'messages', ['readOn', 'position']),
];

/** The newest set. */
export const INDEX_SET = Math.max(...indexes.map(({ since }) => since));
