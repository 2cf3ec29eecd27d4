import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { initiateReplicaSet } from './initiate-replica-set.ts';

const POLL_MS = 50;
const ATTEMPT_TIMEOUT_MS = 2_000;

export interface ReadyOptions {
  port: number;
  /** The process that must answer. */
  pid: number;
  /** Whether to initiate the replica set first. */
  initiate: boolean;
  /** Aborts the wait, for example when the process has exited. */
  signal: AbortSignal;
}

/**
 * Resolves when the database on 127.0.0.1:`port` is a primary that accepts writes; rejects when
 * `signal` is aborted, with the last error as its cause.
 */
export async function waitUntilReady(options: ReadyOptions): Promise<void> {
  let cause: unknown;
  while (!options.signal.aborted) {
    try {
      if (await isReady(options)) return;
    } catch (error) {
      cause = error;
    }
    await delay(POLL_MS);
  }
  throw new Error('the wait was ended', { cause });
}

async function isReady({ port, pid, initiate }: ReadyOptions): Promise<boolean> {
  // A refused TCP connection is cheap; the driver's client would wait and log.
  if (!(await accepts(port))) return false;
  const client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: ATTEMPT_TIMEOUT_MS,
    socketTimeoutMS: ATTEMPT_TIMEOUT_MS,
    maxPoolSize: 1,
  });
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary !== true) {
      if (initiate) await initiateReplicaSet(admin, port);
      return false;
    }
    // Another program may have taken the port between the check and the start. (On Windows a
    // virtual environment's Python is a launcher, so its pid proves nothing.)
    if (process.platform === 'win32') return true;
    return Number((await admin.command({ serverStatus: 1 })).pid) === pid;
  } finally {
    await client.close();
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ATTEMPT_TIMEOUT_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
