// What `npm start` and `npm test` need on a fresh clone: the dependencies of the lock file, and the compiled program. Does nothing when
// both are up to date.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);

function npm(...args) {
  // npm tells where it is to the scripts that it runs; a bare `node bin/setup.js` finds it on the PATH.
  const cli = process.env.npm_execpath;
  const viaNode = cli?.endsWith('.js') === true;
  const command = viaNode ? process.execPath : process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, error } = spawnSync(command, viaNode ? [cli, ...args] : args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: !viaNode && process.platform === 'win32',
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) latest = Math.max(latest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
  }
  return latest;
}

const mtime = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

// npm writes this file when it has installed what the lock file says.
if (mtime(at('node_modules', '.package-lock.json')) < mtime(at('package-lock.json'))) {
  npm('ci', '--no-audit', '--no-fund', '--ignore-scripts', '--include=dev');
}
const sources = [newest(at('src')), newest(at('bin')), mtime(at('tsconfig.json')), mtime(at('package.json'))];
if (mtime(at('dist', 'bundle', 'main.js')) < Math.max(...sources)) {
  npm('run', 'build', '--silent');
}
