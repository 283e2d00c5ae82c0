// Run by lock.test.ts, many at once: takes the lock of the folder again and again, and says what came of it. A holder marks its stay with
// a file made exclusively, so that two holders at a time are found out. Every third process dies as a holder, without releasing.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { acquireLock } from '#platform/lock/lock.js';
import { LockedError } from '#platform/lock/locked-error.js';

const [dataDir, go, mortal] = process.argv.slice(2);
const inside = path.join(dataDir, 'inside');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

while (!existsSync(go)) await wait(5);
for (let round = 0; round < 8; round++) {
  try {
    const lock = await acquireLock({ folder: dataDir, command: 'test', now: new Date() });
    writeFileSync(inside, '', { flag: 'wx' });
    console.log('held');
    await wait(3);
    rmSync(inside);
    if (mortal === 'mortal') process.kill(process.pid, 'SIGKILL');
    await lock.release();
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    await wait(Math.random() * 20);
  }
}
