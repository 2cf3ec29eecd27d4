import type { World } from '../world.ts';
import type { SimulatedClient } from './client.ts';
import { createCollection } from './collection.ts';

/** The part of the driver's Db that the application uses. */
export function createDatabase(world: World, client: SimulatedClient) {
  return {
    databaseName: 'eventline',
    collection: (name: string) => createCollection(world, client, name),
  };
}
