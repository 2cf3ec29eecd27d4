import { defineConfig, type Plugin } from 'vite';
import * as generated from './src/generated/graphql.ts';

const server = 'http://127.0.0.1:4000';

/** Lists what the page sends beside it, for `eventline operations --live-page`; it is not served. */
const listDocuments: Plugin = {
  name: 'list-documents',
  apply: 'build',
  generateBundle() {
    const texts = Object.entries(generated)
      .filter(([name, value]) => name.endsWith('Document') && value instanceof String)
      .map(([, document]) => String(document));
    this.emitFile({
      ...{ type: 'asset', fileName: 'documents.json' },
      source: JSON.stringify(texts),
    });
  },
};

/** `npx vite web` serves the page with hot reload, in front of a server on port 4000. */
export default defineConfig({
  // Behind a proxy the page may be at another path.
  base: './',
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // As a file: the content security policy allows no data.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // Libraries mark files for servers that render React; a page has no use for it.
      onLog(level, log, handle) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  plugins: [listDocuments],
  server: {
    proxy: { '/graphql': { target: server, ws: true } },
  },
});
