import { expect } from 'vitest';
import { openSocket } from '../../utils/open-socket.ts';
import { deliveryOf, type TestServer, WEBHOOK_SECRET } from '../../utils/server.ts';

export const BOOM = 's3cret-of-the-original-error';
export const boom = () => {
  throw new Error(`${BOOM} at /srv/private/file.ts`, { cause: new Error(BOOM) });
};
/** Parts of the original error that must not appear: its message, a stack, a path or a location. */
export const UNTOLD =
  /s3cret|Cannot (?:read|convert)|of undefined|toISOString|hasOwn|TypeError|\bat \S+[:(]|node_modules|file:|\.ts\b|\.js\b|\/srv\/|mongodb|ECONN|127\.0\.0\.1/;
export const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** The answer on any transport: its text, and its status or close code. */
export interface Told {
  text: string;
  status?: number;
  close?: number;
}
export type Entry = (server: TestServer, token: string) => Promise<Told>;

export const post =
  (headers: object, body: object): Entry =>
  async (server, token) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${token}`,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
export const run =
  (payload: object): Entry =>
  async (server, token) => {
    const socket = await openSocket(server.url, token);
    const errors = await socket.errorsOf(payload);
    // Only one operation failed; the socket still works.
    expect(await socket.errorsOf({ query: '{ __typename }' })).toEqual([]);
    await socket.close();
    return { text: JSON.stringify({ errors }) };
  };
export const get =
  (path: string): Entry =>
  async (server) => {
    const response = await fetch(server.url + path);
    return { status: response.status, text: await response.text() };
  };
export const deliver: Entry = async (server) => {
  const { status, body } = await server.postOnce(deliveryOf('app_opened'));
  return { status, text: JSON.stringify(body) };
};

/** The log has the request id from the answer, the original error, and no secret. */
export function expectLogged(server: TestServer, { text }: Told, token: string, original: RegExp) {
  const [requestId = 'none'] = ID.exec(text) ?? [];
  const lines = server.logLines.filter((line) => line.includes(requestId));
  expect(lines.some((line) => original.test(line))).toBe(true);
  const log = server.logLines.join('');
  expect(log).not.toContain(token.split('.')[2]);
  expect(log).not.toContain(WEBHOOK_SECRET);
}
