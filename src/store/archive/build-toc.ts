/** The table of contents of a day file, made from its index, or made again from the file's bytes alone. */

import type { DayRules } from '#market/datasets/dataset.js';
import { isContentError } from '#market/records/content-error.js';
import type { TextPiece } from '#market/records/cut-text.js';
import { type DayIndex, indexDay } from '#market/records/day-index.js';
import { ArchiveDamage, checkEnd } from './bgzf.js';
import type { OpenDayFile } from './day-file.js';
import type { MemberText } from './member-batch.js';
import { membersOfBytes, membersOfFile } from './member-stream.js';
import { textPieces } from './text-pieces.js';
import type { DayToc } from './toc.js';

interface Cut {
  readonly offset: number;
  readonly ticker: Uint8Array;
}

/** `members`: where each begins, and with which record. */
export function tocOf(
  index: DayIndex,
  members: readonly { readonly offset: number; readonly record: number }[],
  end: number,
): Omit<DayToc, 'mtimeMs' | 'size'> {
  const cuts = members.map(({ offset, record }) => ({
    offset,
    ticker: index.tickerBytes.subarray(index.tickerStarts[record], index.tickerEnds[record]),
  }));
  return tocOfCuts(index.text.subarray(0, index.headerEnd), cuts, end);
}

/**
 * `cuts`: where each member begins that a record begins with, and the ticker of that. Members that begin with
 * the ticker of the one before need no entry: a table is never longer than the market has tickers, however
 * many records each has.
 */
export function tocOfCuts(
  header: Uint8Array,
  cuts: readonly Cut[],
  end: number,
): Omit<DayToc, 'mtimeMs' | 'size'> {
  const entries = cuts.filter(
    ({ ticker }, i) => i === 0 || Buffer.compare(ticker, (cuts[i - 1] as Cut).ticker) !== 0,
  );
  const offsets = new Float64Array(entries.length + 1);
  const tickerEnds = new Uint32Array(entries.length);
  let length = 0;
  for (const [m, { offset, ticker }] of entries.entries()) {
    offsets[m] = offset;
    length += ticker.length;
    tickerEnds[m] = length;
  }
  offsets[entries.length] = end;
  return {
    header: Uint8Array.from(header),
    offsets,
    tickerEnds,
    tickers: Buffer.concat(entries.map(({ ticker }) => ticker)),
  };
}

/**
 * Makes the table of contents again from the file's bytes; undefined where the members are not cut the way
 * this module cuts them (htslib's bgzip cuts anywhere), or the records are in no order, so that the file has
 * to be read whole. Throws ArchiveDamage.
 */
export function rebuildToc(file: Uint8Array, mtimeMs: number, limits: DayRules): DayToc | undefined {
  checkEnd(file);
  const made = tocOfMembers(membersOfBytes(file, limits), limits);
  return made === undefined ? undefined : { ...made, size: file.length, mtimeMs };
}

/** The same of an open file, a stretch at a time. */
export function rebuildTocOf(open: OpenDayFile, limits: DayRules): DayToc | undefined {
  const made = tocOfMembers(membersOfFile(open, limits), limits);
  return made === undefined ? undefined : { ...made, size: open.size, mtimeMs: open.mtimeMs };
}

function tocOfMembers(
  members: Iterable<MemberText>,
  limits: DayRules,
): Omit<DayToc, 'mtimeMs' | 'size'> | undefined {
  /** Members with text that are not looked at yet, and where each begins in the text. */
  let ahead: { readonly offset: number; readonly start: number }[] = [];
  const cuts: Cut[] = [];
  /** Where the record of the latest cut begins in the text: it may go on in further members. */
  let latest = -1;
  let header: Uint8Array | undefined;
  let highest: Uint8Array | undefined;
  /** Text of the pieces before, as the file holds it. */
  let before = 0;
  let all = 0;

  /** Whether members and records of a piece lie as they should. */
  const place = ({ text, headerBytes }: TextPiece): boolean => {
    const index = indexArchived(text, limits);
    const { starts, records } = index;
    all += records;
    if (all > limits.maxRecords)
      throw new ArchiveDamage(`it holds more than ${limits.maxRecords} records, the dataset's limit`);
    header ??= text.slice(0, index.headerEnd);
    // Of later pieces the header is a copy.
    const shift = before === 0 ? 0 : before - headerBytes;
    before = shift + text.length;
    if (!index.sorted) return false;
    if (records > 0) {
      if (highest !== undefined && Buffer.compare(highest, tickerBytesOf(index, 0)) > 0) return false;
      highest = tickerBytesOf(index, records - 1);
    }
    let record = 0;
    let m = 0;
    for (; m < ahead.length; m++) {
      const { offset, start } = ahead[m] as { offset: number; start: number };
      if (start >= before) break;
      if (start - shift < index.headerEnd) continue;
      while (record < records && (starts[record] as number) < start - shift) record++;
      if (record < records && starts[record] === start - shift) {
        if (cuts.length === 0 && record > 0) return false;
        cuts.push({ offset, ticker: tickerBytesOf(index, record) });
        latest = start;
      } else if (record === 0 || (starts[record - 1] as number) + shift !== latest) return false;
    }
    if (cuts.length === 0 && records > 0) return false;
    ahead = ahead.slice(m);
    return true;
  };

  let length = 0;
  let end = 0;
  function* texts(): Generator<Uint8Array> {
    let isText = false;
    for (const { offset, text } of members) {
      if (isText) end = offset;
      isText = text.length > 0;
      if (!isText) continue;
      ahead.push({ offset, start: length });
      length += text.length;
      yield text;
    }
  }
  for (const piece of textPieces(texts())) if (!place(piece)) return undefined;
  return tocOfCuts(header ?? new Uint8Array(0), cuts, end);
}

function tickerBytesOf({ tickerBytes, tickerStarts, tickerEnds }: DayIndex, i: number): Uint8Array {
  return tickerBytes.slice(tickerStarts[i], tickerEnds[i]);
}

/** The index of a text that stands in an archive file. Throws ArchiveDamage where it is no day's. */
export function indexArchived(text: Uint8Array, limits: DayRules): DayIndex {
  try {
    return indexDay(text, limits);
  } catch (error) {
    throw isContentError(error) ? new ArchiveDamage(error.message) : error;
  }
}
