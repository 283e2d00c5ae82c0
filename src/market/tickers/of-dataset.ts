/**
 * Which of the tracked tickers are a dataset's: the lists are shared by all, and the prefix says it (`I:SPX`,
 * `O:SPY` for the options on SPY).
 */

import { datasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { SeriesForm } from '#market/datasets/series-form.js';
import { endOfKey } from '#market/datasets/series-key.js';

const PREFIXES = [...new Set([...datasets.values()].map(({ series }) => series.prefix))].filter(Boolean);

/** Stocks have no prefix: theirs are those with none of the others'. */
export function isTickerOf({ series: { prefix }, tickerPattern }: Dataset, ticker: string): boolean {
  if (tickerPattern?.test(ticker) === false) return false;
  return prefix === '' ? !hasPrefix(ticker) : ticker.startsWith(prefix) && ticker.length > prefix.length;
}

/**
 * A ticker as the dataset has it, where it may have been named without the prefix: `SPX` is `I:SPX` among the
 * indices.
 */
export function tickerIn({ series: { prefix } }: Dataset, named: string): string {
  return named.startsWith(prefix) ? named : prefix + named;
}

/** The name of the series that a record's ticker belongs to: its own, or that of its underlying. */
export function seriesOfTicker(ticker: string, form: SeriesForm): string {
  if (form.of === 'ticker') return ticker;
  const bytes = Buffer.from(ticker);
  const end = endOfKey(bytes, 0, bytes.length, form);
  return end < 0 ? ticker : bytes.toString('utf8', 0, end);
}

/** Whether a ticker begins as those of some market do. */
export function hasPrefix(ticker: string): boolean {
  return PREFIXES.some((prefix) => ticker.startsWith(prefix));
}

/**
 * The datasets whose the ticker is, where it is not this one's: `indices_daily`, `indices_minute` for `I:SPX`
 * among stocks.
 */
export function otherOwners(dataset: Dataset, ticker: string): readonly string[] {
  if (!hasPrefix(ticker) || isTickerOf(dataset, ticker)) return [];
  return [...datasets.values()].filter((other) => isTickerOf(other, ticker)).map(({ name }) => name);
}

export function withoutPrefix(ticker: string): string {
  const prefix = PREFIXES.find((one) => ticker.startsWith(one)) ?? '';
  return ticker.slice(prefix.length);
}
