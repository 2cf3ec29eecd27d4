import type { WriteConcern } from '../commands/command.ts';
import type { World } from '../world.ts';
import type { SimulatedClient } from './client.ts';
import { createCollection } from './collection.ts';

/** The part of the driver's Db that the application uses. @param concern of the connection */
export function createDatabase(world: World, client: SimulatedClient, concern: WriteConcern) {
  return {
    databaseName: 'eventline',
    /** All machines of the simulation have the same time. */
    admin: () => ({ command: async () => ({ localTime: new Date() }) }),
    collection: (name: string) => createCollection(world, client, name, concern),
  };
}
