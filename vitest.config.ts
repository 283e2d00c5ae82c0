import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// `#market/…` is a file of src/ (package.json, "imports"). Without `module`: vitest hands these to Node too, and what packages keep
// under it is for bundlers.
const conditions = ['barloom-source', 'node', 'development|production'];

// biome-ignore lint/style/noDefaultExport: vitest's form
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // The end-to-end tests mostly wait: for a watchdog, for a server. Of test/torture these are the quick forms.
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Files share a worker's modules, which are then loaded once; what a test changes outside itself it puts back.
    isolate: false,
    maxWorkers: Math.min(16, 2 * availableParallelism()),
  },
});
