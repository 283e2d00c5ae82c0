/** The tickers that a command's dataset tracks, by the settings' lists and tracked.txt. */
import type { Dataset } from '../flatfile/dataset.js';
import type { PopulateRequest } from '../populate/request.js';
import type { Wanted } from '../populate/wanted.js';
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
 * For a request whose `wanted` are the tracked tickers, or every one: asked once more under the lock, since whoever held it before may have
 * changed what is tracked.
 */
export function trackedUnderLock(
  dataset: Dataset,
  wanted: Wanted,
  context: Pick<CommandContext, 'layout' | 'settings'>,
  world: Pick<World, 'cwd'>,
): NonNullable<PopulateRequest['underLock']> {
  return async () => ({
    wanted: wanted === '*' ? wanted : (await trackedTickers(dataset, context, world)).tickers,
    write: [],
  });
}
