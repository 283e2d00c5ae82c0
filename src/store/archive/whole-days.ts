/** Days that are read without a table of contents: all of a day, a large one a piece at a time. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset, DayRules } from '#market/datasets/dataset.js';
import { rangeOf } from '#market/datasets/series-key.js';
import { type DayIndex, inOrder } from '#market/records/day-index.js';
import { takeRows, takeSlice } from '#market/records/take-rows.js';
import type { TakenRows } from '#market/records/taken-rows.js';
import { inflateArchive } from './bgzf.js';
import { indexArchived } from './build-toc.js';
import { type OpenDayFile, readAt } from './day-file.js';
import type { DayFiles } from './day-files.js';
import { type Bounds, gatherDay, piecesOfDay } from './gather-day.js';

export interface WholeDays {
  takeRows(day: IsoDay, tickers: readonly Uint8Array[]): TakenRows;
  takeSlice(day: IsoDay, bounds: Bounds): TakenRows;
  check(day: IsoDay): void;
}

/** All of them throw ArchiveDamage or the disk's error. */
export function openWholeDays({ open: withDay }: Pick<DayFiles, 'open'>, dataset: Dataset): WholeDays {
  const indexOf = (day: IsoDay): DayIndex =>
    withDay(day, (open) => indexArchived(inflateArchive(readAt(open, 0, open.size), dataset), dataset));
  const holding = (day: IsoDay, wanted: () => readonly Bounds[]): DayIndex =>
    dataset.inPieces ? withDay(day, (open) => gatherDay(open, wanted(), dataset)) : indexOf(day);
  return {
    takeRows: (day, tickers) => {
      const index = holding(day, () => tickers.map((ticker) => rangeOf(ticker, dataset.series)));
      return takeRows(index, tickers, dataset, day);
    },
    takeSlice: (day, { from, to }) =>
      takeSlice(
        holding(day, () => [{ from, to }]),
        from,
        to,
        dataset,
        day,
      ),
    check: (day) => {
      if (!dataset.inPieces) indexOf(day);
      else
        withDay(day, (open) => {
          for (const _ of piecesOfDay(open, dataset));
        });
    },
  };
}

/** Of a large day without a table: as good a place to cut the market as any. */
export function firstTickersOfPieces(open: OpenDayFile, rules: DayRules): readonly Uint8Array[] {
  const tickers: Uint8Array[] = [];
  for (const index of piecesOfDay(open, rules)) {
    const i = inOrder(index, 0);
    if (index.records > 0) tickers.push(index.tickerBytes.slice(index.tickerStarts[i], index.tickerEnds[i]));
  }
  return tickers.sort(Buffer.compare);
}
