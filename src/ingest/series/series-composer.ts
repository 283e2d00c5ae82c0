/**
 * Composes one series file after the other in the same buffer, as bytes: no string is made of a bar unless it
 * has to be merged.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isLineADay, type SeriesForm, seriesColumns } from '#market/datasets/series-form.js';
import { rowValues, type TakenRows } from '#market/records/taken-rows.js';
import type { SeriesUpdate } from '#store/series/merge.js';

export interface SeriesComposer {
  /** Starts the next file. */
  begin(): void;
  /** Adds row `i` of `rows` as the bar of day number `d`; days ascending. */
  add(d: number, rows: TakenRows, i: number): void;
  /** The numbers of the days that were added. */
  days(): readonly number[];
  /** The whole file, canonical; valid until the next `begin`. */
  text(): Uint8Array;
  /** The same bars to be merged into a file that is there already, of which nothing is ours to change. */
  updates(): readonly SeriesUpdate[];
}

export function newSeriesComposer(days: readonly IsoDay[], form: SeriesForm): SeriesComposer {
  const header = Buffer.from(`${seriesColumns(form).join(',')}\n`);
  const dates = days.map((day) => Buffer.from(isLineADay(form) ? `${day},` : ''));
  let bytes = Buffer.allocUnsafeSlow(1 << 16);
  let length = 0;
  let added: { readonly d: number; readonly rows: TakenRows; readonly i: number }[] = [];
  return {
    begin: () => {
      length = header.copy(bytes);
      added = [];
    },
    add: (d, rows, i) => {
      added.push({ d, rows, i });
      const date = dates[d] as Buffer;
      const start = rows.ends[2 * i] as number;
      const end = rows.ends[2 * i + 1] as number;
      const needed = length + date.length + end - start + 1;
      if (needed > bytes.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, needed));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      for (let b = 0; b < date.length; b++) bytes[length++] = date[b] as number;
      for (let b = start; b < end; b++) bytes[length++] = rows.bytes[b] as number;
      bytes[length++] = 10;
    },
    days: () => added.map(({ d }) => d),
    text: () => bytes.subarray(0, length),
    updates: () =>
      added.map(({ d, rows, i }) => ({ day: days[d] as IsoDay, values: rowValues(rows, i), ours: false })),
  };
}
