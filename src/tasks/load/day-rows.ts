/**
 * A day of the archive as rows of a table: the lake's columns, every number in the vendor's own digits, and
 * `ord`, which tells rows of one symbol and moment apart. The order is that of the file, so it is the same
 * on every load.
 */
import { addDays } from '#market/calendar/iso-day.js';
import { instantOf } from '#market/calendar/zone.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { Only } from '#store/database/loads.js';
import { textQuery } from '#store/lake/bronze-writer.js';
import type { DayText } from '#store/lake/day-text.js';
import { identifier, literal } from '#store/lake/duckdb.js';

/**
 * Of rows that are stamped outside the calendar day of their file, so that none has the key of a row of that
 * other day's file: an evening may stand in both.
 */
const OFF_DAY = 1_000_000;

/** The day's columns that are decimals. */
export function numbersOf({ columns: { names, types } }: DayText): ReadonlySet<string> {
  return new Set(names.filter((_, i) => types[i] === 'DOUBLE'));
}

/** `only`: by a column of the table. */
export function dayRows(text: DayText, dataset: Dataset, only: Only | undefined): string {
  const { columns, day } = text;
  const types = columns.types.map((type) => (type === 'DOUBLE' ? 'VARCHAR' : type));
  const lake = textQuery([{ ...text, columns: { ...columns, types } }], dataset);
  const rows =
    "SELECT coalesce(ticker, '') AS symbol, * EXCLUDE (ticker) REPLACE (coalesce(ts_ns, epoch_ns(date)) AS ts_ns) " +
    `FROM (${lake})${whereOnly(only)}`;
  const numbered = `SELECT *, row_number() OVER () AS barloom_row FROM (${rows})`;
  const ordered = text.proof.ordered
    ? numbered
    : `SELECT * REPLACE (row_number() OVER () AS barloom_row) FROM (SELECT * FROM (${numbered}) ORDER BY symbol, ts_ns, barloom_row)`;
  // Windows without a partition are worked through as the rows pass, in their order.
  const compared = `SELECT *, coalesce(symbol = lag(symbol) OVER () AND ts_ns = lag(ts_ns) OVER (), false) AS barloom_same FROM (${ordered})`;
  const first =
    'max(CASE WHEN barloom_same THEN 0 ELSE barloom_row END) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)';
  const { from, to } = boundsOf(day, dataset);
  return (
    `SELECT symbol, date, ts, ts_ns, barloom_row - ${first} + CASE WHEN ts_ns < ${from} OR ts_ns >= ${to} THEN ${OFF_DAY} ELSE 0 END AS ord, ` +
    `* EXCLUDE (symbol, date, ts, ts_ns, barloom_row, barloom_same) FROM (${compared})`
  );
}

function whereOnly(only: Only | undefined): string {
  if (only === undefined) return '';
  return ` WHERE ${identifier(only.column)} IN (${only.values.map(literal).join(', ')})`;
}

/** In ns: the day of the zone. A bar of a day has no other bar beside it, and may be stamped in another zone. */
function boundsOf(day: DayText['day'], { series }: Dataset): { readonly from: string; readonly to: string } {
  const slack = series.time === 'day' ? 1 : 0;
  const at = (one: DayText['day']): string => `${instantOf(one, 0, series.timeZone).getTime()}000000`;
  return { from: at(addDays(day, -slack)), to: at(addDays(day, 1 + slack)) };
}
