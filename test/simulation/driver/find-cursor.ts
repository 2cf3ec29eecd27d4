import mongoose from 'mongoose';
import { type Fields, fromStored } from '../replica-set/stored-form.ts';

/** The part of the driver's FindCursor that the application uses. */
export interface SimulatedCursor {
  toArray(): Promise<unknown[]>;
  hasNext(): Promise<boolean>;
  next(): Promise<unknown>;
  bufferedCount(): number;
  readBufferedDocuments(count?: number): unknown[];
  close(): Promise<void>;
  [Symbol.asyncIterator](): AsyncIterator<unknown>;
}

export interface CursorOptions {
  projection?: Readonly<Record<string, unknown>> | undefined;
  raw?: boolean | undefined;
}

/** A cursor with all its documents in the first batch. */
export function createCursor(
  read: () => Promise<Fields[]>,
  { projection, raw }: CursorOptions,
): SimulatedCursor {
  let buffered: unknown[] | undefined;
  const select = toProjection(projection);

  async function load(): Promise<unknown[]> {
    if (buffered === undefined) {
      const documents = await read();
      buffered = documents.map((document) => {
        const copy = fromStored(select(document)) as Fields;
        return raw ? Buffer.from(mongoose.mongo.BSON.serialize(copy)) : copy;
      });
    }
    return buffered;
  }

  return {
    toArray: async () => (await load()).splice(0),
    hasNext: async () => (await load()).length > 0,
    next: async () => (await load()).shift() ?? null,
    bufferedCount: () => buffered?.length ?? 0,
    readBufferedDocuments: (count) => buffered?.splice(0, count ?? buffered.length) ?? [],
    async close() {
      buffered = [];
    },
    async *[Symbol.asyncIterator]() {
      while ((await load()).length > 0) yield buffered?.shift();
    },
  };
}

/** Source: MongoDB manual, "Project Fields to Return from Query"; top-level fields only. */
function toProjection(projection: CursorOptions['projection'] = {}): (document: Fields) => Fields {
  if (Object.keys(projection).length === 0) return (document) => document;
  const { _id: id, ...others } = projection;
  const isInclusion = Object.values(others).some((value) => value === 1 || value === true);
  const wanted = (name: string) => {
    if (name === '_id') return id !== 0 && id !== false;
    return isInclusion ? Boolean(others[name]) : !(name in others);
  };
  return (document) =>
    Object.fromEntries(Object.entries(document).filter(([name]) => wanted(name)));
}
