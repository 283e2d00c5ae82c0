/**
 * A series file's bytes and its rows. There is one canonical form, our own, which `renderSeries` gives: the
 * header `Date,Open,High,Low,Close,Volume`, then a `\n`-ended line a day, ascending, each day once; or, where
 * a day is many lines, those. Reading takes far more than that (read-foreign.ts), and says what the canonical
 * form would lose; no byte is ever changed here.
 */
import { dayBars, type SeriesForm } from '#market/datasets/series-form.js';
import { headerOf, type LineShape, lineShapeOf } from './line-shape.js';
import { readForeign } from './read-foreign.js';
import { readOwn } from './read-own.js';
import type { ParsedSeries, Row } from './row.js';

/** Never throws: a file that cannot be read says why. No row of the user's is dropped silently. */
export function parseSeries(bytes: Uint8Array, form: SeriesForm = dayBars): ParsedSeries {
  const shape = lineShapeOf(form);
  const own = readOwn(bytes, shape);
  if (own !== undefined) return { ok: true, rows: own, canonical: true, lost: [] };
  const foreign = readForeign(bytes, shape);
  if (!foreign.ok) return foreign;
  return { ...foreign, canonical: Buffer.compare(rendered(foreign.rows, shape), bytes) === 0 };
}

/** `rows` ascending and each day once; UTF-8. */
export function renderSeries(rows: readonly Row[], form: SeriesForm = dayBars): Uint8Array {
  return rendered(rows, lineShapeOf(form));
}

function rendered(rows: readonly Row[], shape: LineShape): Uint8Array {
  return shape.onePerDay ? renderLines(rows, headerOf(shape)) : renderBlocks(rows, headerOf(shape));
}

function renderLines(rows: readonly Row[], header: string): Uint8Array {
  let text = header;
  for (const { day, values } of rows) text += `${day},${values}\n`;
  return Buffer.from(text, 'utf8');
}

/** Not by way of one text: all contracts of a large underlying are longer than a string can be. */
function renderBlocks(rows: readonly Row[], header: string): Uint8Array {
  const length = rows.reduce(
    (sum, { values }) => sum + Buffer.byteLength(values) + 1,
    Buffer.byteLength(header),
  );
  const bytes = Buffer.allocUnsafe(length);
  let at = bytes.write(header);
  for (const { values } of rows) {
    at += bytes.write(values, at);
    at = bytes.writeUInt8(NEWLINE, at);
  }
  return bytes;
}

const NEWLINE = 10;
