/** This package's own files, found from the sources, from dist and from the bundle alike. */
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/**
 * The path of a file that is there. `name` is one of package.json's "imports": `#package/bin/barloom.js`,
 * `#sandbox/worker.js`.
 */
export function packageFile(name: `#${string}`): string {
  return resolve(name);
}
