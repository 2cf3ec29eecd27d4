import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Handler } from '../http/route-requests.ts';
import { isLocalBrowser } from './is-local-browser.ts';

export interface ServeGraphiqlOptions {
  endpoint: string;
  /** Returns the development token to fill in for browsers on this machine. */
  token?: (() => Promise<string>) | undefined;
  /** URL where people sign in, if there is a provider. */
  signIn?: string | undefined;
  /** URL of the live page, if it is served. */
  livePage?: string | undefined;
}

/** Returns true for a browser that requests a page. */
export function acceptsHtml({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html');
}

type Page = Promise<{ body: Buffer; policy: string }>;

/** Serves GraphiQL; each variant of the page is rendered once, at its first request. */
export function serveGraphiql(options: ServeGraphiqlOptions): Handler {
  const { endpoint, token: currentToken, signIn, livePage } = options;
  const publicPages = new Map<boolean, Page>();
  let tokenPages = { token: '', pages: new Map<boolean, Page>() };

  async function makePage(token: string | undefined, isPacked: boolean): Page {
    // About 9 MB of code, loaded on first use.
    const [{ renderGraphiql }, { graphiqlExamples: tabs }] = await Promise.all([
      import('./graphiql.ts'),
      import('./graphiql-examples.ts'),
    ]);
    const { html, policy } = renderGraphiql({ endpoint, tabs, token, signIn, livePage });
    return { body: isPacked ? await promisify(gzip)(html) : Buffer.from(html), policy };
  }

  function pagesFor(token: string | undefined): Map<boolean, Page> {
    if (token === undefined) return publicPages;
    if (tokenPages.token !== token) tokenPages = { token, pages: new Map() };
    return tokenPages.pages;
  }

  return async (request, response) => {
    const token = isLocalBrowser(request) ? await currentToken?.() : undefined;
    const isPacked = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const pages = pagesFor(token);
    const making = pages.get(isPacked) ?? makePage(token, isPacked);
    pages.set(isPacked, making);
    const { body, policy } = await making.catch((error) => {
      // Made again by the next request.
      pages.delete(isPacked);
      throw error;
    });
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      ...(isPacked && { 'Content-Encoding': 'gzip' }),
      'Content-Security-Policy': policy,
    });
    response.end(body);
  };
}
