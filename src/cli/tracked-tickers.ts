/** The tickers that a command's dataset tracks, by the settings' lists and tracked.txt. */
import type { Dataset } from '../flatfile/dataset.js';
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
