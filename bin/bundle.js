// Puts the compiled program into few files, dist/bundle: Node loads one file in a quarter of a millisecond or more, and `add` needs sixty of
// them. What `add` imports becomes one file, everything else is loaded when it is run, as before. Packages and worker threads stay outside.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist');
const folder = path.join(dist, 'bundle');
const core = new Set();

/** Follows static imports of our own files. */
function follow(file) {
  if (core.has(file)) return;
  core.add(file);
  for (const [, target] of readFileSync(file, 'utf8').matchAll(
    /^(?:import|export) [^;]*?from '([.#][^']+)';$/gms,
  ))
    follow(target.startsWith('#') ? path.join(dist, target.slice(1)) : path.join(path.dirname(file), target));
}
const main = path.join(dist, 'cli', 'main.js');
follow(path.join(dist, 'cli', 'commands', 'add-command.js'));

/** What is used of the SDK comes along, out of its ES modules: the rest of it costs twice as much again at every start. */
const sdk = path.join(dist, 'platform', 's3', 'sdk.js');
const onlyWhatIsUsed = {
  name: 'sdk',
  load: (id) => (id === sdk ? "export { S3Client, ListObjectsV2Command } from '@aws-sdk/client-s3';" : null),
};

const BUNDLED_PACKAGES = /^(?:p-limit|yocto-queue|@aws-sdk\/|@smithy\/|@aws\/|@aws-crypto\/)/;
const bundle = await rolldown({
  input: { main },
  platform: 'node',
  plugins: [onlyWhatIsUsed],
  resolve: { conditionNames: ['node', 'import', 'module', 'default'], mainFields: ['module', 'main'] },
  external: (id) => !/^[.#]/.test(id) && !path.isAbsolute(id) && !BUNDLED_PACKAGES.test(id),
});
const { output } = await bundle.write({
  dir: folder,
  format: 'esm',
  chunkFileNames: '[name]-[hash].js',
  codeSplitting: {
    groups: [
      { name: 'core', test: (id) => core.has(id) || /node_modules[\\/](?:p-limit|yocto-queue)/.test(id) },
    ],
  },
});
await bundle.close();
const current = new Set(output.map(({ fileName }) => fileName));
for (const name of readdirSync(folder)) if (!current.has(name)) rmSync(path.join(folder, name));
