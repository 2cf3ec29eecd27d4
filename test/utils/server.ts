import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import pino from 'pino';
import { signToken } from '../../src/auth/sign-token.ts';
import { catalog } from '../../src/catalog/catalog.ts';
import type { EventlineServer } from '../../src/server/http/create-http-server.ts';
import type { ServerOptions } from '../../src/server/server-options.ts';
import { startServer } from '../../src/server/start-server.ts';
import { sign } from '../../src/webhook/sign.ts';
import { freshDatabase } from './database.ts';
import { PATIENCE_MS } from './patience.ts';
import { postAsSender } from './post-as-sender.ts';
import { waitForInbox } from './wait-for-inbox.ts';

export const WEBHOOK_SECRET = 'a-secret-for-tests-24chr';
export const JWT_SECRET = 'a-jwt-secret-for-tests-of-40-characters!';

/** Timeouts that do not cut off clients on a slow machine. */
const PATIENT_LIMITS = {
  initTimeoutMs: PATIENCE_MS,
  headersTimeoutMs: PATIENCE_MS,
  requestTimeoutMs: PATIENCE_MS,
  statisticsTimeoutMs: PATIENCE_MS,
};

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests are about
  body: any;
}

export interface TestServer {
  /** `http://127.0.0.1:port` */
  url: string;
  /** The port of `/metrics` alone, if there is one. */
  metricsPort: number | undefined;
  /** The server's database, for tests that inspect it. */
  mongodbUri: string;
  /** The number of open connections and subscriptions. */
  open: EventlineServer['open'];
  /** All log lines. */
  logLines: string[];
  /** Signs a token; by default for all users' events with personal data. */
  token(claims?: { sub?: string; scope?: string }): Promise<string>;
  /**
   * Posts the type's example with changes from `payload`, signed, like a sender. Resolves when the event
   * is in the log.
   */
  post(type: string, payload?: object): Promise<Answer>;
  /** As `post`, with any body, signed unless headers override it: again after a 503. */
  postRaw(body: string | Buffer, headers?: Record<string, string>): Promise<Answer>;
  /** Posts once and waits for nothing else, for tests of the 503 and of the inbox. */
  postOnce(body: string | Buffer, headers?: Record<string, string>): Promise<Answer>;
  /** Runs a GraphQL operation over HTTP. */
  query(query: string, variables?: object, token?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts the whole server in this process, on its own database. */
export async function startTestServer(overrides: Partial<ServerOptions> = {}): Promise<TestServer> {
  const database = overrides.mongodbUri ? undefined : await freshDatabase();
  const mongodbUri = overrides.mongodbUri ?? database?.uri ?? '';
  const logLines: string[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      logLines.push(String(chunk));
      done();
    },
  });
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    mongodbUri,
    webhookSecrets: [WEBHOOK_SECRET],
    webhookMaxBytes: 64 * 1024,
    auth: { keys: { secrets: [JWT_SECRET] }, userClaim: 'sub' },
    allowedOrigins: [],
    graphiql: {},
    stalledReaderMs: PATIENCE_MS,
    timeoutMs: PATIENCE_MS,
    // Tests read the current metrics.
    metrics: { ofProcess: false, maxAgeMs: 0 },
    logger: pino({ level: 'debug' }, sink),
    ...overrides,
    limits: { ...PATIENT_LIMITS, ...overrides.limits },
  });
  const { url } = server;

  async function token(
    claims: { sub?: string; scope?: string } = { scope: 'events:read pii:read' },
  ) {
    return signToken(JWT_SECRET, { user: claims.sub, scope: claims.scope }, '2h');
  }

  async function postOnce(body: string | Buffer, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}/webhooks/events`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Signature': sign(Buffer.from(body), WEBHOOK_SECRET),
        ...headers,
      },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    return answerOf(response);
  }

  async function postRaw(body: string | Buffer, headers?: Record<string, string>) {
    const answer = await postAsSender(() => postOnce(body, headers));
    const isAccepted = ['stored', 'duplicate'].includes(answer.body?.status);
    if (isAccepted && answer.body.position === undefined) await waitForInbox(mongodbUri);
    return answer;
  }

  return {
    url,
    metricsPort: server.metricsPort,
    mongodbUri,
    open: server.open,
    logLines,
    token,
    postRaw,
    postOnce,
    post: (type, payload = {}) => postRaw(deliveryOf(type, payload)),
    async query(query, variables = {}, bearer) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${bearer ?? (await token())}`,
        },
        body: JSON.stringify({ query, variables }),
      });
      return answerOf(response);
    },
    async close() {
      await server.close();
      await database?.drop();
    },
  };
}

/** Returns the body of a delivery. Without a payload it is unique by its message or user id. */
export function deliveryOf(type: string, payload: object = {}): string {
  const example = catalog.find(({ name }) => name === type)?.example ?? {};
  const fresh = 'message_id' in example ? { message_id: randomUUID() } : {};
  return JSON.stringify({
    type,
    occurred_on: new Date().toISOString(),
    payload: { ...example, ...fresh, ...payload },
  });
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: json && text !== '' ? JSON.parse(text) : text,
  };
}
