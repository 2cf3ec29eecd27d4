import mongoose from 'mongoose';
import { indexes } from '../../../src/storage/indexes.ts';
import { createClient } from '../driver/client.ts';
import { settle } from '../settle.ts';
import type { World } from '../world.ts';
import { CURSOR_KEY, openCollections } from './instance.ts';

/** Waits for a primary and writes what Eventline's first start writes. */
export async function setUp(world: World, seed: number): Promise<void> {
  for (const { collection, key, unique } of indexes) {
    world.createIndex(collection, Object.keys(key), unique === true);
  }
  await world.time.until(() => world.primary() !== undefined, 60_000);
  const { meta } = openCollections(world, createClient(world, 'setup', seed));
  const cursorKey = new mongoose.mongo.Binary(CURSOR_KEY);
  await settle(
    world,
    meta.insertOne({ _id: 'log', formatVersion: 1, createdAt: new Date(), cursorKey }),
  );
}
