import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Handler, onlyGet } from '../http/route-requests.ts';
import { isLocalBrowser } from './is-local-browser.ts';

export interface LivePageOptions {
  /** Directory of the built page. */
  directory: string;
  /** Returns the development token for browsers on this machine. */
  token?: (() => Promise<string>) | undefined;
}

export interface ServeLivePageOptions extends LivePageOptions {
  /** URL of GraphiQL, if it is served. */
  graphiql?: string | undefined;
  /** URL where people sign in, if there is a provider. */
  signIn?: string | undefined;
  /** Handles requests to `/` that do not ask for a page. */
  otherwise: Handler;
}

const ASSETS = 'assets';
/** File names contain a hash of their content, so a file never changes. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
/** The tag in `web/index.html` that carries the settings of the page. */
const SETTINGS = '<meta name="eventline-settings" content="{}" />';

/**
 * Content policy: the page may load its own files and call this server. Inline scripts and styles
 * are forbidden, so injected code can neither run nor send data elsewhere.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The content of an answer, compressed and uncompressed. */
interface Content {
  plain: Buffer;
  packed: Buffer;
  /** Weak: the same for both encodings. */
  tag: string;
}

/**
 * Serves the live page and its files. There is one route per built file and no other, so no path
 * can leave the directory.
 *
 * @returns the routes; undefined when the page is not built
 */
export async function serveLivePage(
  options: ServeLivePageOptions,
): Promise<Record<string, Handler> | undefined> {
  const { directory, token: currentToken, graphiql, signIn, otherwise } = options;
  const [html, names] = await Promise.all([
    readFile(join(directory, 'index.html'), 'utf8'),
    readdir(join(directory, ASSETS)),
  ]).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [undefined, []] as const;
    throw error;
  });
  if (html === undefined) return undefined;
  // Only then can the people at the page make tokens themselves.
  const hasDevelopmentTokens = currentToken !== undefined || undefined;
  const makePage = (token: string | undefined) =>
    makeContent(Buffer.from(withSettings(html, { token, graphiql, signIn, hasDevelopmentTokens })));
  const publicPage = await makePage(undefined);
  let tokenPage = { token: '', making: Promise.resolve(publicPage) };

  const page: Handler = async (request, response, requestId) => {
    response.setHeader('Vary', 'Origin, Accept, Accept-Encoding');
    if (!(request.headers.accept ?? '').includes('text/html')) {
      return otherwise(request, response, requestId);
    }
    const token = isLocalBrowser(request) ? await currentToken?.() : undefined;
    if (token !== undefined && tokenPage.token !== token) {
      tokenPage = { token, making: makePage(token) };
    }
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    // A page with a token must not be cached; the rest is revalidated each time.
    response.setHeader('Cache-Control', token ? 'no-store' : 'no-cache');
    send(token ? await tokenPage.making : publicPage, request, response);
  };
  const routes: Record<string, Handler> = { '/': onlyGet(page) };
  for (const name of names) routes[`/${ASSETS}/${name}`] = onlyGet(serveFile(directory, name));
  return routes;
}

function serveFile(directory: string, name: string): Handler {
  let reading: Promise<Content> | undefined;
  return async (request, response) => {
    reading ??= readFile(join(directory, ASSETS, name)).then(makeContent);
    const content = await reading.catch((error) => {
      // Read again by the next request, such as after a lack of file descriptors.
      reading = undefined;
      throw error;
    });
    response.setHeader('Content-Type', contentTypes[extname(name)] ?? 'application/octet-stream');
    response.setHeader('Cache-Control', IMMUTABLE);
    response.setHeader('Vary', 'Origin, Accept-Encoding');
    send(content, request, response);
  };
}

function send(
  { plain, packed, tag }: Content,
  { method, headers }: Parameters<Handler>[0],
  response: Parameters<Handler>[1],
): void {
  response.setHeader('ETag', tag);
  // No expression with white space around the comma: it would take quadratic time.
  const known = (headers['if-none-match'] ?? '').split(',').map((one) => one.trim());
  if (known.includes(tag) || known.includes('*')) return void response.writeHead(304).end();
  const isPacked = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  const body = isPacked ? packed : plain;
  if (isPacked) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Length', body.length);
  response.writeHead(200).end(method === 'HEAD' ? undefined : body);
}

async function makeContent(plain: Buffer): Promise<Content> {
  const tag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { plain, packed: await promisify(gzip)(plain), tag };
}

function withSettings(html: string, settings: object): string {
  const text = JSON.stringify(settings).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  // A function, since `$&` and the like in a replacement string are patterns.
  return html.replace(SETTINGS, () => SETTINGS.replace('{}', () => text));
}
