/**
 * A day whose records are in no order, put into ticker order through runs on disk: each run is a stretch of
 * members in which tickers ascend, and all are merged, of equal tickers the earlier run first, so that
 * records keep their order. Memory holds a member of each run. Runs in a worker thread.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, rmSync } from 'node:fs';
import type { DayRules, MemberForm } from '#market/datasets/dataset.js';
import { compareSpans } from '#market/records/bytes.js';
import { newTextCutter, type TextPiece } from '#market/records/cut-text.js';
import { type DayIndex, indexDay } from '#market/records/day-index.js';
import { isWhole } from '#market/records/record-ends.js';
import { type FileStamp, temporaryName } from '#platform/disk/durable.js';
import { about } from '#platform/disk/errors.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { readFully } from '#platform/disk/read.js';
import { stampOf } from '#platform/disk/stamp.js';
import { writeFully } from '#platform/disk/write.js';
import { END_MARKER, inflateMember, MAX_MEMBER, memberSize } from '#store/archive/bgzf.js';
import { tocOfCuts } from '#store/archive/build-toc.js';
import { membersOfText, missingLineEnd, writeMembers } from '#store/archive/members.js';
import type { DayToc } from '#store/archive/toc.js';

export interface SortJob {
  readonly kind: 'sort';
  /** The file of the runs, and where each begins; the last ends with the file. */
  readonly runs: string;
  readonly starts: readonly number[];
  readonly header: Uint8Array;
  readonly rules: DayRules;
  readonly memberForm: MemberForm;
  /** The name that the result may get. */
  readonly file: string;
  /** As for the pieces of a day that is in order (cut-text.ts): its archive is to be the same. */
  readonly pieceBytes?: number | undefined;
  /** So many runs are merged at once, default 128; more, in several passes. */
  readonly mostRuns?: number | undefined;
}

export interface SortedRuns {
  /** Durable. */
  readonly temporary: string;
  readonly stamp: FileStamp;
  readonly toc: DayToc;
  /** Of its text. */
  readonly sha256: string;
}

const MOST_RUNS = 128;

/**
 * Throws ArchiveDamage where the runs cannot be read back, or the disk's error; then no file of its own
 * stays.
 */
export function sortRuns(job: SortJob): SortedRuns {
  const made: string[] = [];
  const { mostRuns = MOST_RUNS } = job;
  try {
    let { runs, starts } = job;
    for (let pass = 1; starts.length > mostRuns; pass++) {
      const file = `${job.file}.${pass}`;
      made.push(temporaryName(file));
      const merged = mergeGroups(runs, starts, mostRuns, { ...job, file });
      if (pass > 1) rmSync(runs, { force: true });
      runs = merged.runs;
      starts = merged.starts;
    }
    const file = `${job.file}.sorted`;
    made.push(temporaryName(file));
    const sorted = withOut(file, job, (out) => {
      const hash = createHash('sha256').update(job.header);
      out.appendRaw(membersOfText(job.header));
      merge({ file: runs, starts, end: sizeOf(runs) }, job, out, (records) => hash.update(records));
      const { stamp, end } = out.finish();
      const toc = { ...tocOfCuts(job.header, out.cuts, end), ...stamp };
      return { temporary: out.temporary, stamp, toc, sha256: hash.digest('hex') };
    });
    for (const file of made.slice(0, -1)) rmSync(file, { force: true });
    return sorted;
  } catch (error) {
    for (const file of made) rmSync(file, { force: true });
    throw error;
  }
}

/** One pass: groups of runs into one run each. */
function mergeGroups(runs: string, starts: readonly number[], mostRuns: number, job: SortJob) {
  const size = sizeOf(runs);
  const merged: number[] = [];
  return withOut(job.file, job, (out) => {
    for (let first = 0; first < starts.length; first += mostRuns) {
      merged.push(out.size());
      const group = starts.slice(first, first + mostRuns);
      merge({ file: runs, starts: group, end: starts[first + mostRuns] ?? size }, job, out);
    }
    return { runs: out.temporary, starts: merged };
  });
}

type Out = ReturnType<typeof openOut>;

function withOut<T>(file: string, job: SortJob, use: (out: Out) => T): T {
  const out = openOut(file, job);
  try {
    return use(out);
  } finally {
    out.close();
  }
}

interface Runs {
  readonly file: string;
  /** Where each begins, and where the last ends. */
  readonly starts: readonly number[];
  readonly end: number;
}

