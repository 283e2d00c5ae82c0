/**
 * The lines of a day for series in which a day is more than one: every bar of a ticker with its moment, every
 * contract on an underlying, every trade. A block is all lines of one series and day, with `\n` between them;
 * it is merged, compared and replaced as a whole.
 */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { MOST_STAMP_BYTES, stampWriter } from '#market/calendar/local-stamps.js';
import { EVENING_HOUR, EVENING_MARK, isExceptional } from '#market/calendar/trade-date.js';
import type { DayRules } from '#market/datasets/dataset.js';
import { BAR_NAMES, isOfBars } from '#market/datasets/series-form.js';
import { endOfKey } from '#market/datasets/series-key.js';
import { MOST_CONTRACT_BYTES, writeContract } from '#market/tickers/occ.js';
import { barValues, type Fields, fieldText } from './bar.js';
import { MOST_VALUE_BYTES, writeBarBytes } from './bar-bytes.js';
import { compareSpans } from './bytes.js';
import type { Columns } from './columns.js';
import { writeField } from './csv-field.js';
import { type DayIndex, inOrder, sameTicker } from './day-index.js';
import { isDecimal, plainDecimal } from './decimal.js';

export interface BlockWriter {
  /**
   * The block of those of the records [from, to), as positions in ticker order, that belong to the series
   * `key`; empty where none does. A ticker's lines ascend by moment; those of contracts stand together by
   * contract. Of two bars of the same the last. Valid until the next call.
   */
  block(index: DayIndex, from: number, to: number, key: Uint8Array): Uint8Array;
}

const COMMA = 44;
const NEWLINE = 10;
const DAY_BYTES = 10;
const MOST_HEAD_BYTES = MOST_STAMP_BYTES + MOST_CONTRACT_BYTES + 5;
const MARK = EVENING_MARK.charCodeAt(0);

/**
 * A record whose moment does not lie in `day`, that of the key, is left out (windowOf, day-window.ts, is the
 * same bounds as instants).
 */
export function newBlockWriter({ series }: Pick<DayRules, 'series'>, day: IsoDay): BlockWriter {
  const dayBytes = Buffer.from(day);
  const evenings = eveningsOf(day, series);
  const writeStamp = stampWriter(series.timeZone, isOfBars(series) ? 'needed' : 'always');
  let target = Buffer.allocUnsafeSlow(1 << 16);
  let length = 0;
  const room = (more: number): void => {
    if (length + more <= target.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(target.length * 2, length + more));
    target.copy(larger, 0, 0, length);
    target = larger;
  };

  /** The day, or the moment; false where that is none of this day. */
  const writeTime = ({ bytes, starts, ends }: Fields, { stamp }: Columns): boolean => {
    if (series.time === 'day') {
      length += dayBytes.copy(target, length);
      return true;
    }
    if (stamp < 0) return false;
    const end = writeStamp(bytes, starts[stamp] as number, ends[stamp] as number, target, length);
    if (end < 0) return false;
    const isOwn = dayBytes.compare(target, length, length + DAY_BYTES) === 0;
    const isEvening = evenings !== undefined && hourAt(target, length) >= EVENING_HOUR;
    if (!isOwn && !(isEvening && evenings.before.compare(target, length, length + DAY_BYTES) === 0))
      return false;
    if (isEvening && (isOwn ? evenings.ownIsMarked : evenings.beforeIsMarked)) {
      target.copyWithin(length + 1, length, end);
      target[length] = MARK;
      target[end + 1] = MARK;
      length = end + 2;
    } else length = end;
    return true;
  };
  const writeTicker = ({ tickerBytes, tickerStarts, tickerEnds }: DayIndex, i: number): boolean => {
    if (series.of === 'ticker') return true;
    target[length++] = COMMA;
    const [start, end] = [tickerStarts[i] as number, tickerEnds[i] as number];
    const to = writeContract(tickerBytes, start, end, target, length);
    if (to >= 0) length = to;
    return to >= 0;
  };
  const writeBar = (fields: Fields, columns: Columns): void => {
    room(MOST_VALUE_BYTES + 1);
    target[length++] = COMMA;
    const end = writeBarBytes(fields, columns, target, length);
    if (end >= 0) {
      length = end;
      return;
    }
    const text = barValues(fields, columns);
    room(text.length);
    length += target.write(text, length, 'latin1');
  };
  const writeNumber = (text: string): void => {
    room(text.length + 60);
    length += target.write(isDecimal(text) ? plainDecimal(text) : text, length, 'latin1');
  };
  const writeFields = (fields: Fields, places: readonly number[], isPrice: readonly boolean[]): void => {
    const { bytes, starts, ends } = fields;
    for (const [n, place] of places.entries()) {
      const start = place < 0 ? 0 : (starts[place] as number);
      const end = place < 0 ? 0 : (ends[place] as number);
      room(2 * (end - start) + 3);
      target[length++] = COMMA;
      if (end > start && isPrice[n] === true) writeNumber(fieldText(fields, place));
      else if (end > start) length = writeField(bytes, start, end, target, length);
    }
  };

  return {
    block: (index, from, to, key) => {
      length = 0;
      const { columns } = index;
      const { values } = series;
      const places = values === 'bar' ? [] : values.map((name) => columns.names.indexOf(name.toLowerCase()));
      const isPrice = values === 'bar' ? [] : values.map((name) => BAR_NAMES.has(name));
      for (const i of linesOf(index, from, to, key, series)) {
        const before = length;
        const fields = index.fieldsOf(i);
        room(MOST_HEAD_BYTES);
        if (before > 0) target[length++] = NEWLINE;
        if (!writeTime(fields, columns) || !writeTicker(index, i)) length = before;
        else if (values === 'bar') writeBar(fields, columns);
        else writeFields(fields, places, isPrice);
      }
      return target.subarray(0, length);
    },
  };
}

