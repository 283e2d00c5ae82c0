/**
 * A day of the whole market as an archive file: blocked gzip with the header line in a member of its own and the records behind
 * it, cut between records and in ticker order, each byte as the vendor wrote it. `zcat` gives the vendor's text.
 */
import { type DayIndex, indexDay, inOrder } from '../flatfile/day-index.js';
import { END_MARKER, MAX_MEMBER, MAX_MEMBER_TEXT } from './bgzf.js';
import { writeMember } from './bgzf-write.js';
import { tocOf } from './made-toc.js';
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
  const index = vendor.sorted ? vendor : indexDay(inTickerOrder(vendor), { records: vendor.columns.records });
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
