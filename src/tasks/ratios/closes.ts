/** Closes as traded, for ratios with a price: the lake where a day is built, the archive otherwise. */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import { PRICE_REACH_DAYS } from '#market/ratios/ratio-rows.js';
import { openArchive } from '#store/archive/store.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { openBronze } from '#store/lake/bronze.js';
import { daysOf } from '#store/lake/built.js';
import { type Duck, listOf } from '#store/lake/duckdb.js';
import { datasetView } from '#store/lake/views.js';

export interface Closes {
  /** SELECT of ticker, date and close; undefined where there is no day. */
  select(start: IsoDay, end: IsoDay, tickers?: readonly string[]): string | undefined;
  /** What the closes of these days are made of, to be known again. */
  mark(start: IsoDay, end: IsoDay): string;
}

export async function openCloses(layout: FolderLayout, duck: () => Promise<Duck>): Promise<Closes> {
  const bronze = await openBronze(layout, stocksDaily.name, duck);
  const built = daysOf(bronze.built);
  const archive = openArchive(layout, stocksDaily);
  const unbuilt = archive.days().filter((day) => !built.has(day));
  const all = [...new Set([...built.keys(), ...unbuilt])].sort();
  const near = (start: IsoDay, end: IsoDay) => {
    const from = addDays(start, -PRICE_REACH_DAYS);
    return (day: IsoDay): boolean => day >= from && day <= end;
  };
  return {
    select: (start, end, tickers) => {
      const isNear = near(start, end);
      const view = datasetView({
        dataset: stocksDaily,
        archive,
        folder: bronze.folder,
        built: new Map([...bronze.built].filter(([, { days }]) => [...days.keys()].some(isNear))),
        fromArchive: unbuilt.filter(isNear),
      });
      if (view === undefined) return undefined;
      const only = tickers === undefined ? '' : ` AND ticker IN (SELECT unnest(${listOf(tickers)}))`;
      return `SELECT ticker, date, close FROM (${view.sql}) WHERE close > 0 AND date BETWEEN DATE '${addDays(start, -PRICE_REACH_DAYS)}' AND DATE '${end}'${only}`;
    },
    mark: (start, end) =>
      all
        .filter(near(start, end))
        .map((day) => {
          const stamp = archive.stampOf(day);
          return `${day} ${built.get(day)?.sha256 ?? `${stamp?.size} ${stamp?.mtimeMs}`}`;
        })
        .join('\n'),
  };
}
