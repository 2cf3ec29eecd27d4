import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  css,
  editorWorkerService,
  graphqlWorker,
  jsonWorker,
  js as yogaGraphiql,
} from '@graphql-yoga/render-graphiql/graphiql';
import { browserFetcher } from './graphiql/browser-fetcher.ts';
import { browserStorage } from './graphiql/browser-storage.ts';

/** An operation that GraphiQL opens in a tab; its operation name becomes the tab's title. */
export interface GraphiqlTab {
  readonly query: string;
  /** JSON text for the variables editor. */
  readonly variables?: string;
}

export interface GraphiqlOptions {
  /** Path of the GraphQL endpoint, for HTTP and WebSocket alike. */
  readonly endpoint: string;
  /** Filled in the headers editor, and readable by whoever can open the page: development only. */
  readonly token?: string;
  /** Opened at a browser's first visit, the first one in front. */
  readonly tabs: readonly GraphiqlTab[];
}

/**
 * What the page may load: itself. The page carries this policy in a `<meta>`, so nothing comes from
 * another host whatever the server sends; as a response header it may have `frame-ancestors` added,
 * which a `<meta>` cannot express. Scripts and styles are inline, editor workers are blobs.
 */
export const graphiqlContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  'worker-src blob:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">
<path d="M2 16h28" stroke="#4f46e5" stroke-width="2"/>
<g fill="#4f46e5"><circle cx="6" cy="16" r="4"/><circle cx="16" cy="16" r="4"/></g>
<circle cx="26" cy="16" r="4" fill="#f59e0b"/></svg>`;

/**
 * GraphiQL leaves a stale offset on its tabs and hides it on those without focus only: the mouse
 * button goes down, the tab gets the focus, jumps away, and the click goes nowhere.
 */
const clickableTabs = '.graphiql-tab { transform: none !important; }';

/**
 * Renders GraphiQL as one HTML page that needs no other file and no other host.
 *
 * The page is some 9 MB, nearly all of it GraphiQL's own bundle: render once and keep the result.
 *
 * @returns the whole HTML document
 */
export function renderGraphiql({ endpoint, token, tabs }: GraphiqlOptions): string {
  const headers = JSON.stringify(
    { Authorization: `Bearer ${token ?? '<paste a token here>'}` },
    null,
    2,
  );
  const config = { endpoint, token, headers, tabs };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${graphiqlContentSecurityPolicy}" />
    <title>Eventline</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(mark)}" />
    <style>${css}${clickableTabs}</style>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script>${readWebSocketClient()}</script>
    <script>${workerScript()}</script>
    <script>${yogaGraphiql}</script>
    <script>${browserStorage}${browserFetcher}${startScript(config)}</script>
  </body>
</html>
`;
}

/** Monaco asks for its workers by name; blobs of inlined text keep them off the network. */
function workerScript(): string {
  const sources = { editorWorkerService, json: jsonWorker, graphql: graphqlWorker };
  return `
    const workerSources = ${inlineJson(sources)};
    self.MonacoEnvironment = {
      globalAPI: false,
      getWorkerUrl: (_, label) =>
        URL.createObjectURL(new Blob([workerSources[label]], { type: 'text/javascript' })),
    };`;
}

function startScript(config: object): string {
  return `
    const config = ${inlineJson({ ...config, mark })};
    YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
      title: 'Eventline',
      logo: config.mark,
      headers: config.headers,
      defaultTabs: config.tabs.map((tab) => ({ ...tab, headers: config.headers })),
      shouldPersistHeaders: Boolean(config.token),
      storage: createStorage(config),
      fetcher: createFetcher(config.endpoint),
      // Yoga's wrapper copies the query to the address and back, which adds a tab at each reload.
      initialQuery: undefined,
      onEditQuery() {},
    });`;
}

/** The graphql-ws client in its browser build, which the package ships but does not export. */
function readWebSocketClient(): string {
  const root = dirname(createRequire(import.meta.url).resolve('graphql-ws/package.json'));
  return readFileSync(join(root, 'umd', 'graphql-ws.min.js'), 'utf8');
}

/** With no `<` left, no text can end the script element or open a comment in it. */
function inlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
