/**
 * A day of the whole market as an archive file: blocked gzip with the header line in a member of its own and the records behind
 * it, cut between records and in ticker order, each byte as the vendor wrote it. `zcat` gives the vendor's text.
 */
import { type DayIndex, indexDay, inOrder } from '../flatfile/day-index.js';
import {
  ArchiveDamage,
  checkEnd,
  END_MARKER,
  inflateMember,
  MAX_MEMBER,
  MAX_MEMBER_TEXT,
  memberSize,
  writeMember,
} from './bgzf.js';
import type { DayToc } from './toc.js';

export interface BuiltArchive {
  readonly bytes: Uint8Array;
  /** Without the file's time, which is known only when it is written. */
  readonly toc: Omit<DayToc, 'mtimeMs'>;
  /** The text that the archive holds: the vendor's own, but for the order of the records where that was not the tickers'. */
  readonly text: Uint8Array;
}

/** `memberTextBytes`: text per member aimed at; a longer record gets members of its own. */
export function buildArchive(vendor: DayIndex, memberTextBytes: number): BuiltArchive {
  const index = vendor.sorted ? vendor : indexDay(inTickerOrder(vendor));
  const { text, starts, records } = index;
  const limit = Math.min(memberTextBytes, MAX_MEMBER_TEXT);
  let file = Buffer.allocUnsafeSlow((text.length >>> 1) + 2 * MAX_MEMBER);
  let size = 0;
  const put = (from: number, to: number): void => {
    if (size + MAX_MEMBER + END_MARKER.length > file.length) {
      const larger = Buffer.allocUnsafeSlow(2 * file.length);
      file.copy(larger, 0, 0, size);
      file = larger;
    }
    size += writeMember(text, from, to, file, size);
  };
  putLong(text, 0, index.headerEnd, put);
  const cuts: { offset: number; record: number }[] = [];
  let first = 0;
  while (first < records) {
    const from = starts[first] as number;
    let next = first + 1;
    while (next < records && (starts[next + 1] as number) - from <= limit) next++;
    cuts.push({ offset: size, record: first });
    putLong(text, from, starts[next] as number, put);
    first = next;
  }
  const toc = tocOf(index, cuts, size);
  file.set(END_MARKER, size);
  size += END_MARKER.length;
  return { bytes: file.subarray(0, size), toc: { ...toc, size }, text };
}

/**
 * One member, or several for a stretch longer than a member. Not cut behind a line end, where a record could seem to begin, unless
 * there is nothing but line ends.
 */
function putLong(text: Uint8Array, from: number, to: number, put: (from: number, to: number) => void): void {
  let at = from;
  while (to - at > MAX_MEMBER_TEXT) {
    let cut = at + MAX_MEMBER_TEXT;
    while (cut > at + MAX_MEMBER_TEXT / 2 && text[cut - 1] === 10) cut--;
    put(at, cut);
    at = cut;
  }
  if (to > at) put(at, to);
}

/** The vendor's text with its records stably sorted by ticker bytes; a last line without an end gets one. */
function inTickerOrder(index: DayIndex): Uint8Array {
  const { text, starts, records, headerEnd } = index;
  const parts: Uint8Array[] = [text.subarray(0, headerEnd)];
  for (let k = 0; k < records; k++) {
    const i = inOrder(index, k);
    const record = text.subarray(starts[i], starts[i + 1]);
    parts.push(record);
    const last = record[record.length - 1];
    // A `\r` at the end of the text is data: it must not become a part of the line end.
    if (last !== 10) parts.push(last === 13 ? Uint8Array.of(13, 10) : Uint8Array.of(10));
  }
  return Buffer.concat(parts);
}

function tocOf(
  index: DayIndex,
  members: readonly { readonly offset: number; readonly record: number }[],
  end: number,
): Omit<DayToc, 'mtimeMs' | 'size'> {
  const offsets = new Float64Array(members.length + 1);
  const tickerEnds = new Uint32Array(members.length);
  const tickers: Uint8Array[] = [];
  let length = 0;
  for (const [m, { offset, record }] of members.entries()) {
    const ticker = index.tickerBytes.subarray(index.tickerStarts[record], index.tickerEnds[record]);
    offsets[m] = offset;
    tickers.push(ticker);
    length += ticker.length;
    tickerEnds[m] = length;
  }
  offsets[members.length] = end;
  return {
    header: Uint8Array.from(index.text.subarray(0, index.headerEnd)),
    offsets,
    tickerEnds,
    tickers: Buffer.concat(tickers),
  };
}

/**
 * Makes the table of contents again from the file's bytes; undefined where the members are not cut the way this module cuts them
 * (htslib's bgzip cuts anywhere), or the records are in no order, so that the file has to be read whole. Throws ArchiveDamage.
 */
export function rebuildToc(file: Uint8Array, mtimeMs: number): DayToc | undefined {
  checkEnd(file);
  const members: { offset: number; start: number }[] = [];
  const texts: Uint8Array[] = [];
  let length = 0;
  let at = 0;
  while (at < file.length) {
    const text = inflateMember(file, at);
    if (text.length > 0) members.push({ offset: at, start: length });
    texts.push(text);
    length += text.length;
    at += memberSize(file, at);
  }
  const index = indexArchived(Buffer.concat(texts));
  if (!index.sorted) return undefined;
  const cuts: { offset: number; record: number }[] = [];
  let record = 0;
  for (const { offset, start } of members) {
    if (start < index.headerEnd) continue;
    while (record < index.records && (index.starts[record] as number) < start) record++;
    if (index.starts[record] === start) {
      cuts.push({ offset, record });
    } else if (index.starts[record - 1] !== startOfLast(cuts, index)) {
      return undefined;
    }
  }
  if (index.records > 0 && cuts[0]?.record !== 0) return undefined;
  const last = members.at(-1);
  const end = last === undefined ? 0 : last.offset + memberSize(file, last.offset);
  return { ...tocOf(index, cuts, end), size: file.length, mtimeMs };
}

/** A member may begin inside a record only where the record began with the latest cut: it is longer than a member. */
function startOfLast(cuts: readonly { readonly record: number }[], index: DayIndex): number | undefined {
  const last = cuts.at(-1);
  return last === undefined ? undefined : index.starts[last.record];
}

/** The index of a text that stands in an archive file. Throws ArchiveDamage where it is no day's. */
export function indexArchived(text: Uint8Array): DayIndex {
  try {
    return indexDay(text);
  } catch (error) {
    throw new ArchiveDamage((error as Error).message);
  }
}
