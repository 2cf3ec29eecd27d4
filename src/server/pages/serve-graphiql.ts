import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Handler } from '../http/route-requests.ts';

export interface ServeGraphiqlOptions {
  endpoint: string;
  /** A development token to fill in for browsers on this machine. */
  token?: string | undefined;
}

/** Returns true for a browser that requests a page. */
export function wantsPage({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html');
}

/** Serves GraphiQL; each variant of the page is rendered once, at its first request. */
export function serveGraphiql({ endpoint, token }: ServeGraphiqlOptions): Handler {
  const pages = new Map<string, Promise<{ body: Buffer; policy: string }>>();

  async function makePage(trusted: boolean, packed: boolean) {
    // About 9 MB of code, loaded on first use.
    const [{ renderGraphiql }, { graphiqlExamples: tabs }] = await Promise.all([
      import('./graphiql.ts'),
      import('./graphiql-examples.ts'),
    ]);
    const { html, policy } = renderGraphiql({ endpoint, tabs, ...(trusted && token && { token }) });
    return { body: packed ? await promisify(gzip)(html) : Buffer.from(html), policy };
  }

  return async (request, response) => {
    const trusted = token !== undefined && isLocal(request);
    const packed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const key = `${trusted} ${packed}`;
    const making = pages.get(key) ?? makePage(trusted, packed);
    pages.set(key, making);
    const { body, policy } = await making;
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      ...(packed && { 'Content-Encoding': 'gzip' }),
      'Content-Security-Policy': policy,
    });
    response.end(body);
  };
}

/**
 * True when the browser runs on this machine and asked for it by a local name. The name matters:
 * a foreign page can have its own name resolved to this machine, and would read the token.
 */
export function isLocal({ socket, headers }: IncomingMessage): boolean {
  const from = socket.remoteAddress ?? '';
  const fromHere = from === '::1' || /^(?:::ffff:)?127\./.test(from);
  const proxied = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  return fromHere && !proxied && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);
}
