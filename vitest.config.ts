import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest's form
export default defineConfig({
  // `#market/…` is a file of src/ (package.json, "imports").
  resolve: { conditions: ['barloom-source', ...defaultServerConditions] },
  ssr: { resolve: { conditions: ['barloom-source', ...defaultServerConditions] } },
  // The end-to-end tests mostly wait: for a watchdog, for a server. Of test/torture these are the quick forms.
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
  },
});
