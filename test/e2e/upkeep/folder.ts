/** A data folder that every upkeep command can be tried on: some thirty sessions of a small market. */
import type { RunningSandbox } from '#sandbox/options.js';
import { type Filled, filledOnce } from '../../support/filled-once.js';
import type { Ended, RunOptions, Workdir } from '../../support/workdir.js';

export const RANGE = '--start 2024-04-15 --end 2024-05-31';

/** For the top of a test file. */
export const filledFolders = (): (() => Promise<Filled>) =>
  filledOnce(`${RANGE} --tickers AAPL,BRK.B,MSFT`, { tickers: 60 });

export function command(work: Workdir, args: string, options: RunOptions = {}): Promise<Ended> {
  const [name = '', ...rest] = args.split(' ').filter(Boolean);
  return work.run([name, '--data-dir', options.dataDir ?? work.data, ...rest], options);
}

/** GETs so far, of all keys together. */
export async function gets(sandbox: RunningSandbox): Promise<number> {
  const { getsByKey } = await sandbox.requests();
  return Object.values(getsByKey).reduce((sum, n) => sum + n, 0);
}

/** The days that the archive folder holds, ascending. */
export function days(work: Workdir, folder = 'massive_cache/'): readonly string[] {
  return Object.keys(work.everything())
    .filter((name) => name.startsWith(folder) && name.endsWith('.csv.gz'))
    .map((name) => name.slice(folder.length, folder.length + 10));
}
