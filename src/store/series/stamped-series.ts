/**
 * A series with several lines a day, such as minute bars or the contracts of an underlying, as rows of a day each: `values` holds the day's
 * lines whole, joined by `\n`, without the last one's. There is one canonical form, which `renderStamped` gives; what is not
 * canonical is read patiently (foreign-stamped.ts), and what a rewrite would lose is said.
 *
 * A file that is canonical already is read in one pass over its bytes (canonical-stamped.ts): a ticker's minutes of five years are
 * 70 MB of text.
 */

import { headerOf, type LineShape } from './line-shape.js';
import type { ParsedSeries } from './parsed-series.js';
import { readForeignStamped } from './read-foreign.js';
import { readCanonicalStamped } from './read-own.js';
import type { Row } from './row.js';

/** Never throws: a file that cannot be read says why. */
export function parseStamped(bytes: Uint8Array, shape: LineShape): ParsedSeries {
  const canonicalRows = readCanonicalStamped(bytes, shape);
  if (canonicalRows !== undefined) return { ok: true, rows: canonicalRows, canonical: true, lost: [] };
  const foreign = readForeignStamped(bytes, shape);
  if (!foreign.ok) return foreign;
  return { ...foreign, canonical: Buffer.compare(renderStamped(foreign.rows, shape), bytes) === 0 };
}

/** `rows` ascending and each day once; UTF-8. */
export function renderStamped(rows: readonly Row[], shape: LineShape): Uint8Array {
  const header = headerOf(shape);
  // Not by way of one text: all contracts of a large underlying are longer than a string can be.
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
