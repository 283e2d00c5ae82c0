// What `npm start` and `npm test` need on a fresh clone: the dependencies of the lock file, and the compiled program. Does nothing when
// both are up to date.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

const lock = createHash('sha256').update(readFileSync(at('package-lock.json'))).digest('hex');
const stamp = at('node_modules', '.barloom-lock');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  npm('ci', '--no-audit', '--no-fund', '--ignore-scripts');
  writeFileSync(stamp, lock);
}
const built = at('dist', '.built');
if (!existsSync(built) || statSync(built).mtimeMs < Math.max(newest(at('src')), statSync(at('tsconfig.json')).mtimeMs)) {
  npm('run', 'build', '--silent');
  writeFileSync(built, '');
}
