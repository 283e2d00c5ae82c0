/**
 * A table for spreadsheets and data frames: a row a date or moment, a column a ticker, one value of each bar.
 * A cell without a bar is empty (null in JSON). All of it is held until its end, since a ticker comes whole;
 * how much that may be is bounded.
 */
import type { Format, FormatName } from './format.js';
import { cellsOf, jsonValue } from './format.js';

export interface WideTable {
  /** Each has a column, in this order, whether or not it has a row. */
  readonly tickers: readonly string[];
  /** `Date` or `Datetime`. */
  readonly stampName: string;
  /** Which of a line's values it is of. */
  readonly at: number;
}

/** Some 60 bytes each at worst. */
const MOST_CELLS = 20_000_000;

/** The table would be larger than memory should hold. */
export class TableTooLarge extends Error {}

/** A new one, to be used once. Its `lines` throws TableTooLarge. */
export async function wideFormatOf(name: FormatName, table: WideTable): Promise<Format> {
  const { tickers, at } = table;
  const { stringify } = await import('csv-stringify/sync');
  const places = new Map(tickers.map((ticker, i) => [ticker, i]));
  const rows = new Map<string, string[]>();
  const rowOf = (stamp: string): string[] => {
    let row = rows.get(stamp);
    if (row === undefined) {
      if ((rows.size + 1) * tickers.length > MOST_CELLS) throw new TableTooLarge();
      row = new Array<string>(tickers.length).fill('');
      rows.set(stamp, row);
    }
    return row;
  };
  return {
    begin: () => '',
    lines: (ticker, lines) => {
      const place = places.get(ticker) ?? -1;
      for (const { stamp, values } of lines) rowOf(stamp)[place] = cellsOf(values)[at] ?? '';
      return '';
    },
    end: () => {
      const stamps = inOrderOfTime([...rows.keys()]);
      if (name === 'csv')
        return [[table.stampName, ...tickers], ...stamps.map((stamp) => [stamp, ...rowOf(stamp)])]
          .map((row) => stringify([row]))
          .join('');
      const objects = stamps.map((stamp) => objectText(table, stamp, rowOf(stamp)));
      return name === 'json' ? `[\n${objects.join(',\n')}\n]\n` : objects.map((text) => `${text}\n`).join('');
    },
  };
}

/** By what clocks show they do not ascend where one is put back. */
function inOrderOfTime(stamps: readonly string[]): readonly string[] {
  const timed = stamps.map((stamp) => ({ stamp, time: Date.parse(stamp.replace(' ', 'T')) }));
  return timed.sort((a, b) => a.time - b.time || (a.stamp < b.stamp ? -1 : 1)).map(({ stamp }) => stamp);
}

/** Written by hand: a number keeps its digits, and tickers that look like numbers keep their order. */
function objectText({ tickers, stampName }: WideTable, stamp: string, row: readonly string[]): string {
  const cells = tickers.map((ticker, i) => `${JSON.stringify(ticker)}:${jsonValue(row[i] ?? '')}`);
  return `{${[`${JSON.stringify(stampName.toLowerCase())}:${JSON.stringify(stamp)}`, ...cells].join(',')}}`;
}
