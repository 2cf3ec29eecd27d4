import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

/** The server under test, and what the checks may use of it. */
export interface Target {
  /** `https://host` of the server. */
  url: string;
  /** A token with the scope `events:read`. */
  token: string;
  /** A webhook secret; without it the checks that need new events are left out. */
  secret?: string | undefined;
}

/** Something that a client may rely on. */
export interface Check {
  /** In protocol terms: what is sent, and what comes back. */
  name: string;
  needsEvents?: boolean;
  /** Rejects with what was received instead. */
  run: (target: Target) => Promise<void>;
}

/** Fails a check unless two values are equal. */
export function expectEqual(received: unknown, expected: unknown): void {
  if (isDeepStrictEqual(received, expected)) return;
  throw new Error(`expected ${JSON.stringify(expected)}, received ${JSON.stringify(received)}`);
}

/** Fails a check unless a text matches. */
export function expectMatch(received: unknown, pattern: RegExp): void {
  if (pattern.test(String(received))) return;
  throw new Error(`expected ${pattern}, received ${JSON.stringify(received)}`);
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the checks say what they expect
  json: any;
}

/** Sends a request to the GraphQL endpoint with the token and a JSON body, unless `init` differs. */
export async function ask({ url, token }: Target, init: RequestInit, path = ''): Promise<Answer> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/graphql${path}`, {
    method: 'POST',
    ...init,
    headers: { ...headers, ...init.headers },
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const { status, headers: received } = response;
  return { status, headers: received, text, json: isJson && text ? JSON.parse(text) : undefined };
}

/** Posts a signed event; returns once it is stored. */
export async function postEvent({ url, secret = '' }: Target, payload: object): Promise<void> {
  const occurred_on = new Date().toISOString();
  const body = JSON.stringify({ type: 'message_sent', occurred_on, payload });
  const signature = createHmac('sha256', secret).update(body).digest('base64');
  const response = await fetch(`${url}/webhooks/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Signature': `sha256=${signature}` },
    body,
  });
  if (response.status !== 200) throw new Error(`the webhook answered ${response.status}`);
}
