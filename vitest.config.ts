import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Vite would take graphql's ESM build and Node its CommonJS one: two graphqls in one process.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    globalSetup: 'test/utils/global-setup.ts',
    include: ['test/**/*.test.ts'],
    // These limits only end tests that hang.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Two cores run the server, its database and the test at once. One worker more, since several
    // tests wait for what takes its time, as an erasure does; yet more only add noise.
    maxWorkers: 3,
  },
});