interface Evenings {
  /** The calendar day before. */
  readonly before: Buffer;
  readonly beforeIsMarked: boolean;
  readonly ownIsMarked: boolean;
}

function eveningsOf(day: IsoDay, { evenings: rule }: DayRules['series']): Evenings | undefined {
  if (rule === undefined) return undefined;
  const before = addDays(day, -1);
  return {
    before: Buffer.from(before),
    beforeIsMarked: isExceptional(before, day, rule),
    ownIsMarked: isExceptional(day, day, rule),
  };
}

/** Of a stamp that stands at `at`. */
function hourAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + DAY_BYTES + 1] as number) - 48) * 10 + (bytes[at + DAY_BYTES + 2] as number) - 48;
}

/** The records that are lines of the series, in the order of its lines. */
function linesOf(
  index: DayIndex,
  from: number,
  to: number,
  key: Uint8Array,
  series: DayRules['series'],
): Int32Array {
  const found = new Int32Array(to - from);
  let count = 0;
  for (let k = from; k < to; k++) {
    const i = inOrder(index, k);
    if (index.verdicts[i] !== 0) continue;
    if (series.of === 'underlying' && !belongs(index, i, key, series)) continue;
    found[count++] = i;
  }
  const lines = found.subarray(0, count);
  if (series.many === true) return lines;
  if (series.time === 'day') return lastOfEach(index, lines, undefined);
  const stamps = stampsOf(index, lines);
  const order = ascending(stamps, groupsOf(index, lines));
  const sorted = order === undefined ? lines : order.map((at) => lines[at] as number);
  return !isOfBars(series)
    ? sorted
    : lastOfEach(index, sorted, order === undefined ? stamps : inOrderOf(stamps, order));
}

function belongs(index: DayIndex, i: number, key: Uint8Array, series: DayRules['series']): boolean {
  const { tickerBytes, tickerStarts, tickerEnds } = index;
  const start = tickerStarts[i] as number;
  const end = endOfKey(tickerBytes, start, tickerEnds[i] as number, series);
  return end >= 0 && compareSpans(tickerBytes, start, end, key, 0, key.length) === 0;
}

/** Seconds since the epoch and nanoseconds, of each line: one number does not hold both. */
interface Stamps {
  readonly seconds: Float64Array;
  readonly nanoseconds: Int32Array;
}

const STAMP_DIGITS = 19;
const SECOND_DIGITS = 10;

function stampsOf(index: DayIndex, lines: Int32Array): Stamps {
  const { stamp } = index.columns;
  const seconds = new Float64Array(lines.length);
  const nanoseconds = new Int32Array(lines.length);
  if (stamp < 0) return { seconds, nanoseconds };
  for (let n = 0; n < lines.length; n++) {
    const { bytes, starts, ends } = index.fieldsOf(lines[n] as number);
    const start = starts[stamp] as number;
    if ((ends[stamp] as number) - start !== STAMP_DIGITS) continue;
    seconds[n] = digits(bytes, start, SECOND_DIGITS);
    nanoseconds[n] = digits(bytes, start + SECOND_DIGITS, STAMP_DIGITS - SECOND_DIGITS);
  }
  return { seconds, nanoseconds };
}

function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) value = value * 10 + (bytes[i] as number) - 48;
  return value;
}

/** For each line, which ticker's it is, counted in their order. */
function groupsOf(index: DayIndex, lines: Int32Array): Int32Array {
  let group = 0;
  return lines.map((i, n) => (n === 0 || sameTicker(index, lines[n - 1] as number, i) ? group : ++group));
}

/** The lines' numbers by ticker and moment, equal ones as they were; undefined where they ascend already. */
function ascending(stamps: Stamps, groups: Int32Array): Int32Array | undefined {
  const compare = (a: number, b: number): number =>
    (groups[a] as number) - (groups[b] as number) || compareStamps(stamps, a, b);
  const { length } = groups;
  let n = 1;
  while (n < length && compare(n - 1, n) <= 0) n++;
  if (n >= length) return undefined;
  return Int32Array.from({ length }, (_, at) => at).sort((a, b) => compare(a, b) || a - b);
}

function compareStamps({ seconds, nanoseconds }: Stamps, a: number, b: number): number {
  return (
    (seconds[a] as number) - (seconds[b] as number) || (nanoseconds[a] as number) - (nanoseconds[b] as number)
  );
}

function inOrderOf({ seconds, nanoseconds }: Stamps, order: Int32Array): Stamps {
  return {
    seconds: Float64Array.from(order, (at) => seconds[at] as number),
    nanoseconds: Int32Array.from(order, (at) => nanoseconds[at] as number),
  };
}

/** Of several bars of one ticker (and moment), which stand together, the last. */
function lastOfEach(index: DayIndex, lines: Int32Array, stamps: Stamps | undefined): Int32Array {
  return lines.filter((i, n) => {
    const next = lines[n + 1];
    if (next === undefined || (stamps !== undefined && compareStamps(stamps, n, n + 1) !== 0)) return true;
    return !sameTicker(index, i, next);
  });
}
