/** What each dataset of the folder covers: what every answer is to be read with. */
import type { Invocation } from '#cli/invocation.js';
import { commandContext, requireData } from '#cli/run/context.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { readAllTracked } from '#store/lists/all-tracked.js';
import { folderStatus } from '#tasks/status/status.js';

export interface Coverage {
  readonly dataset: string;
  readonly title: string;
  /** The first and the last day that is here. */
  readonly first: string | null;
  readonly last: string | null;
  /** Days that are here, of the sessions from the first one known to the last that is due. */
  readonly days: number;
  readonly sessions: number;
  /** Sessions that should be here and are not; `gaps` says which and why. */
  readonly missing: number;
  /** Null: every ticker of the market has a series. */
  readonly tracked_tickers: number | null;
  readonly archive_bytes: number;
  /** As traded: no dataset is adjusted. */
  readonly adjusted: 'none';
}

/** `datasets`: only these. Throws UsageError where there is no data folder. */
export async function coverageOf(
  { flags, environment }: Invocation,
  datasets?: readonly Dataset[],
): Promise<readonly Coverage[]> {
  const context = await commandContext({ flags, environment }, 'anywhere');
  requireData(context);
  const { layout, settings } = context;
  const status = await folderStatus({
    layout,
    datasets,
    tracked: await readAllTracked(layout.dataDir, settings.texts('tickerFiles'), environment.cwd),
    now: environment.now(),
  });
  return status.datasets.map(({ dataset, title, first, last, days, accepted, tickers, archive }) => ({
    dataset,
    title,
    first,
    last,
    days: days.done,
    sessions: days.sessions,
    missing: days.sessions - days.done - days.pending - accepted,
    tracked_tickers: tickers.tracked,
    archive_bytes: archive.bytes,
    adjusted: 'none',
  }));
}
