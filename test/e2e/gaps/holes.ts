/** A folder with every kind of hole, and the commands that look at it. */

import type { RunningSandbox } from '#sandbox/options.js';
import type { DatasetGaps } from '#tasks/gaps/find-gaps.js';
import { type Ended, keyOf, market, Workdir } from '../../support/workdir.js';

/** 22 sessions, Memorial Day among the weekdays, the first three of them below the plan's floor. */
export const RANGE = '--start 2024-05-15 --end 2024-06-14';
export const DENIED = ['2024-05-15', '2024-05-16', '2024-05-17'];
/** Over the holiday of the 27th, and a day by itself. */
export const MISSING = ['2024-05-24', '2024-05-28', '2024-06-05'];
export const FAILED = '2024-06-06';
/** Thursday's file is there, Friday's is not due. */
export const PENDING = '2024-06-14';

/**
 * Populated once, with AAPL and a ticker that there is not: exit 3. `failed`: with a day that fails, which
 * takes seconds of retries.
 */
export async function holed(
  failed = false,
  options = '--tickers AAPL,aapl',
): Promise<{ readonly work: Workdir; readonly sandbox: RunningSandbox; readonly populated: Ended }> {
  const sandbox = await market({ missing: MISSING, denied: [{ end: '2024-05-17' }] });
  if (failed) await sandbox.replace(keyOf(FAILED), Buffer.from('<html>no day</html>'));
  const work = await Workdir.make(sandbox);
  const populated = await work.populate(`${RANGE} ${options}`);
  return { work, sandbox, populated };
}

export interface GapsEnded extends Ended {
  readonly found: DatasetGaps;
  readonly document: Readonly<Record<string, unknown>>;
}

export function gaps(work: Workdir, ...args: readonly string[]): Promise<Ended> {
  return work.run(['gaps', '--data-dir', work.data, ...args]);
}

export async function gapsJson(work: Workdir, ...args: readonly string[]): Promise<GapsEnded> {
  const ended = await gaps(work, '--json', ...args);
  const document = JSON.parse(ended.stdout) as { readonly datasets: readonly DatasetGaps[] };
  const [found] = document.datasets;
  if (found === undefined) throw new Error(`no dataset in ${ended.stdout}\n${ended.stderr}`);
  return { ...ended, found, document: { ...document } };
}

/** What is open, range by range. */
export function ranges({ found }: GapsEnded): readonly string[] {
  return found.gaps.map(
    ({ state, start, end, sessions, accepted }) =>
      `${state} ${start} ${end} ${sessions}${accepted === undefined ? '' : ` ${accepted}`}`,
  );
}
