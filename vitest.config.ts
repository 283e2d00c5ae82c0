import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest's form
export default defineConfig({
  // The end-to-end tests mostly wait: for a watchdog, for a server. The torture tests are a run of their own (npm run test:torture).
  test: {
    include: ['test/**/*.test.ts'],
    exclude:
      process.env.BARLOOM_TORTURE === undefined
        ? ['node_modules/**', 'test/torture/**']
        : ['node_modules/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
  },
});
