import type { Write, WriteConcern } from '../commands/command.ts';
import type { Reply } from '../commands/server-error.ts';
import { type Fields, fromStored, toStored } from '../replica-set/stored-form.ts';
import type { World } from '../world.ts';
import { toBulkError, toBulkResult } from './bulk-error.ts';
import { createChangeStream } from './change-stream.ts';
import type { SimulatedClient } from './client.ts';
import { type CursorOptions, createCursor } from './find-cursor.ts';
import type { Session } from './session.ts';
import { toWriteError } from './to-driver-error.ts';

interface Options extends CursorOptions {
  session?: Session;
  readConcern?: { level: string };
  writeConcern?: WriteConcern;
  ordered?: boolean;
  upsert?: boolean;
  sort?: Readonly<Record<string, 1 | -1>>;
  limit?: number;
  returnDocument?: 'before' | 'after';
  maxTimeMS?: number;
}

type Update = object;
type BulkOperation = Record<string, Record<string, unknown>>;

const stored = (value: unknown) => toStored(value) as Fields;

/**
 * The part of the driver's Collection that the application uses, over a simulated client. The
 * default read concern is `majority`, as on the application's connection.
 */
export function createCollection(
  world: World,
  client: SimulatedClient,
  collection: string,
  defaultConcern: WriteConcern = { w: 'majority' },
) {
  const transactionOf = ({ session }: Options) => session?.take();

  function read(filter: object, options: Options) {
    return async (): Promise<Fields[]> => {
      const { documents } = await client.read({
        kind: 'find',
        collection,
        filter: stored(filter),
        sort: options.sort,
        limit: options.limit,
        transaction: transactionOf(options),
        readConcern: options.readConcern?.level ?? 'majority',
        maxTimeMS: options.maxTimeMS,
      });
      return documents as Fields[];
    };
  }

  function write(writes: readonly Write[], options: Options): Promise<Reply> {
    return client.send({
      kind: 'write',
      collection,
      writes,
      isOrdered: options.ordered ?? true,
      transaction: transactionOf(options),
      writeConcern: options.writeConcern ?? defaultConcern,
    });
  }

  async function writeOne(one: Write, options: Options): Promise<Reply> {
    const reply = await write([one], options);
    const error = toWriteError(reply);
    if (error) throw error;
    return reply;
  }

  async function writeMany(
    writes: readonly Write[],
    operations: readonly object[],
    options: Options,
  ) {
    const kind = writes[0]?.kind ?? 'insert';
    const shape = { kind, operations, isOrdered: options.ordered ?? true };
    const outcome = await write(writes, options).then(
      (reply) => ({ reply }),
      (error: unknown) => ({ error }),
    );
    const result = toBulkResult('reply' in outcome ? outcome.reply : undefined, shape);
    const error = toBulkError(result, outcome);
    if (error) throw error;
    return result;
  }

  const update = (filter: object, change: Update, options: Options, isMulti: boolean): Write => ({
    ...{ kind: 'update', filter: stored(filter), update: stored(change), isMulti },
    upsert: options.upsert ?? false,
  });

  async function updated(one: Write, options: Options) {
    const reply = await writeOne(one, options);
    const upserted = (reply.upserted as { _id: unknown }[] | undefined)?.[0];
    return {
      acknowledged: true,
      matchedCount: Number(reply.n) - (upserted ? 1 : 0),
      modifiedCount: Number(reply.nModified) - (upserted ? 1 : 0),
      upsertedCount: upserted ? 1 : 0,
      upsertedId: upserted ? fromStored(upserted._id) : null,
    };
  }

  async function removed(filter: object, isMulti: boolean, options: Options) {
    const { n } = await writeOne({ kind: 'delete', filter: stored(filter), isMulti }, options);
    return { acknowledged: true, deletedCount: Number(n) };
  }

  async function findAndModify(filter: object, change: Update | undefined, options: Options) {
    const reply = await client.send({
      ...{ kind: 'findAndModify', collection, filter: stored(filter), sort: options.sort },
      ...{ update: change && stored(change), upsert: options.upsert ?? false },
      returnsNew: options.returnDocument === 'after',
      transaction: transactionOf(options),
      writeConcern: options.writeConcern ?? defaultConcern,
    });
    const error = toWriteError(reply);
    if (error) throw error;
    return fromStored(reply.value);
  }

  return {
    collectionName: collection,
    find: (filter: object = {}, options: Options = {}) =>
      createCursor(read(filter, options), options),
    async findOne(filter: object = {}, options: Options = {}) {
      const one = { ...options, limit: 1 };
      return (await createCursor(read(filter, one), one).toArray())[0] ?? null;
    },
    async countDocuments(filter: object = {}, options: Options = {}) {
      return (await read(filter, options)()).length;
    },
    /** Read from metadata, without regard to a majority. */
    async estimatedDocumentCount() {
      return (await read({}, { readConcern: { level: 'local' } })()).length;
    },
    aggregate(pipeline: object[], options: Options = {}) {
      const load = async () => {
        const { documents } = await client.read({
          ...{ kind: 'aggregate', collection, filter: {}, pipeline: stored(pipeline) as never },
          ...{ transaction: transactionOf(options) },
          readConcern: options.readConcern?.level ?? 'majority',
        });
        return documents as Fields[];
      };
      return createCursor(load, {});
    },
    insertMany: (documents: readonly object[], options: Options = {}) =>
      writeMany(
        documents.map((document) => ({ kind: 'insert', document: stored(document) })),
        documents,
        options,
      ),
    async insertOne(document: { _id?: unknown }, options: Options = {}) {
      await writeOne({ kind: 'insert', document: stored(document) }, options);
      return { acknowledged: true, insertedId: document._id };
    },
    updateOne: (filter: object, change: Update, options: Options = {}) =>
      updated(update(filter, change, options, false), options),
    updateMany: (filter: object, change: Update, options: Options = {}) =>
      updated(update(filter, change, options, true), options),
    replaceOne: (filter: object, document: object, options: Options = {}) =>
      updated(update(filter, document, options, false), options),
    deleteOne: (filter: object, options: Options = {}) => removed(filter, false, options),
    deleteMany: (filter: object = {}, options: Options = {}) => removed(filter, true, options),
    findOneAndUpdate: (filter: object, change: Update, options: Options = {}) =>
      findAndModify(filter, change, options),
    findOneAndReplace: (filter: object, document: object, options: Options = {}) =>
      findAndModify(filter, document, options),
    findOneAndDelete: (filter: object, options: Options = {}) =>
      findAndModify(filter, undefined, options),
    bulkWrite: (operations: readonly BulkOperation[], options: Options = {}) =>
      writeMany(operations.map(toWrite), operations, options),
    watch: (
      pipeline: object[] = [],
      { maxAwaitTimeMS = 1_000 }: { maxAwaitTimeMS?: number } = {},
    ) => createChangeStream(world, client, { collection, pipeline, maxAwaitMs: maxAwaitTimeMS }),
  };
}

function toWrite(operation: BulkOperation): Write {
  const [[name, given] = ['', {}]] = Object.entries(operation);
  const filter = stored(given.filter ?? {});
  const upsert = Boolean(given.upsert);
  switch (name) {
    case 'insertOne':
      return { kind: 'insert', document: stored(given.document) };
    case 'updateOne':
    case 'updateMany':
      return {
        ...{ kind: 'update', filter, update: stored(given.update), upsert },
        isMulti: name === 'updateMany',
      };
    case 'replaceOne':
      return { kind: 'update', filter, update: stored(given.replacement), upsert, isMulti: false };
    case 'deleteOne':
    case 'deleteMany':
      return { kind: 'delete', filter, isMulti: name === 'deleteMany' };
    default:
      throw new TypeError(`bulkWrite: ${name} is not simulated`);
  }
}
