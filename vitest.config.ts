import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest's form
export default defineConfig({
  // The end-to-end tests mostly wait: for a watchdog, for a server.
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000, maxWorkers: 3 },
});
