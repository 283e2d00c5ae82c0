/** Tracked tickers that no day file held, with the ticker that was perhaps meant. */
import path from 'node:path';
import { newestMarket } from '#ingest/day/market-tickers.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import { stampIfThere } from '#ingest/series/series-check.js';
import type { DatasetProgress, SeriesRecord } from '#store/ledger/model.js';
import { seriesFileName } from '#store/series/file-name.js';
import type { PopulateParts } from './parts.js';

export interface NeverSeen {
  readonly tickers: readonly string[];
  readonly suggestions: Readonly<Record<string, string>>;
}

export const NONE_UNSEEN: NeverSeen = { tickers: [], suggestions: {} };

/** Of so many a near one is looked for; a list of thousands is no slip of the keys. */
const MOST = 20;

/** `market`: the tickers of a day that was read in this run; without one, the newest copy is asked. */
export async function findNeverSeen(
  { wanted, known, archive, days }: PopulateParts,
  plan: readonly PlannedDay[],
  market: ReadonlySet<string> | undefined,
): Promise<NeverSeen> {
  if (wanted === '*') return NONE_UNSEEN;
  const tickers = wanted.filter(
    (ticker) => known.series.get(ticker)?.seen !== true && wasLookedUp(ticker, known),
  );
  if (tickers.length === 0) return { tickers, suggestions: {} };
  // A run that looked at nothing has nothing new to suggest from, and opens no day for it.
  const looked = plan.some(({ action }) => action !== 'none');
  const tracked = new Set(wanted.filter((ticker) => known.series.get(ticker)?.seen === true));
  const candidates = [...tracked, ...(market ?? newestMarket(looked ? days : [], archive))];
  const { nearestTickers } = await import('#market/tickers/near.js');
  const suggestions: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const ticker of tickers.slice(0, MOST)) {
    const [meant] = nearestTickers(ticker, candidates, 1, tracked);
    if (meant !== undefined) suggestions[ticker] = meant;
  }
  return { tickers, suggestions };
}

function wasLookedUp(ticker: string, known: DatasetProgress): boolean {
  return known.lookups.has(ticker) || known.everyTicker.length > 0;
}

/**
 * Files of looked-up tickers that hold only the user's rows: they are remembered as they are, so that the
 * next run need not look again.
 */
export async function rememberForeign({
  wanted,
  known,
  target,
  progress,
  request: { dataset },
}: PopulateParts): Promise<void> {
  if (wanted === '*') return;
  const files: Record<string, SeriesRecord> = Object.create(null) as Record<string, SeriesRecord>;
  for (const ticker of wanted) {
    if (known.series.has(ticker) || !known.lookups.has(ticker)) continue;
    const stamp = await stampIfThere(path.join(target.folder, seriesFileName(ticker, target.form)));
    if (stamp !== undefined) files[ticker] = { ...stamp, seen: false };
  }
  if (Object.keys(files).length > 0)
    await progress.record([{ step: 'series', dataset: dataset.name, files }]);
}
