/**
 * Where records end in a stretch of a day's text, without a look at what they say. Quotes as in
 * scan-quoted.ts: one that begins a field encloses it up to a quote that is not doubled; any other is data.
 */
import { includesByte } from './bytes.js';

const QUOTE = 34;
const COMMA = 44;
const NEWLINE = 10;
const RETURN = 13;

/**
 * Behind the line end of the record that begins at `start`; -1 where `text[..end)` holds none, because the
 * record goes on or is the last.
 */
export function endOfRecord(text: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end) {
    if (text[i] === QUOTE) {
      i = closingQuote(text, i, end) + 1;
      if (i === 0) return -1;
    }
    while (i < end) {
      const byte = text[i++];
      if (byte === NEWLINE) return i;
      if (byte === COMMA) break;
    }
  }
  return -1;
}

/** The quote that closes the one at `open`; -1 where none does. */
export function closingQuote(text: Uint8Array, open: number, end: number): number {
  for (let i = open + 1; i < end; i++) {
    if (text[i] !== QUOTE) continue;
    if (i + 1 === end || text[i + 1] !== QUOTE) return i;
    i++;
  }
  return -1;
}

/**
 * Where the last record of `text[..end)` begins that is not the one at `start`; -1 where there is none. Blank
 * lines belong to the record before.
 */
export function lastRecordStart(text: Uint8Array, start: number, end: number): number {
  const begins = (at: number): boolean => at < end && text[at] !== NEWLINE && text[at] !== RETURN;
  if (end - start < 2) return -1;
  if (!hasQuote(text, start, end)) {
    for (let at = text.lastIndexOf(NEWLINE, end - 2); at >= start; at = text.lastIndexOf(NEWLINE, at - 1)) {
      if (begins(at + 1)) return at + 1;
      if (at === 0) break;
    }
    return -1;
  }
  let found = -1;
  for (let at = endOfRecord(text, start, end); at >= 0; at = endOfRecord(text, at, end))
    if (begins(at)) found = at;
  return found;
}

/** Whether nothing stands behind the last line end that ends a record. `text` begins with one. */
export function isWhole(text: Uint8Array): boolean {
  if (text.at(-1) !== NEWLINE) return false;
  if (!hasQuote(text, 0, text.length)) return true;
  let at = 0;
  while (at >= 0 && at < text.length) at = endOfRecord(text, at, text.length);
  return at === text.length;
}

function hasQuote(text: Uint8Array, start: number, end: number): boolean {
  return includesByte(text, QUOTE, start, end);
}
