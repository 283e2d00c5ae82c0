/**
 * The quick way in: reads a series file that is canonical to the byte, and gives up at the first byte that is not, without a
 * judgement. The property that holds it together with the general way is in test/store/series/series-file.test.ts.
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { dayBars, seriesColumns } from '#market/datasets/series-form.js';
import type { Row } from './row.js';

const HEADER = Buffer.from(`${seriesColumns(dayBars).join(',')}\n`, 'latin1');
const NEWLINE = 10;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const DAY_LENGTH = 10;
const VALUES = 5;

/** Undefined where the file is not canonical, or holds a value that is not a plain decimal number. */
export function readCanonicalRows(bytes: Uint8Array): readonly Row[] | undefined {
  if (bytes.length < HEADER.length || bytes[bytes.length - 1] !== NEWLINE) return undefined;
  if (HEADER.compare(bytes, 0, HEADER.length) !== 0) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const rows: Row[] = [];
  let previous: IsoDay = '';
  let at = HEADER.length;
  while (at < bytes.length) {
    const end = endOfValues(bytes, at + DAY_LENGTH);
    const day = text.slice(at, at + DAY_LENGTH);
    if (end === -1 || day <= previous || !isIsoDay(day)) return undefined;
    rows.push({ day, values: text.slice(at + DAY_LENGTH + 1, end) });
    previous = day;
    at = end + 1;
  }
  return rows;
}

/** The place of the newline behind five times a comma and a canonical number, from `start` on; -1 where that is not so. */
function endOfValues(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let value = 0; value < VALUES; value++) {
    if (bytes[at] !== COMMA) return -1;
    at = endOfNumber(bytes, at + 1);
    if (at === -1) return -1;
  }
  return bytes[at] === NEWLINE ? at : -1;
}

/** Behind a number in the form that `plainDecimal` gives, or -1. */
export function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = endOfDigits(bytes, start);
  if (at === start || (bytes[start] === ZERO && at > start + 1)) return -1;
  if (bytes[at] !== POINT) return at;
  const fraction = at + 1;
  at = endOfDigits(bytes, fraction);
  return at === fraction || bytes[at - 1] === ZERO ? -1 : at;
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let byte = bytes[at]; byte !== undefined && byte >= ZERO && byte <= NINE; byte = bytes[at]) at++;
  return at;
}
