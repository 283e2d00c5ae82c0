/**
 * Series of so many lines a day that none of them is looked into (trades and quotes, the minutes of all contracts): a header, then lines that
 * begin with their day, whose days ascend. A file of another form is refused, never guessed at.
 */
import { type IsoDay, isIsoDay } from '../calendar/iso-day.js';
import type { Row } from './row.js';
import type { ParsedSeries } from './series-file.js';

const NEWLINE = 10;
const QUOTE = 34;
const DAY_LENGTH = 10;

/** Never throws: a file that cannot be read says why, with the line. */
export function parsePlainLines(bytes: Uint8Array, columns: readonly string[]): ParsedSeries {
  const header = Buffer.from(`${columns.join(',')}\n`);
  if (bytes.length === 0) return { ok: true, rows: [], canonical: false, lost: [] };
  if (bytes.length < header.length || header.compare(bytes, 0, header.length) !== 0)
    return { ok: false, reason: `line 1 is not ${JSON.stringify(columns.join(','))}` };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows: Row[] = [];
  let day: IsoDay = '';
  let from = header.length;
  let line = 2;
  for (let at = header.length; at < bytes.length; line++) {
    const end = endOfRecord(text, at);
    if (end < 0) return { ok: false, reason: `line ${line} has no end` };
    if (at === from || text.compare(text, from, from + DAY_LENGTH, at, at + DAY_LENGTH) !== 0) {
      const next = text.toString('latin1', at, at + DAY_LENGTH);
      if (!isIsoDay(next)) return { ok: false, reason: `line ${line} does not begin with a date` };
      if (next <= day) return { ok: false, reason: `line ${line} is of ${next}, behind lines of ${day}` };
      if (at > from) rows.push({ day, values: text.toString('utf8', from, at - 1) });
      day = next;
      from = at;
    }
    at = end + 1;
  }
  if (from < bytes.length) rows.push({ day, values: text.toString('utf8', from, bytes.length - 1) });
  return { ok: true, rows, canonical: true, lost: [] };
}

/** The line end that no quotes enclose; -1 where there is none. */
function endOfRecord(text: Buffer, from: number): number {
  let end = text.indexOf(NEWLINE, from);
  for (let quotes = quotesIn(text, from, end); end >= 0 && quotes % 2 === 1; ) {
    const next = text.indexOf(NEWLINE, end + 1);
    quotes += quotesIn(text, end, next);
    end = next;
  }
  return end;
}

function quotesIn(text: Uint8Array, from: number, to: number): number {
  let quotes = 0;
  for (let i = from; i < to; i++) if (text[i] === QUOTE) quotes++;
  return quotes;
}
