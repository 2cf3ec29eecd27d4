import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { inject } from 'vitest';

export interface TestDatabase {
  uri: string;
  drop(): Promise<void>;
}

/** Returns an empty database on the embedded server that the whole test run shares. */
export async function freshDatabase(): Promise<TestDatabase> {
  const name = `test-${randomUUID()}`;
  const uri = inject('mongodbUri').replace('/eventline?', `/${name}?`);
  return {
    uri,
    async drop() {
      const client = await new mongoose.mongo.MongoClient(uri).connect();
      await client.db(name).dropDatabase();
      await client.close();
    },
  };
}
