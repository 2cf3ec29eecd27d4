import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const READY_POLL_MS = 20;

export interface ServerSettings {
  name: string;
  mongodbUri: string;
  webhookSecret: string;
  jwtSecret: string;
  env?: Record<string, string>;
}

/** A minimal environment, so that this machine's does not affect the server. */
export function environmentOf(
  settings: ServerSettings,
  dataDir: string,
  url: string,
): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return {
    ...{ PATH, HOME, DATA_DIR: dataDir, LOG_LEVEL: 'info' },
    // All readers connect from one machine, most of them with the same token.
    ...{ MAX_CONNECTIONS_PER_VIEWER: '10000', MAX_SUBSCRIPTIONS_PER_VIEWER: '10000' },
    ...settings.env,
    MONGODB_URI: settings.mongodbUri,
    WEBHOOK_SECRETS: settings.webhookSecret,
    AUTH_JWT_SECRET: settings.jwtSecret,
    PORT: url === '' ? '0' : new URL(url).port,
  };
}

/** Returns the URL that the server prints; undefined if it exits first. */
export async function urlOf(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /GraphQL +(http:\/\/[\d.:]+)/.exec(line)?.[1];
      if (url !== undefined) return url;
    }
    return undefined;
  } finally {
    // Further output must not fill the pipe.
    child.stdout.resume();
  }
}

/** Returns true when the server is ready; false if it exits first. */
export async function untilReady(url: string, isAlive: () => boolean): Promise<boolean> {
  while (isAlive()) {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return true;
    await delay(READY_POLL_MS);
  }
  return false;
}
