/**
 * The second of a record's stamp without taking the record apart: a day has millions, and each is looked at.
 */
import type { DayIndex } from './day-index.js';

const COMMA = 44;
const QUOTE = 34;
const ZERO = 48;
const DIGITS = 19;
const SECOND_DIGITS = 10;

/**
 * Seconds since the epoch of record `i`, which has all its columns; NaN where its stamp is not nineteen
 * digits.
 */
export function secondOf(index: DayIndex, i: number): number {
  const { text, starts, columns } = index;
  let end = starts[i + 1] as number;
  while (end > (starts[i] as number) && (text[end - 1] === 10 || text[end - 1] === 13)) end--;
  // Its column counted from the right, where the fields are short and seldom quoted.
  for (let column = columns.count - 1; ; column--) {
    let start = end;
    while (start > 0 && text[start - 1] !== COMMA && text[start - 1] !== 10) start--;
    if (text[end - 1] === QUOTE) return fromFields(index, i);
    if (column === columns.stamp) return seconds(text, start, end);
    end = start - 1;
  }
}

function fromFields(index: DayIndex, i: number): number {
  const { bytes, starts, ends } = index.fieldsOf(i);
  const { stamp } = index.columns;
  return seconds(bytes, starts[stamp] as number, ends[stamp] as number);
}

function seconds(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== DIGITS) return Number.NaN;
  let value = 0;
  for (let i = start; i < start + SECOND_DIGITS; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