/** `onRecords` is given all records, in stretches. */
function merge(
  { file, starts, end }: Runs,
  job: SortJob,
  out: Out,
  onRecords: (records: Uint8Array) => void = () => undefined,
): void {
  const descriptor = openSync(file, 'r');
  // Cut like the text of a day that came in order: what the archive holds says what its bytes are.
  const cutter = newTextCutter(job.pieceBytes);
  const put = ({ text, headerBytes }: TextPiece): void => {
    onRecords(text.subarray(headerBytes));
    out.append(text);
  };
  const write = (text: Uint8Array): void => {
    for (const piece of cutter.push(text)) put(piece);
  };
  try {
    write(job.header);
    const readers = starts.map((start, r) => newRunReader(descriptor, start, starts[r + 1] ?? end, job));
    const heap = readers.flatMap((reader, run) => (reader.next() ? [run] : []));
    const below = (a: number, b: number): boolean => {
      const order = compareRecords(readers[a] as RunReader, readers[b] as RunReader);
      return order < 0 || (order === 0 && a < b);
    };
    for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i, below);
    while (heap.length > 0) {
      const run = heap[0] as number;
      const reader = readers[run] as RunReader;
      const record = reader.record();
      write(record);
      // The last of the vendor's text may have no line end, and others follow it now.
      const lineEnd = missingLineEnd(record);
      if (lineEnd !== undefined) write(lineEnd);
      if (!reader.next()) {
        const last = heap.pop() as number;
        if (heap.length > 0) heap[0] = last;
      }
      sink(heap, 0, below);
    }
    const last = cutter.finish();
    if (last !== undefined) put(last);
  } finally {
    closeSync(descriptor);
  }
}

function sink(heap: number[], from: number, below: (a: number, b: number) => boolean): void {
  for (let at = from; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2])
      if (child < heap.length && below(heap[child] as number, heap[least] as number)) least = child;
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least] as number, heap[at] as number];
    at = least;
  }
}

interface RunReader {
  /** Turns to the next record; false at the end. */
  next(): boolean;
  /** With its line end. */
  record(): Uint8Array;
  index(): DayIndex;
  at(): number;
}

/** Records of a stretch of members, a few members at a time. */
function newRunReader(descriptor: number, start: number, end: number, { header, rules }: SortJob): RunReader {
  let offset = start;
  let index: DayIndex | undefined;
  let i = -1;
  const load = (): boolean => {
    const texts: Uint8Array[] = [header];
    // A record that is longer than a member goes on in the next: a member ends with a record where the next
    // one begins with one.
    do {
      if (offset >= end) break;
      const bytes = Buffer.allocUnsafe(Math.min(MAX_MEMBER, end - offset));
      readFully(descriptor, bytes, offset);
      texts.push(inflateMember(bytes, 0, offset));
      offset += memberSize(bytes, 0, offset);
    } while (!isWhole(texts.length === 2 ? (texts[1] as Uint8Array) : Buffer.concat(texts.slice(1))));
    if (texts.length === 1) return false;
    index = indexDay(Buffer.concat(texts), { records: rules.records });
    i = 0;
    return true;
  };
  return {
    next: () => {
      i++;
      return index !== undefined && i < index.records ? true : load();
    },
    record: () => (index as DayIndex).text.subarray(index?.starts[i], index?.starts[i + 1]),
    index: () => index as DayIndex,
    at: () => i,
  };
}

function compareRecords(a: RunReader, b: RunReader): number {
  const [left, right] = [a.index(), b.index()];
  const [i, j] = [a.at(), b.at()];
  return compareSpans(
    left.tickerBytes,
    left.tickerStarts[i] as number,
    left.tickerEnds[i] as number,
    right.tickerBytes,
    right.tickerStarts[j] as number,
    right.tickerEnds[j] as number,
  );
}

function openOut(file: string, { rules, memberForm }: SortJob) {
  const temporary = temporaryName(file);
  let descriptor: number | undefined = openSync(temporary, 'w', FILE_MODE);
  const cuts: { offset: number; ticker: Uint8Array }[] = [];
  let size = 0;
  const appendRaw = (bytes: Uint8Array): void => {
    try {
      writeFully(descriptor as number, bytes);
    } catch (error) {
      throw about(error, temporary);
    }
    size += bytes.length;
  };
  return {
    temporary,
    cuts,
    size: () => size,
    appendRaw,
    /** The records of a text that begins with the header. */
    append: (text: Uint8Array): void => {
      const written = writeMembers(indexDay(text, { records: rules.records }), memberForm);
      const { tickerBytes, tickerStarts, tickerEnds } = written.index;
      for (const { offset, record } of written.cuts) {
        const ticker = tickerBytes.slice(tickerStarts[record], tickerEnds[record]);
        const before = cuts.at(-1)?.ticker;
        if (before !== undefined && Buffer.compare(before, ticker) === 0) continue;
        cuts.push({ offset: size + offset, ticker });
      }
      appendRaw(written.bytes);
    },
    finish: (): { readonly stamp: FileStamp; readonly end: number } => {
      const end = size;
      appendRaw(END_MARKER);
      try {
        fsyncSync(descriptor as number);
      } catch (error) {
        throw about(error, temporary);
      }
      return { stamp: stampOf({ size, mtimeMs: fstatSync(descriptor as number).mtimeMs }), end };
    },
    close: (): void => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function sizeOf(file: string): number {
  const descriptor = openSync(file, 'r');
  try {
    return fstatSync(descriptor).size;
  } finally {
    closeSync(descriptor);
  }
}
