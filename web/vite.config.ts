import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:4000';

/** `npm run web` serves the page anew at each change, in front of a running server. */
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
  },
  server: {
    proxy: { '/graphql': { target: server, ws: true } },
  },
});
