/** The tickers that a command's dataset tracks, by the settings' lists and tracked.txt. */

import type { Environment } from '#cli/environment.js';
import type { CommandContext } from '#cli/run/context.js';
import type { PopulateRequest } from '#ingest/run/request.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { type AllTracked, readAllTracked, trackedIn } from '#store/lists/all-tracked.js';
import { wantedIn } from '#tasks/coverage/kept.js';
import { trackedOrEvery } from '#tasks/series/tracked-or-every.js';

/** Throws TickerListError. */
export async function trackedTickers(
  dataset: Dataset,
  { layout, settings }: Pick<CommandContext, 'layout' | 'settings'>,
  { cwd }: Pick<Environment, 'cwd'>,
): Promise<AllTracked> {
  return trackedIn(dataset, await readAllTracked(layout.dataDir, settings.texts('tickerFiles'), cwd));
}

/**
 * What is wanted, asked once more under the lock, since whoever held it before may have changed what is
 * tracked. `of`: the tracked tickers, or every one where the folder was once kept so.
 */
export function trackedUnderLock(
  dataset: Dataset,
  of: 'tracked' | 'kept',
  context: Pick<CommandContext, 'layout' | 'settings'>,
  environment: Pick<Environment, 'cwd'>,
): NonNullable<PopulateRequest['underLock']> {
  return async (known) => {
    const { tickers } = await trackedTickers(dataset, context, environment);
    const wanted = of === 'kept' ? wantedIn(known, trackedOrEvery(context, dataset, tickers)) : tickers;
    return { wanted, write: [] };
  };
}
