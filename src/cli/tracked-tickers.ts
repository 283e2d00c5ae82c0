/** The tickers that a command's dataset tracks, by the settings' lists and tracked.txt. */
import { wantedIn } from '../coverage/kept.js';
import { trackedOrEvery } from '../fill/tracked-or-every.js';
import type { Dataset } from '../flatfile/dataset.js';
import type { PopulateRequest } from '../populate/request.js';
import { type AllTracked, readAllTracked, trackedIn } from '../tickers/all-tracked.js';
import type { CommandContext } from './context.js';
import type { World } from './world.js';

/** Throws TickerListError. */
export async function trackedTickers(
  dataset: Dataset,
  { layout, settings }: Pick<CommandContext, 'layout' | 'settings'>,
  { cwd }: Pick<World, 'cwd'>,
): Promise<AllTracked> {
  return trackedIn(dataset, await readAllTracked(layout.dataDir, settings.texts('tickerFiles'), cwd));
}

/**
 * What is wanted, asked once more under the lock, since whoever held it before may have changed what is tracked. `of`: the tracked tickers, or
 * every one where the folder was once filled so.
 */
export function trackedUnderLock(
  dataset: Dataset,
  of: 'tracked' | 'kept',
  context: Pick<CommandContext, 'layout' | 'settings'>,
  world: Pick<World, 'cwd'>,
): NonNullable<PopulateRequest['underLock']> {
  return async (known) => {
    const { tickers } = await trackedTickers(dataset, context, world);
    const wanted = of === 'kept' ? wantedIn(known, trackedOrEvery(context, dataset, tickers)) : tickers;
    return { wanted, write: [] };
  };
}
