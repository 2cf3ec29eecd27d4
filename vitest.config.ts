import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Two cores run the server, its database and the test at once: more workers only add noise.
    maxWorkers: 2,
  },
});
