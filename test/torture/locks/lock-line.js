/**
 * A starting line for runs that want the same lock: preloaded with `--import`, it holds each run just before its first look at a lock file
 * until all of them stand there (settings in BARLOOM_LOCK_LINE: at-line.ts), and draws out what lies between the lock's file calls. It
 * writes down who got which lock and who gave it back, in the order in which that happened.
 */

/**
 * A starting line for runs that want the same lock: preloaded with `--import`, it holds each run just before its first look at a lock file
 * until all of them stand there (settings in BARLOOM_LOCK_LINE: at-line.ts), and draws out what lies between the lock's file calls. It
 * writes down who got which lock and who gave it back, in the order in which that happened.
 */
import fs, { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';

const { line, log, jitterMs = 0, dieAt } = JSON.parse(process.env.BARLOOM_LOCK_LINE ?? '{}');
const own = { ...fs.promises };
let waited = line === undefined;
let calls = 0;

const isLock = (file) => typeof file === 'string' && path.basename(file).startsWith('.barloom.lock');
const isFinal = (file) => typeof file === 'string' && path.basename(file) === '.barloom.lock';

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function tell(what, file) {
  if (log !== undefined)
    appendFileSync(
      log,
      `${JSON.stringify({ what, lock: fs.realpathSync(path.dirname(file)), pid: process.pid })}\n`,
    );
}

function before(file) {
  if (!waited) {
    waited = true;
    writeFileSync(path.join(line, `ready-${process.pid}`), '');
    while (!existsSync(path.join(line, 'go'))) sleep(1);
  }
  calls++;
  if (jitterMs > 0) sleep(Math.random() * jitterMs);
  if (calls === dieAt) {
    tell('died', file);
    process.kill(process.pid, 'SIGKILL');
    sleep(10_000);
  }
}

if (isMainThread) {
  fs.promises.open = async (file, flags, ...rest) => {
    if (isLock(file)) before(file);
    const handle = await own.open(file, flags, ...rest);
    // How a lock is made where a file system knows no second names.
    if (isFinal(file) && flags === 'wx') tell('got', file);
    return handle;
  };
  for (const call of ['readFile', 'stat']) {
    fs.promises[call] = (file, ...rest) => {
      if (isLock(file)) before(file);
      return own[call](file, ...rest);
    };
  }
  for (const call of ['link', 'rename']) {
    fs.promises[call] = async (from, to) => {
      if (isLock(to)) before(to);
      await own[call](from, to);
      if (isFinal(to)) tell('got', to);
    };
  }
  fs.promises.rm = (file, options) => {
    if (isLock(file)) before(file);
    if (isFinal(file)) tell('gave', file);
    return own.rm(file, options);
  };
  syncBuiltinESMExports();
}
