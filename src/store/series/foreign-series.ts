/**
 * The patient way in: reads series files that other hands made. Written by hand, by a spreadsheet, or by yfinance (extra columns, a
 * time of day behind the date, the three-line header of its newer versions), with `#` lines, a BOM, CRLF, columns in any order.
 * What it is not sure to understand it refuses with the place, so that nobody overwrites it.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { dayBars, seriesColumns } from '#market/datasets/series-form.js';
import {
  type Cells,
  type CsvFile,
  cellsOf,
  dayCell,
  numberCell,
  readCsvFile,
  Unreadable,
} from './csv-file.js';
import type { Row } from './row.js';

export type ForeignSeries =
  | { readonly ok: true; readonly rows: readonly Row[]; readonly lost: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** Never throws. An empty file, and one with a header only, is a series without rows. */
export function readForeignSeries(bytes: Uint8Array): ForeignSeries {
  try {
    const file = readCsvFile(bytes, seriesColumns(dayBars));
    const { rows, lost } = readRows(file);
    return { ok: true, rows, lost: [...file.lost, ...lost] };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, reason: error.message };
    throw error;
  }
}

function readRows({ records, columns }: CsvFile): {
  readonly rows: readonly Row[];
  readonly lost: readonly string[];
} {
  const byDay = new Map<IsoDay, { readonly row: Row; readonly time: string }>();
  const lost = new Set<string>();
  for (const record of records) {
    const cells = cellsOf(record, columns);
    const { day, time } = dayCell(cells);
    const before = byDay.get(day);
    if (before !== undefined && clockOf(before.time) !== clockOf(time)) {
      throw new Unreadable(
        `line ${record.line} is a second time of day for ${day}: this is not a series of days`,
      );
    }
    if (before !== undefined) lost.add('repeated days');
    if (time !== '') lost.add('time of day');
    byDay.set(day, { row: { day, values: valuesOf(cells) }, time });
  }
  const rows = Array.from(byDay.values(), ({ row }) => row).sort((a, b) => (a.day < b.day ? -1 : 1));
  return { rows, lost: [...lost] };
}

/** Midnight, however it is written, says no more than a day without a time. */
function clockOf(time: string): string {
  return /^00:00(?::00(?:\.0+)?)?(?!\d)/.test(time) ? '' : time;
}

function valuesOf(cells: Cells): string {
  return cells.texts
    .slice(1)
    .map((_, i) => numberCell(cells, i + 1))
    .join(',');
}
