import { defineConfig } from 'vitest/config';

const UNIT = 'test/**/*.unit.test.ts';
const SLOW = 'test/**/*.slow.test.ts';
const BROWSER = 'test/browser/**/*.test.ts';
const globalSetup = 'test/utils/global-setup.ts';

export default defineConfig({
  resolve: {
    // Vite would take graphql's ESM build and Node its CommonJS one: two graphqls in one process.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    // These limits only end tests that hang.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 3,
    // It warns that it is not set up for production.
    onConsoleLog: (text) => !text.startsWith('oidc-provider '),
    // Files of a tier without isolation share modules: most of their time would be imports.
    projects: [
      { extends: true, test: { name: 'unit', include: [UNIT], isolate: false } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: [UNIT, SLOW, BROWSER],
          isolate: false,
          globalSetup,
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: [BROWSER], exclude: [UNIT, SLOW], globalSetup },
      },
      { extends: true, test: { name: 'slow', include: [SLOW], globalSetup } },
    ],
  },
});
