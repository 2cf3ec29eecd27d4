import { defineConfig } from 'vite';

/** Builds the script of GraphiQL's page, which the server writes into the page. */
export default defineConfig({
  build: {
    outDir: '../dist/graphiql',
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: false,
    lib: {
      entry: 'src/graphiql/start.ts',
      formats: ['iife'],
      name: 'EventlineGraphiQL',
      fileName: () => 'graphiql.js',
    },
  },
});
