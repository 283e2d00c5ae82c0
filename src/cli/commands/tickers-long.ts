/** `tickers -l`: first day, last day and rows of each series, as a table or as fields of the document. */
import { safeText } from '#cli/output/safe-text.js';
import { table } from '#cli/output/table.js';
import type { CommandContext } from '#cli/run/context.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { withDataFolder } from '#store/folder/open.js';
import { readSeries } from '#tasks/history/history.js';

export interface SeriesFacts {
  readonly ticker: string;
  /** Null without a series, or where it holds nothing; `rows` is null where it cannot be read. */
  readonly first: IsoDay | null;
  readonly last: IsoDay | null;
  readonly rows: number | null;
}

export function seriesFacts(
  tickers: readonly string[],
  dataset: Dataset,
  { layout, now }: CommandContext,
): Promise<readonly SeriesFacts[]> {
  return withDataFolder({ layout, access: 'read', command: 'tickers', now }, async (folder) => {
    const context = { layout: folder.layout, dataset, archive: folder.archive(dataset) };
    return tickers.map((ticker) => {
      const read = readSeries(context, ticker);
      if (read.state !== 'read')
        return { ticker, first: null, last: null, rows: read.state === 'none' ? 0 : null };
      let rows = 0;
      let [first, last]: (IsoDay | null)[] = [null, null];
      for (const { day } of read.rows) {
        first ??= day;
        last = day;
        rows++;
      }
      return { ticker, first: first ?? null, last: last ?? null, rows };
    });
  });
}

export function longText(
  all: readonly SeriesFacts[],
  lists: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return table(
    [
      { heading: 'ticker', align: 'left' },
      { heading: 'first', align: 'left' },
      { heading: 'last', align: 'left' },
      { heading: 'rows', align: 'right' },
      { heading: 'tracked in', align: 'left' },
    ],
    all.map(({ ticker, first, last, rows }) => [
      safeText(ticker),
      first ?? '-',
      last ?? '-',
      rows === null ? 'unreadable' : String(rows),
      (lists.get(ticker) ?? []).join(', '),
    ]),
  );
}
