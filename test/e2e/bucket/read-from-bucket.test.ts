/** Commands that read take an archive in a bucket as they take a folder; those that write refuse it. */
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { daysOfFolder, putDay } from '../../support/bucket.js';
import { filledOnce } from '../../support/filled-once.js';
import { type Answered, inProcess } from '../../support/in-process.js';
import { Workdir } from '../../support/workdir.js';

const filled = filledOnce('--start 2024-06-03 --tickers AAPL,MSFT', { tickers: 600 });

/** The folder's archive in a bucket, and an empty folder for whoever reads it. */
async function bucketAndReader() {
  const { work } = await filled();
  const reader = await Workdir.make();
  mkdirSync(reader.data);
  const root = path.join(work.root, 'store');
  const archiveDir = work.at('massive_cache');
  for (const day of daysOfFolder(archiveDir))
    await putDay(
      (key, bytes) => {
        const file = path.join(root, 'own', key);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, bytes);
      },
      { archiveDir, day, prefix: 'market/' },
    );
  const server = fork(fileURLToPath(new URL('../../support/bucket-server.js', import.meta.url)), [root]);
  onTestFinished(() => server.disconnect());
  const port = await new Promise((resolve) =>
    server.once('message', ({ port: told }: { port: number }) => resolve(told)),
  );
  const env = { AWS_ACCESS_KEY_ID: 'OWN', AWS_SECRET_ACCESS_KEY: 'ownsecret' };
  const of = (
    who: Workdir,
    where: readonly string[],
    [command = '', ...operands]: readonly string[],
  ): Promise<Answered> =>
    inProcess([...command.split(' '), ...operands, '--data-dir', who.data, ...where], who, env);
  const where = ['--archive-dir', 's3://own/market', '--store-endpoint', `http://127.0.0.1:${port}`];
  return {
    work,
    reader,
    there: (...args: string[]) => of(reader, where, args),
    here: (...args: string[]) => of(work, [], args),
  };
}

test('add, show, export, tickers, gaps, status and sql read a bucket; the series is that of a local populate', async () => {
  const { work, reader, there, here } = await bucketAndReader();
  const added = await there('add AAPL');
  expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('9 of 9 days read') });
  expect(reader.series('AAPL')).toBe(work.series('AAPL'));
  const count = 'SELECT count(*) AS n, sum(volume) AS v FROM stocks_daily';
  const sql = await there('sql', count);
  expect(sql).toMatchObject({ code: 0 });
  expect(sql.stdout).toBe((await here('sql', count)).stdout);
  for (const same of [
    'tickers',
    'show AAPL',
    'export MSFT --start 2024-06-05',
    'export AAPL --columns transactions --start 2024-06-05',
  ])
    expect((await there(same)).stdout, same).toBe((await here(same)).stdout);
  expect((await there('gaps')).code).toBe(0);
  const status = JSON.parse((await there('status --json')).stdout) as {
    readonly datasets: readonly { readonly archive: { readonly files: number; readonly folder: string } }[];
  };
  expect(status.datasets[0]?.archive).toMatchObject({
    files: 9,
    folder: 's3://own/market/archive/stocks_daily',
  });
});

test('populate and the other commands that write an archive refuse a bucket, with the way that works', async () => {
  const { there } = await bucketAndReader();
  for (const command of ['populate', 'rebuild', 'prune --keep-days 5', 'verify --repair', 'backfill'])
    await expect(there(command), command).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('needs the archive in a folder'),
    });
});
