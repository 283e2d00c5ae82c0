/**
 * Every verb that writes, on a folder that gives it something to do, and what it leaves where nothing is
 * wrong with the disk.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tar from 'tar';
import { expect } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import { type Ended, market, type RunOptions, Workdir } from '../../support/workdir.js';

export interface DiskVerb {
  readonly name: string;
  /** Without --data-dir. OUT stands for the folder beside the data folder, ENDPOINT for the sandbox. */
  readonly args: string;
  /** Begins with no data folder at all. */
  readonly empty?: true;
  /** What is done to the filled folder before. */
  readonly spoil?: (work: Workdir) => Promise<void>;
}

export const DAYS = '--start 2024-05-30 --end 2024-06-05';
const TICKERS = 'AAPL,BRK.B,MSFT';

export const VERBS: readonly DiskVerb[] = [
  { name: 'populate', args: `populate ${DAYS} --tickers ${TICKERS} --endpoint ENDPOINT`, empty: true },
  {
    name: 'populate without an archive',
    args: `populate ${DAYS} --tickers ${TICKERS} --no-save-others --endpoint ENDPOINT`,
    empty: true,
  },
  {
    name: 'populate --all-tickers',
    args: `populate ${DAYS} --all-tickers --endpoint ENDPOINT`,
    empty: true,
  },
  { name: 'populate --force', args: `populate ${DAYS} --force --endpoint ENDPOINT` },
  { name: 'add', args: 'add NVDA' },
  { name: 'remove', args: 'remove AAPL --delete --yes' },
  { name: 'rebuild', args: 'rebuild', spoil: lostSeries },
  { name: 'rebuild --all-tickers', args: 'rebuild --all-tickers' },
  { name: 'verify --repair', args: 'verify --deep --repair --endpoint ENDPOINT', spoil: damaged },
  { name: 'backfill', args: 'backfill --start 2024-05-30 --end 2024-06-07 --endpoint ENDPOINT' },
  { name: 'nightly', args: 'nightly --endpoint ENDPOINT' },
  { name: 'prune', args: 'prune --keep-days 3 --yes' },
  { name: 'backup', args: 'backup OUT/folder.tar' },
  { name: 'move-archive', args: 'move-archive OUT/moved' },
  { name: 'gaps --accept', args: 'gaps --accept 2024-06-06 --reason vendor --start 2024-05-30' },
  { name: 'export', args: 'export AAPL MSFT -o OUT/rows.csv' },
];

async function lostSeries(work: Workdir): Promise<void> {
  await work.remove('data_cache', 'AAPL_1d_data.csv');
}

/** A byte of a day, half a series and progress.json are gone. */
async function damaged(work: Workdir): Promise<void> {
  const day = work.at('massive_cache', '2024-06-03.csv.gz');
  const bytes = await readFile(day);
  bytes[200] = (bytes[200] ?? 0) ^ 0x55;
  await writeFile(day, bytes);
  await truncate(work.at('data_cache', 'MSFT_1d_data.csv'), 100);
  await truncate(work.at('massive_cache', '.toc', '2024-05'), 50);
}

/** A data folder that a run filled, to copy from. */
export interface Template {
  readonly sandbox: RunningSandbox;
  readonly filled: Workdir;
}

export async function template(tickers = 20): Promise<Template> {
  const sandbox = await market({ tickers });
  const filled = await Workdir.make(sandbox);
  const { code, stderr } = await filled.populate(`${DAYS} --tickers ${TICKERS}`);
  expect(code, stderr).toBe(0);
  return { sandbox, filled };
}

export async function folderFor({ empty, spoil }: DiskVerb, { sandbox, filled }: Template): Promise<Workdir> {
  const work = empty === true ? await Workdir.make(sandbox) : await filled.copy();
  await mkdir(path.join(work.root, 'out'));
  await spoil?.(work);
  return work;
}

export function runVerb({ args }: DiskVerb, work: Workdir, options: RunOptions = {}): Promise<Ended> {
  const given = args
    .replace('ENDPOINT', work.endpoint ?? '')
    .replace('OUT', path.join(work.root, 'out'))
    .split(' ');
  return work.run([...given, '--data-dir', options.dataDir ?? work.data], options);
}

/**
 * SHA-256 of what the verb is for, by name: both tiers wherever they lie, the user's lists, and files made
 * for others.
 */
export async function results(work: Workdir): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  const isResult = (name: string): boolean =>
    /^(data_cache|massive_cache)\/[^.][^/]*\.(csv|csv\.gz)$/.test(name) ||
    ['tracked.txt', 'accepted.json'].includes(name);
  for (const [name, hash] of Object.entries(work.everything())) if (isResult(name)) found[name] = hash;
  for (const name of await namesBelow(path.join(work.root, 'out'))) {
    const file = path.join(work.root, 'out', name);
    if (name.endsWith('.tar')) Object.assign(found, await tarResults(file));
    else if (!name.includes('.toc') && !name.endsWith('-tmp'))
      found[`out/${name}`] = hashOf(await readFile(file));
  }
  return found;
}

async function tarResults(file: string): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  await tar.t({
    file,
    onReadEntry: (entry) => {
      const hash = createHash('sha256');
      entry.on('data', (bytes: Buffer) => hash.update(bytes));
      entry.on('end', () => {
        if (/\.(csv|gz|txt)$/.test(entry.path)) found[`tar/${entry.path}`] = hash.digest('hex');
      });
    },
  });
  return found;
}

export async function namesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Removes the folder at once: thousands of them are not to wait for the test's end. */
export function discard(work: Workdir): Promise<void> {
  return rm(work.root, { recursive: true, force: true });
}
