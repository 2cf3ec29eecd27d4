import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import mongoose from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import { createLogger } from '../../src/observability/create-logger.ts';
import { freshDatabase } from '../utils/database.ts';

test('a database error is logged without the key it mentions', async () => {
  const database = await freshDatabase();
  const client = await new mongoose.mongo.MongoClient(database.uri).connect();
  onTestFinished(async () => {
    await client.close();
    await database.drop();
  });
  const events = client.db().collection<{ _id: mongoose.mongo.Binary }>('events');
  const _id = new mongoose.mongo.Binary(randomBytes(32));
  await events.insertOne({ _id });
  const error = await events.insertOne({ _id }).catch((reason) => reason);
  let said = '';
  const destination = new Writable({
    write(chunk, _, done) {
      said += chunk;
      done();
    },
  });
  createLogger({ level: 'trace', pretty: false, destination }).error({
    err: new Error('The event could not be stored.', { cause: error }),
  });
  expect(JSON.parse(said).err.cause).toMatchObject({ code: 11_000 });
  for (const form of ['hex', 'base64', 'base64url'] as const) {
    expect(said.toLowerCase()).not.toContain(Buffer.from(_id.value()).toString(form).toLowerCase());
  }
  const server = new mongoose.mongo.MongoServerError({
    code: 11_000,
    // MongoDB 8's wording.
    errmsg:
      'E11000 duplicate key error collection: eventline.events index: _id_ dup key: { _id: BinData(0, 6B23C0) }',
  });
  said = '';
  createLogger({ level: 'trace', pretty: false, destination }).error({ err: server });
  expect(JSON.parse(said).err.message).toBe(
    'E11000 duplicate key error collection: eventline.events index: _id_ dup key:…',
  );
});

test('lines have the name of the level and an ISO instant, as log collectors expect', () => {
  let said = '';
  const destination = new Writable({
    write(chunk, _, done) {
      said += chunk;
      done();
    },
  });
  const logger = createLogger({ level: 'trace', pretty: false, destination });
  logger.warn({ count: 1 }, 'something');
  logger.child({ part: 'child' }).fatal('something else');
  const lines = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(lines).toMatchObject([
    { level: 'warn', time, count: 1, msg: 'something' },
    { level: 'fatal', time, part: 'child', msg: 'something else' },
  ]);
});

test('lines for a terminal have the local time and the level', () => {
  let said = '';
  const destination = new Writable({
    write(chunk, _, done) {
      said += chunk;
      done();
    },
  });
  createLogger({ level: 'trace', pretty: true, destination }).warn({ count: 1 }, 'something');
  expect(said).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] WARN: something \{"count":1\}\n$/);
});
