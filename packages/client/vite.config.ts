import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const SOURCE = join(import.meta.dirname, '../../src/client');

/** The files that package.json exports, by their place in `src/client`. */
const ENTRIES = ['create-events-client', 'graphql-ws/create-resuming-socket', 'react/use-events'];

/** What the files in `cjs` are, also to TypeScript, in a package of ES modules. */
const markCommonJs: Plugin = {
  name: 'mark-commonjs',
  generateBundle({ format }) {
    if (format !== 'cjs') return;
    this.emitFile({ type: 'asset', fileName: 'cjs/package.json', source: '{"type":"commonjs"}\n' });
  },
};

const output = (format: 'es' | 'cjs', folder: string) => ({
  format,
  entryFileNames: `${folder}/[name].js`,
  chunkFileNames: `${folder}/[name].js`,
});

/**
 * Builds the package: each entry with what it imports, so that it has no dependencies. The types are
 * from tsc. Not minified: bundlers do that, and stack traces stay readable.
 */
export default defineConfig({
  build: {
    target: 'es2022',
    minify: false,
    reportCompressedSize: false,
    // The notices of the libraries inside.
    license: { fileName: 'licenses.md' },
    lib: { entry: Object.fromEntries(ENTRIES.map((name) => [name, join(SOURCE, `${name}.ts`)])) },
    rolldownOptions: {
      // By these exact names; the client's own transport imports `graphql-ws/client`, which is built in.
      external: ['graphql-ws', 'react'],
      output: [output('es', 'esm'), output('cjs', 'cjs')],
      // It warns that it may not keep 'use client'; it does, for an entry.
      checks: { moduleLevelDirective: false },
    },
  },
  plugins: [markCommonJs],
});
