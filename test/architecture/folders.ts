/** The allowed imports of a folder. */
export interface Folder {
  /** A folder, or one file. A nested folder with its own row is not included. */
  path: string;
  /** The folders that it may import; by default all rows above, without those in `except`. */
  imports?: readonly string[];
  except?: readonly string[];
  /** The npm packages that it may import. A new one needs a decision: add it here. */
  packages?: readonly string[];
  /** True for code that browsers run, which may not use modules of Node. */
  isForBrowsers?: boolean;
}

/**
 * The folders from the bottom up, in the direction of the data: `catalog`, `log`, `feed`, `schema`,
 * `server`.
 */
export const folders: readonly Folder[] = [
  { path: 'src/errors.ts' },
  { path: 'src/telemetry.ts' },
  { path: 'src/catalog', packages: ['zod'] },
  { path: 'src/config', packages: ['leven', 'zod'] },
  { path: 'src/memory' },
  { path: 'src/storage', packages: ['mongoose'] },
  { path: 'src/log/state', packages: ['mongoose'] },
  { path: 'src/log/read', packages: ['@noble/ciphers', 'lru-cache', 'mongoose', 'p-limit'] },
  { path: 'src/log/append', packages: ['mongoose'] },
  { path: 'src/log/tail', packages: ['mongoose'] },
  { path: 'src/log', packages: ['mongoose'] },
  { path: 'src/projections', packages: ['mongoose', 'p-limit'] },
  { path: 'src/erasure', packages: ['mongoose'] },
  { path: 'src/statistics', packages: ['mongoose', 'p-limit'] },
  // These three do not import each other; the server connects them.
  { path: 'src/webhook' },
  { path: 'src/auth', except: ['src/webhook'], packages: ['jose', 'lru-cache', 'openid-client'] },
  { path: 'src/feed', except: ['src/webhook', 'src/auth'] },
  {
    path: 'src/schema',
    except: ['src/webhook'],
    packages: [
      ...['@pothos/core', '@pothos/plugin-complexity', '@pothos/plugin-relay'],
      ...['@pothos/plugin-scope-auth', 'dataloader', 'graphql', 'graphql-scalars'],
    ],
  },
  { path: 'src/contracts', packages: ['zod'] },
  {
    path: 'src/observability',
    packages: [
      ...['@opentelemetry/api', '@opentelemetry/core', '@opentelemetry/resources'],
      ...['@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/exporter-trace-otlp-proto'],
      ...['@opentelemetry/sdk-trace', 'graphql', 'graphql-yoga', 'pino', 'pino-pretty'],
      ...['prom-client'],
    ],
  },
  {
    path: 'src/server',
    packages: [
      ...['@escape.tech/graphql-armor-max-aliases', '@escape.tech/graphql-armor-max-depth'],
      ...['@escape.tech/graphql-armor-max-directives', '@escape.tech/graphql-armor-max-tokens'],
      ...['@graphql-yoga/render-graphiql', 'content-type', 'cookie', 'graphql'],
      ...['graphql-ws', 'graphql-yoga', 'lru-cache', 'pino', 'ws'],
    ],
  },
  { path: 'src/embedded', imports: [], packages: ['mongodb-memory-server-core', 'mongoose'] },
  {
    path: 'src/client',
    imports: [],
    // Built into the package: small, and for browsers.
    packages: ['eventsource-parser', 'graphql-ws'],
    isForBrowsers: true,
  },
  {
    path: 'src/client/graphql-ws',
    imports: ['src/client'],
    packages: ['graphql-ws'],
    isForBrowsers: true,
  },
  { path: 'src/client/react', imports: ['src/client'], packages: ['react'], isForBrowsers: true },
  {
    path: 'src/cli',
    except: ['src/feed', 'src/schema', 'src/projections'],
    packages: ['canonicalize', 'commander', 'jose', 'ws', 'zod'],
  },
  { path: 'src/main.ts', packages: ['picocolors'] },
  // A client like any other.
  {
    path: 'web/src',
    imports: ['src/client'],
    packages: [
      ...['@graphql-typed-document-node/core', '@tanstack/react-virtual', 'graphql'],
      ...['graphql-ws', 'lucide-react', 'react', 'react-aria-components', 'react-dom'],
    ],
    isForBrowsers: true,
  },
  // It measures the built program from outside.
  {
    path: 'bench/src',
    imports: [],
    packages: [
      ...['@graphql-tools/schema', 'express', 'fastify', 'graphql', 'graphql-subscriptions'],
      ...['graphql-ws', 'graphql-yoga', 'mercurius', 'mongoose', 'vega', 'vega-lite', 'ws'],
    ],
  },
  {
    path: 'examples',
    imports: [],
    packages: [
      ...['@apollo/client', '@eventline/client', '@graphql-typed-document-node/core', 'graphql'],
      ...[
        'graphql-sse',
        'graphql-ws',
        'react',
        'react-dom',
        'relay-runtime',
        'rxjs',
        'urql',
        'vite',
      ],
    ],
  },
];

export const MAX_LINES = 250;

/** Longer files, each with the reason. */
export const longFiles: Readonly<Record<string, string>> = {
  'src/server/pages/graphiql-examples.ts': 'The texts of the example queries.',
};
