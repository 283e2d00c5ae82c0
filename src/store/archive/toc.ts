/**
 * The table of contents of a month's day files: for each member of each day its offset and first ticker.
 * Derived and only for speed: a table whose day file has another size or time, or that fails its own
 * checksum, is not believed and is made again.
 */
import { crc32 } from 'node:zlib';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { compareSpans } from '#market/records/bytes.js';

/**
 * The members of one day file. A record longer than a member goes on in members that are not told apart from
 * its first.
 */
export interface DayToc {
  /** The file that it was made from: bytes and modification time (ms since the epoch). */
  readonly size: number;
  readonly mtimeMs: number;
  /** Text of the header, line end included: it saves reading the first member. */
  readonly header: Uint8Array;
  /** Where each member with records begins in the file; one more entry says where the last one ends. */
  readonly offsets: Float64Array;
  /** The first ticker of member i is `tickers[tickerEnds[i-1]..tickerEnds[i])`. */
  readonly tickerEnds: Uint32Array;
  readonly tickers: Uint8Array;
}

/**
 * The members [first, last] that can hold the tickers from `from` on and below `to`, or undefined where the
 * day holds none at all.
 */
export function membersOf(
  toc: DayToc,
  from: Uint8Array,
  to: Uint8Array,
): { readonly first: number; readonly last: number } | undefined {
  const members = toc.offsets.length - 1;
  if (members <= 0) return undefined;
  // The number of members whose first ticker is below.
  const below = (ticker: Uint8Array): number => {
    let low = 0;
    let high = members;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = middle === 0 ? 0 : (toc.tickerEnds[middle - 1] as number);
      const end = toc.tickerEnds[middle] as number;
      const order = compareSpans(toc.tickers, start, end, ticker, 0, ticker.length);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const first = Math.max(0, below(from) - 1);
  return { first, last: Math.max(first, below(to) - 1) };
}

/** The first ticker of each member, ascending. */
export function firstTickers(toc: DayToc): readonly Uint8Array[] {
  const tickers: Uint8Array[] = [];
  let start = 0;
  for (const end of toc.tickerEnds) {
    tickers.push(toc.tickers.subarray(start, end));
    start = end;
  }
  return tickers;
}

/**
 * Why no day file can have this table; undefined where one can. Its checksum says only that it is as it was
 * written.
 */
export function flawOf({ size, offsets, tickerEnds, tickers }: DayToc): string | undefined {
  if (offsets.length !== tickerEnds.length + 1 || (tickerEnds.at(-1) ?? 0) !== tickers.length)
    return 'its parts do not fit each other';
  let at = 0;
  for (const [i, offset] of offsets.entries()) {
    if (!Number.isInteger(offset) || offset < 0) return `its member ${i + 1} begins at byte ${offset}`;
    if (i > 0 && offset <= at) return `its member ${i} begins behind the next`;
    at = offset;
  }
  if (at > size) return `its members end at byte ${at} of ${size}`;
  let [start, before] = [0, 0];
  for (const [i, end] of tickerEnds.entries()) {
    if (end < start) return `the ticker of its member ${i + 1} ends before it begins`;
    if (i > 0 && compareSpans(tickers, before, start, tickers, start, end) > 0)
      return `its member ${i + 1} begins with a ticker before that of member ${i}`;
    before = start;
    start = end;
  }
  return undefined;
}

const FIRST_COLUMN = Buffer.from('ticker,');
const QUOTE = 0x22;
/** What ends a first field: a comma, or the line. */
const FIELD_ENDS: readonly (number | undefined)[] = [0x2c, 0x0a, 0x0d, undefined];

/**
 * Whether the text of member `m` begins with the ticker that the table names; true where that cannot be seen
 * at a glance.
 */
export function beginsAsListed(
  { header, tickerEnds, tickers }: DayToc,
  m: number,
  text: Uint8Array,
): boolean {
  if (FIRST_COLUMN.compare(header.subarray(0, FIRST_COLUMN.length)) !== 0 || text[0] === QUOTE) return true;
  const start = m === 0 ? 0 : (tickerEnds[m - 1] as number);
  const end = tickerEnds[m] as number;
  const length = end - start;
  return compareSpans(tickers, start, end, text, 0, length) === 0 && FIELD_ENDS.includes(text[length]);
}

export type MonthToc = ReadonlyMap<IsoDay, DayToc>;

const MAGIC = 'barloom toc 1\n';

/**
 * File form, little-endian: MAGIC, u32 length of the directory, the directory as JSON (an entry a day: day,
 * size, mtime, header, number of members, bytes of tickers), then for each day f64 offsets, u32 ticker ends,
 * ticker bytes; last, u32 CRC-32 of all before.
 */
export function renderMonthToc(month: MonthToc): Uint8Array {
  const days = [...month].sort(([a], [b]) => (a < b ? -1 : 1));
  const directory = Buffer.from(
    JSON.stringify(
      days.map(([day, toc]) => ({
        day,
        size: toc.size,
        mtimeMs: toc.mtimeMs,
        header: Buffer.from(toc.header).toString('base64'),
        members: toc.offsets.length - 1,
        tickers: toc.tickers.length,
      })),
    ),
  );
  const parts: Uint8Array[] = [Buffer.from(MAGIC), u32(directory.length), directory];
  for (const [, toc] of days) {
    parts.push(bytesOf(toc.offsets), bytesOf(toc.tickerEnds), toc.tickers);
  }
  const body = Buffer.concat(parts);
  return Buffer.concat([body, u32(crc32(body))]);
}

/** Undefined where the bytes are not a whole and sound table. */
export function parseMonthToc(bytes: Uint8Array): Map<IsoDay, DayToc> | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < MAGIC.length + 8 || file.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const end = file.length - 4;
  if (crc32(file.subarray(0, end)) !== file.readUInt32LE(end)) return undefined;
  let at = MAGIC.length + 4;
  const directoryEnd = at + file.readUInt32LE(MAGIC.length);
  const directory = JSON.parse(file.toString('utf8', at, directoryEnd)) as DirectoryEntry[];
  at = directoryEnd;
  const take = (length: number): Uint8Array => {
    const part = file.subarray(at, at + length);
    at += length;
    return part;
  };
  const month = new Map<IsoDay, DayToc>();
  for (const entry of directory) {
    const offsets = new Float64Array(aligned(take((entry.members + 1) * 8)));
    const tickerEnds = new Uint32Array(aligned(take(entry.members * 4)));
    month.set(entry.day, {
      size: entry.size,
      mtimeMs: entry.mtimeMs,
      header: Buffer.from(entry.header, 'base64'),
      offsets,
      tickerEnds,
      tickers: take(entry.tickers),
    });
  }
  return month;
}

interface DirectoryEntry {
  readonly day: IsoDay;
  readonly size: number;
  readonly mtimeMs: number;
  readonly header: string;
  readonly members: number;
  readonly tickers: number;
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function bytesOf(array: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A copy in a buffer of its own: typed arrays want aligned memory. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
