import mongoose from 'mongoose';
import { indexes } from '../../../src/storage/indexes.ts';
import { createClient } from '../driver/client.ts';
import { settle } from '../settle.ts';
import type { World } from '../world.ts';
import { CURSOR_KEY, openCollections } from './instance.ts';
import { STORABLE } from './make-delivery.ts';
import type { Plan } from './plan.ts';

/**
 * Waits for a primary and writes what Eventline's first start writes.
 *
 * @param refusedBy collections that refuse deliveries which are not storable
 */
export async function setUp(
  world: World,
  seed: number,
  refusedBy: Plan['refusedBy'] = [],
): Promise<void> {
  for (const { collection, key, unique } of indexes) {
    world.createIndex(collection, Object.keys(key), unique === true);
  }
  for (const collection of refusedBy) world.validate(collection, STORABLE);
  await world.time.until(() => world.primary() !== undefined, 60_000);
  const { meta } = openCollections(world, createClient(world, 'setup', seed));
  const cursorKey = new mongoose.mongo.Binary(CURSOR_KEY);
  await settle(
    world,
    meta.insertOne({ _id: 'log', formatVersion: 1, createdAt: new Date(), cursorKey }),
  );
}
