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

/** The environment of a bare machine, so that nothing of this one reaches the server. */
export function environmentOf(
  settings: ServerSettings,
  dataDir: string,
  url: string,
): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return {
    ...{ PATH, HOME, DATA_DIR: dataDir, LOG_LEVEL: 'info' },
    // All readers come from one machine, most of them with the same token.
    ...{ MAX_CONNECTIONS_PER_VIEWER: '10000', MAX_SUBSCRIPTIONS_PER_VIEWER: '10000' },
    ...settings.env,
    MONGODB_URI: settings.mongodbUri,
    WEBHOOK_SECRETS: settings.webhookSecret,
    AUTH_JWT_SECRET: settings.jwtSecret,
    PORT: url === '' ? '0' : new URL(url).port,
  };
}

/** The URL that it prints when it listens; undefined when it ends before. */
export async function urlOf(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /GraphQL +(http:\/\/[\d.:]+)/.exec(line)?.[1];
      if (url !== undefined) return url;
    }
    return undefined;
  } finally {
    // Whatever else it prints must not fill the pipe.
    child.stdout.resume();
  }
}

/** True when it is ready; false when it is gone before. */
export async function untilReady(url: string, isAlive: () => boolean): Promise<boolean> {
  while (isAlive()) {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return true;
    await delay(READY_POLL_MS);
  }
  return false;
}
