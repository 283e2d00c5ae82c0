/** What is wanted, asked once more under the lock: whoever held it before may have changed what is tracked. */
import type { PopulateRequest } from '../populate/request.js';
import type { Wanted } from '../populate/wanted.js';
import { readAllTracked } from '../tickers/all-tracked.js';
import type { CommandContext } from './context.js';

/** For a request whose `wanted` are the tracked tickers, or every one. */
export function trackedUnderLock(
  wanted: Wanted,
  { layout, settings }: CommandContext,
  cwd: string,
): NonNullable<PopulateRequest['underLock']> {
  return async () => {
    if (wanted === '*') return { wanted, write: [] };
    const { tickers } = await readAllTracked(layout.dataDir, settings.texts('tickerFiles'), cwd);
    return { wanted: tickers, write: [] };
  };
}
