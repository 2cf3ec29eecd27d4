import type { mongo } from 'mongoose';
import { REPLICA_SET } from './database-program.ts';

/** Codes of MongoDB's `src/mongo/base/error_codes.yml`. */
const ALREADY_INITIALIZED = 23;
const NOT_YET_INITIALIZED = 94;
const CONFIGURATION_IN_PROGRESS = 109;

interface ReplicaSetConfig {
  version: number;
  members: { _id: number; host: string }[];
}

/**
 * Brings a mongod one step closer to being primary. Empty data is initiated. Existing data names
 * the port of its last run; with another port the member would not find itself in the configuration
 * and wait forever, so the configuration gets the new address. A step that the starting server
 * cannot take yet is left to the next call.
 *
 * @throws MongoServerError for any error other than "not yet" and "already".
 */
export async function initiateReplicaSet(admin: mongo.Db, port: number): Promise<void> {
  const host = `127.0.0.1:${port}`;
  try {
    const config = await currentConfig(admin);
    if (config === undefined) {
      const fresh = { _id: REPLICA_SET, members: [{ _id: 0, host }] };
      await admin.command({ replSetInitiate: fresh });
      return;
    }
    const [member] = config.members;
    if (member === undefined || member.host === host) return;
    // Forced, because only a primary may reconfigure otherwise, and there is none.
    const moved = { ...config, version: config.version + 1, members: [{ ...member, host }] };
    await admin.command({ replSetReconfig: moved, force: true });
  } catch (error) {
    const codes = [ALREADY_INITIALIZED, NOT_YET_INITIALIZED, CONFIGURATION_IN_PROGRESS];
    if (!codes.includes(codeOf(error))) throw error;
  }
}

async function currentConfig(admin: mongo.Db): Promise<ReplicaSetConfig | undefined> {
  try {
    return (await admin.command({ replSetGetConfig: 1 })).config as ReplicaSetConfig;
  } catch (error) {
    if (codeOf(error) === NOT_YET_INITIALIZED) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): number {
  return Number((error as { code?: unknown }).code);
}
