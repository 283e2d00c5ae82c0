/** Every ticker that is tracked: the union of the user's lists and tracked.txt. */
import type { Dataset } from '#market/datasets/dataset.js';
import { isTickerOf } from '#market/tickers/of-dataset.js';
import { readTickerLists, type TickerList } from './lists.js';
import { readTracked, type Tracked, trackedFileName } from './tracked.js';

export interface AllTracked {
  /** The union, each once. */
  readonly tickers: readonly string[];
  readonly lists: readonly TickerList[];
  readonly tracked: Tracked;
}

/** `files` as in `readTickerLists`. Throws TickerListError. */
export async function readAllTracked(
  dataDir: string,
  files: readonly string[] | undefined,
  cwd: string,
): Promise<AllTracked> {
  const lists = await readTickerLists(dataDir, files, cwd);
  const tracked = await readTracked(dataDir);
  return { tickers: [...new Set([...lists.tickers, ...tracked.tickers])], lists: lists.lists, tracked };
}

/** Those of them that are the dataset's; one without series tracks none. */
export function trackedIn(dataset: Dataset, all: AllTracked): AllTracked {
  const own = (tickers: readonly string[]): readonly string[] =>
    dataset.untracked === 'none' ? [] : tickers.filter((ticker) => isTickerOf(dataset, ticker));
  return {
    tickers: own(all.tickers),
    lists: all.lists.map((list) => {
      const tickers = own(list.tickers);
      return { ...list, tickers, count: tickers.length };
    }),
    tracked: { text: all.tracked.text, tickers: own(all.tracked.tickers) },
  };
}

/** For each tracked ticker the files that it stands in. */
export function filesOfTickers({ lists, tracked }: AllTracked): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { file, tickers } of [...lists, { file: trackedFileName, tickers: tracked.tickers }]) {
    for (const ticker of tickers) {
      const files = found.get(ticker);
      if (files === undefined) found.set(ticker, [file]);
      else files.push(file);
    }
  }
  return found;
}
