/**
 * What would hang for ever: a thread that is not there. (What hangs on the wire:
 * test/torture/wire/sweep-hangs.test.ts.)
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { market, Workdir } from '../../support/workdir.js';

it('a worker thread that cannot start ends the run', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  const copy = path.join(work.root, 'program');
  const own = (...names: readonly string[]): string =>
    fileURLToPath(new URL(['../../..', ...names].join('/'), import.meta.url));
  await mkdir(copy);
  for (const name of ['dist', 'bin', 'package.json'])
    await cp(own(name), path.join(copy, name), { recursive: true });
  await symlink(own('node_modules'), path.join(copy, 'node_modules'));
  await writeFile(
    path.join(copy, 'dist', 'bundle', 'ingest', 'threads', 'worker.js'),
    "import './not-there.js';\n",
  );
  const ended = promisify(execFile)(
    process.execPath,
    [
      ...[path.join(copy, 'bin', 'barloom.js'), 'populate', '--days', '20', '--tickers', 'AAPL'],
      ...['--data-dir', work.data],
    ],
    {
      timeout: 30_000,
      killSignal: 'SIGKILL',
      env: {
        BARLOOM_NOW: work.now,
        AWS_ENDPOINT_URL_S3: sandbox.endpoint,
        AWS_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: sandbox.credentials.secretAccessKey,
      },
    },
  );
  await expect(ended).rejects.toMatchObject({
    code: 1,
    signal: null,
    stderr: expect.stringContaining('not-there.js'),
  });
});
