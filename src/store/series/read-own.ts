/**
 * Reads a series file in our own form, to the byte, and gives up at the first byte that is not, without a
 * judgement: read-foreign.ts takes the rest. That both agree is a property in test/store/series/. A ticker's
 * minutes of five years are 70 MB of text, so this is one pass.
 */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import { endOfNumber, endOfWord } from './cell-ends.js';
import { DAY_LENGTH, newLineDays } from './line-days.js';
import { headerOf, isNumberColumn, type LineShape } from './line-shape.js';
import { stampReader } from './own-stamps.js';
import type { Row } from './row.js';

const NEWLINE = 10;
const COMMA = 44;

/**
 * Undefined where the file is not in our own form, holds a value that is not a plain decimal number, or a row
 * of zeros.
 */
export function readOwn(bytes: Uint8Array, shape: LineShape): readonly Row[] | undefined {
  const header = Buffer.from(headerOf(shape), 'latin1');
  if (bytes.length < header.length || bytes[bytes.length - 1] !== NEWLINE) return undefined;
  if (header.compare(bytes, 0, header.length) !== 0) return undefined;
  return readOwnLines(bytes, header.length, shape);
}

/** The same of the whole lines from `start` on, without a header. */
export function readOwnLines(bytes: Uint8Array, start: number, shape: LineShape): readonly Row[] | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const { columns, onePerDay, timeZone } = shape;
  // One text for all is by far the quickest for thousands of short rows; all contracts of a large underlying
  // are longer than a text can be.
  const all = onePerDay ? buffer.toString('latin1') : undefined;
  const endOfStamp = timeZone === undefined ? undefined : stampReader(buffer, timeZone, shape);
  const isNumber = columns.slice(1).map(isNumberColumn);
  const isBar = columns[1] === 'Open';
  const valuesAt = onePerDay ? DAY_LENGTH + 1 : 0;
  const dayAt = newLineDays(shape);
  const rows: Row[] = [];
  let day: IsoDay = '';
  let at = start;
  while (at < bytes.length) {
    const next = all?.slice(at, at + DAY_LENGTH) ?? dayAt(buffer, at);
    if (next <= day || (onePerDay && !isIsoDay(next))) return undefined;
    day = next;
    const from = at;
    do {
      const key = endOfStamp === undefined ? at + DAY_LENGTH : endOfStamp(at, day);
      const end = key === -1 ? -1 : endOfCells(bytes, key, isNumber);
      // Prices of zero are no row: read-foreign.ts says so.
      if (end === -1 || (isBar && startsWith(bytes, key, ZEROS))) return undefined;
      at = end + 1;
    } while (!onePerDay && at < bytes.length && dayAt(buffer, at) === day);
    const values = from + valuesAt;
    rows.push({ day, values: all?.slice(values, at - 1) ?? buffer.toString('latin1', values, at - 1) });
  }
  return rows;
}

/** The place of the newline behind a comma and a canonical cell for each column, or -1. */
function endOfCells(bytes: Uint8Array, start: number, isNumber: readonly boolean[]): number {
  let at = start;
  for (let i = 0; i < isNumber.length; i++) {
    if (bytes[at] !== COMMA) return -1;
    at = isNumber[i] === true ? endOfNumber(bytes, at + 1) : endOfWord(bytes, at + 1);
    if (at === -1) return -1;
  }
  return bytes[at] === NEWLINE ? at : -1;
}

const ZEROS = Buffer.from(',0,0,0,0,');

function startsWith(bytes: Uint8Array, at: number, what: Uint8Array): boolean {
  for (let i = 0; i < what.length; i++) if (bytes[at + i] !== what[i]) return false;
  return true;
}
