import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  css,
  editorWorkerService,
  graphqlWorker,
  jsonWorker,
  js as yogaGraphiql,
} from '@graphql-yoga/render-graphiql/graphiql';
import { withHistory } from './with-history.ts';

/** The page's own script, built from `web/src/graphiql`. */
const SCRIPT = join(import.meta.dirname, '../../../dist/graphiql/graphiql.js');

/** An operation that GraphiQL opens in a tab, titled by the operation name. */
export interface GraphiqlTab {
  readonly query: string;
  /** JSON text for the variables editor. */
  readonly variables?: string;
}

export interface GraphiqlOptions {
  /** Path of the GraphQL endpoint for HTTP and WebSocket. */
  readonly endpoint: string;
  /**
   * Filled into the headers editor and readable by everyone who can open the page: development
   * only.
   */
  readonly token?: string | undefined;
  /** URL where people sign in, if there is a provider. */
  readonly signIn?: string | undefined;
  /** URL of the live page, if it is served. */
  readonly livePage?: string | undefined;
  /** Opened at a browser's first visit, the first one active. */
  readonly tabs: readonly GraphiqlTab[];
}

export interface GraphiqlHtml {
  readonly html: string;
  /** The page's Content-Security-Policy header. */
  readonly policy: string;
}

const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">
<path d="M2 16h28" stroke="#4f46e5" stroke-width="2"/>
<g fill="#4f46e5"><circle cx="6" cy="16" r="4"/><circle cx="16" cy="16" r="4"/></g>
<circle cx="26" cy="16" r="4" fill="#f59e0b"/></svg>`;

/**
 * GraphiQL leaves a stale offset on its tabs and hides it on unfocused ones only: on mouse down the
 * tab gets the focus, jumps away, and the click misses it.
 */
const clickableTabs = '.graphiql-tab { transform: none !important; }';

const titleStyle = `
.eventline { display: flex; align-items: center; gap: 12px; font-size: var(--font-size-body); }
.eventline a { color: inherit; white-space: nowrap; }
.eventline select {
  max-width: 11em; padding: 4px 6px; font: inherit; border-radius: 6px;
  border: 1px solid hsla(var(--color-neutral), var(--alpha-tertiary));
  color: hsl(var(--color-neutral)); background: hsl(var(--color-base));
}`;

/** An empty result says what to do; GraphiQL would show nothing. */
const emptyResult = `
.graphiql-response { position: relative; }
.graphiql-response::after {
  position: absolute; inset: 0; padding: 24px; pointer-events: none;
  display: grid; place-items: center; text-align: center; white-space: pre-line;
}
.graphiql-response:has(.graphiql-spinner)::after {
  padding-top: 120px;
  content: "Waiting for the server.\\A A subscription shows events as they arrive.";
}
.graphiql-response:not(:has(.graphiql-spinner, .view-line span span:not(:empty)))::after {
  content: "Press the play button or Ctrl-Enter.\\A The answer appears here.";
}`;

/** On a phone the answer is below the operation; the menu of examples replaces the tabs. */
const narrow = `
@media (max-width: 640px) {
  .graphiql-container .graphiql-sidebar { width: 44px; padding: 4px 0; align-items: center; }
  .graphiql-container .graphiql-sidebar button { width: 40px; height: 40px; }
  .graphiql-container .graphiql-sessions { margin: 4px 4px 4px 0; min-width: 0; }
  .graphiql-container .graphiql-tabs, .graphiql-container .graphiql-tab-add { display: none; }
  .graphiql-container .graphiql-session-header { padding: 0 4px; justify-content: end; }
  .graphiql-container .graphiql-sessions > div:has(> .graphiql-editors) { flex-direction: column; }
  .graphiql-container .graphiql-editors { flex: 3 1 0 !important; min-height: 0; }
  .graphiql-container .graphiql-response { flex: 2 1 0 !important; min-height: 0; }
  .graphiql-container .graphiql-horizontal-drag-bar { display: none; }
}`;

/**
 * Renders GraphiQL as one HTML page that needs no other file and no other host.
 *
 * The page has about 9 MB, nearly all of it GraphiQL's bundle: render once and keep the result.
 */
export function renderGraphiql(options: GraphiqlOptions): GraphiqlHtml {
  const { endpoint, token, livePage, tabs } = options;
  const signIn = token === undefined ? options.signIn : undefined;
  // Who has signed in needs no token among the headers.
  const shown = signIn ? {} : { Authorization: `Bearer ${token ?? '<paste a token here>'}` };
  const headers = JSON.stringify(shown, null, 2);
  const config = { endpoint, token, headers, livePage, signIn, tabs, logo: mark };
  const workers = { editorWorkerService, json: jsonWorker, graphql: graphqlWorker };
  // The own script prepares what GraphiQL's bundle reads when it loads.
  const scripts = [readFileSync(SCRIPT, 'utf8'), withHistory(yogaGraphiql)];
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Eventline</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(mark)}" />
    <style>${css}${clickableTabs}${titleStyle}${emptyResult}${narrow}</style>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    ${jsonElement('config', config)}
    ${jsonElement('workers', workers)}
    ${scripts.map((script) => `<script>${script}</script>`).join('\n    ')}
  </body>
</html>
`;
  return { html, policy: contentSecurityPolicy(scripts) };
}

/**
 * Returns the content policy: the page may load only itself. Scripts are allowed by their hashes,
 * so injected ones do not run. The editor creates styles at run time, and its workers are blobs.
 */
function contentSecurityPolicy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${sha256(script)}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    'worker-src blob:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Hashes a script as the browser sees it: its HTML parser turns a carriage return into a line feed.
 */
function sha256(script: string): string {
  return createHash('sha256').update(script.replaceAll(/\r\n?/g, '\n')).digest('base64');
}

/** A data block: no script to the content policy. Without `<` no text can close the element. */
function jsonElement(id: string, value: object): string {
  const json = JSON.stringify(value).replaceAll('<', '\\u003c');
  return `<script type="application/json" id="${id}">${json}</script>`;
}
