/**
 * Records as members of blocked gzip: in ticker order, cut between records, each byte as the vendor wrote it.
 * What day files are made of, whole (day-archive.ts) or piece by piece (split/).
 */
import type { MemberForm } from '#market/datasets/dataset.js';
import { type DayIndex, indexDay, inOrder } from '#market/records/day-index.js';
import { END_MARKER, MAX_MEMBER, MAX_MEMBER_TEXT } from './bgzf.js';
import { writeMember } from './bgzf-write.js';

export interface WrittenMembers {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * Where each member begins, and with which record of `index`. One that goes on with a record is not listed.
   */
  readonly cuts: readonly { readonly offset: number; readonly record: number }[];
  /** That of the text as it was written: the given one, unless its records were in no order. */
  readonly index: DayIndex;
}

export function writeMembers(vendor: DayIndex, { textBytes, search }: MemberForm): WrittenMembers {
  const index = vendor.sorted ? vendor : indexDay(inTickerOrder(vendor), { records: vendor.columns.records });
  const { text, starts, records } = index;
  const limit = Math.min(textBytes, MAX_MEMBER_TEXT);
  const out = newMemberBuffer(text.length >>> 1, search);
  const cuts: { offset: number; record: number }[] = [];
  let first = 0;
  while (first < records) {
    const from = starts[first] as number;
    const next = Math.max(first + 1, firstBeyond(starts, first, records, from + limit) - 1);
    cuts.push({ offset: out.size(), record: first });
    out.put(text, from, starts[next] as number);
    first = next;
  }
  return { bytes: out.bytes(), cuts, index };
}

/**
 * The first of the ascending `starts` from `low` to `high` that is above `offset`; `high + 1` where none is.
 */
function firstBeyond(starts: Int32Array, low: number, high: number, offset: number): number {
  let from = low;
  let to = high + 1;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((starts[middle] as number) <= offset) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** A stretch of text as members. */
export function membersOfText(text: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = newMemberBuffer(text.length, 'everywhere');
  out.put(text, 0, text.length);
  return out.bytes();
}

function newMemberBuffer(expected: number, search: MemberForm['search']) {
  let file = Buffer.from(new ArrayBuffer(expected + 2 * MAX_MEMBER));
  let size = 0;
  const putOne = (text: Uint8Array): void => {
    if (size + MAX_MEMBER + END_MARKER.length > file.length) {
      const larger = Buffer.from(new ArrayBuffer(2 * file.length));
      file.copy(larger, 0, 0, size);
      file = larger;
    }
    size += writeMember(text, search, file, size);
  };
  return {
    size: () => size,
    /** The members so far. With room behind them for the end marker. */
    bytes: (): Uint8Array<ArrayBuffer> => file.subarray(0, size),
    put: (text: Uint8Array, from: number, to: number): void => putLong(text.subarray(from, to), putOne),
  };
}

/**
 * One member, or several for a stretch longer than a member. Not cut behind a line end, where a record could
 * seem to begin, unless there is nothing but line ends.
 */
function putLong(text: Uint8Array, put: (part: Uint8Array) => void): void {
  let at = 0;
  while (text.length - at > MAX_MEMBER_TEXT) {
    let cut = at + MAX_MEMBER_TEXT;
    while (cut > at + MAX_MEMBER_TEXT / 2 && text[cut - 1] === 10) cut--;
    put(text.subarray(at, cut));
    at = cut;
  }
  if (text.length > at) put(text.subarray(at));
}

/** The vendor's text with its records stably sorted by ticker bytes; a last line without an end gets one. */
function inTickerOrder(index: DayIndex): Uint8Array {
  const { text, starts, records, headerEnd } = index;
  const parts: Uint8Array[] = [text.subarray(0, headerEnd)];
  for (let k = 0; k < records; k++) {
    const i = inOrder(index, k);
    const record = text.subarray(starts[i], starts[i + 1]);
    parts.push(record);
    const lineEnd = missingLineEnd(record);
    if (lineEnd !== undefined) parts.push(lineEnd);
  }
  return Buffer.concat(parts);
}

/** The line end that a record gets where others come to stand behind it; undefined where it has one. */
export function missingLineEnd(record: Uint8Array): Uint8Array | undefined {
  const last = record[record.length - 1];
  // A `\r` at the end of the text is data: it must not become a part of the line end.
  return last === 10 ? undefined : last === 13 ? Uint8Array.of(13, 10) : Uint8Array.of(10);
}
