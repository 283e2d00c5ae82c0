/** Which of the tracked tickers are a dataset's: the lists are shared by all, and the prefix tells (`I:SPX`, `O:SPY` for the options on SPY). */
import type { Dataset } from '../flatfile/dataset.js';
import { datasets } from '../flatfile/datasets/all.js';

const PREFIXES = [...new Set([...datasets.values()].map(({ series }) => series.prefix))].filter(Boolean);

/** Stocks have no prefix: theirs are those with none of the others'. */
export function isTickerOf({ series: { prefix } }: Dataset, ticker: string): boolean {
  return prefix === ''
    ? !PREFIXES.some((other) => ticker.startsWith(other))
    : ticker.startsWith(prefix) && ticker.length > prefix.length;
}

/** A ticker as the dataset has it, where it may have been named without the prefix: `SPX` is `I:SPX` among the indices. */
export function tickerIn({ series: { prefix } }: Dataset, named: string): string {
  return named.startsWith(prefix) ? named : prefix + named;
}
