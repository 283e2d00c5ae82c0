/**
 * A series file's bytes and its rows. There is one canonical form, which `renderSeries` gives: the header
 * `Date,Open,High,Low,Close,Volume`, then a `\n`-ended line a day, ascending, each day once; or, where a day is many lines,
 * those (stamped-series.ts). Reading takes far more than that (foreign-series.ts), and says what the canonical form would lose; no byte is ever changed here.
 *
 * Files that are canonical already, nearly all of them, are read in one pass over the bytes, without csv-parse.
 */

import { dayBars, isLineADay, type SeriesForm, seriesColumns } from '#market/datasets/series-form.js';
import { readCanonicalRows } from './canonical-series.js';
import { readForeignSeries } from './foreign-series.js';
import { lineShapeOf } from './line-shape.js';
import type { ParsedSeries } from './parsed-series.js';
import type { Row } from './row.js';
import { parseStamped, renderStamped } from './stamped-series.js';

/** Never throws: a file that cannot be read says why. No row of the user's is dropped silently. */
export function parseSeries(bytes: Uint8Array, form: SeriesForm = dayBars): ParsedSeries {
  if (!isLineADay(form)) return parseStamped(bytes, lineShapeOf(form));
  const canonicalRows = readCanonicalRows(bytes);
  if (canonicalRows !== undefined) return { ok: true, rows: canonicalRows, canonical: true, lost: [] };
  const foreign = readForeignSeries(bytes);
  if (!foreign.ok) return foreign;
  return { ...foreign, canonical: Buffer.compare(renderSeries(foreign.rows), bytes) === 0 };
}

/** `rows` ascending and each day once; UTF-8. */
export function renderSeries(rows: readonly Row[], form: SeriesForm = dayBars): Uint8Array {
  if (!isLineADay(form)) return renderStamped(rows, lineShapeOf(form));
  let text = `${seriesColumns(form).join(',')}\n`;
  for (const { day, values } of rows) text += `${day},${values}\n`;
  return Buffer.from(text, 'utf8');
}
