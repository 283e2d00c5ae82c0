/**
 * A day whose records are in no order, put into ticker order through runs on disk: each run is a stretch of members in which tickers ascend, and
 * all are merged, of equal tickers the earlier run first, so that records keep their order. Memory holds a member of each run. Runs in a worker
 * thread.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { END_MARKER, inflateMember, MAX_MEMBER, memberSize } from '../archive/bgzf.js';
import { tocOfCuts } from '../archive/made-toc.js';
import { membersOfText, writeMembers } from '../archive/members.js';
import type { DayToc } from '../archive/toc.js';
import { type FileStamp, temporaryName } from '../disk/durable.js';
import { about } from '../disk/errors.js';
import { FILE_MODE } from '../disk/modes.js';
import { compareSpans } from '../flatfile/bytes.js';
import type { DayRules } from '../flatfile/dataset.js';
import { type DayIndex, indexDay } from '../flatfile/day-index.js';

export interface SortJob {
  readonly kind: 'sort';
  /** The file of the runs, and where each begins; the last ends with the file. */
  readonly runs: string;
  readonly starts: readonly number[];
  readonly header: Uint8Array;
  readonly rules: DayRules;
  readonly memberTextBytes: number;
  /** The name that the result may get. */
  readonly file: string;
}

export interface SortedRuns {
  /** Durable. */
  readonly temporary: string;
  readonly stamp: FileStamp;
  readonly toc: DayToc;
  /** Of its text. */
  readonly sha256: string;
}

/** So many runs are merged at once; more, in several passes. */
const MOST_RUNS = 128;
/** Text that is gathered before it becomes members. */
const BATCH_BYTES = 1 << 20;

/** Throws ArchiveDamage where the runs cannot be read back, or the disk's error; then no file of its own stays. */
export function sortRuns(job: SortJob): SortedRuns {
  const made: string[] = [];
  try {
    let { runs, starts } = job;
    for (let pass = 1; starts.length > MOST_RUNS; pass++) {
      const file = `${job.file}.${pass}`;
      made.push(temporaryName(file));
      const merged = mergeGroups(runs, starts, { ...job, file });
      if (pass > 1) rmSync(runs, { force: true });
      runs = merged.runs;
      starts = merged.starts;
    }
    const out = openOut(`${job.file}.sorted`, job);
    made.push(out.temporary);
    const hash = createHash('sha256').update(job.header);
    out.appendRaw(membersOfText(job.header));
    merge(runs, starts, sizeOf(runs), job, out, (text) => hash.update(text));
    const { stamp, end } = out.finish();
    for (const file of made.slice(0, -1)) rmSync(file, { force: true });
    const toc = { ...tocOfCuts(job.header, out.cuts, end), ...stamp };
    return { temporary: out.temporary, stamp, toc, sha256: hash.digest('hex') };
  } catch (error) {
    for (const file of made) rmSync(file, { force: true });
    throw error;
  }
}

/** One pass: groups of runs into one run each. */
function mergeGroups(runs: string, starts: readonly number[], job: SortJob) {
  const out = openOut(job.file, job);
  const size = sizeOf(runs);
  const merged: number[] = [];
  for (let first = 0; first < starts.length; first += MOST_RUNS) {
    merged.push(out.size());
    const group = starts.slice(first, first + MOST_RUNS);
    merge(runs, group, starts[first + MOST_RUNS] ?? size, job, out);
  }
  out.close();
  return { runs: out.temporary, starts: merged };
}

type Out = ReturnType<typeof openOut>;

function merge(
  file: string,
  starts: readonly number[],
  end: number,
  job: SortJob,
  out: Out,
  told: (text: Uint8Array) => void = () => undefined,
): void {
  const descriptor = openSync(file, 'r');
  try {
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
      told(record);
      out.append(record);
      if (!reader.next()) {
        const last = heap.pop() as number;
        if (heap.length > 0) heap[0] = last;
      }
      sink(heap, 0, below);
    }
    out.flush();
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
    // A record that is longer than a member goes on in the next: a member ends with a record where the next one begins with one.
    do {
      if (offset >= end) break;
      const bytes = Buffer.allocUnsafe(Math.min(MAX_MEMBER, end - offset));
      readFully(descriptor, bytes, offset);
      texts.push(inflateMember(bytes, 0, offset));
      offset += memberSize(bytes, 0, offset);
    } while (texts.at(-1)?.at(-1) !== NEWLINE || isOpen(texts));
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

/** Whether a quoted field goes on behind these texts. */
function isOpen(texts: readonly Uint8Array[]): boolean {
  let quotes = 0;
  for (const text of texts.slice(1)) {
    if (!text.includes(QUOTE)) continue;
    for (const byte of text) if (byte === QUOTE) quotes++;
  }
  return quotes % 2 === 1;
}

const NEWLINE = 10;
const QUOTE = 34;

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

function openOut(file: string, { header, rules, memberTextBytes }: SortJob) {
  const temporary = temporaryName(file);
  const descriptor = openSync(temporary, 'w', FILE_MODE);
  const cuts: { offset: number; ticker: Uint8Array }[] = [];
  let size = 0;
  let batch: Uint8Array[] = [];
  let batchBytes = 0;
  const appendRaw = (bytes: Uint8Array): void => {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at);
    } catch (error) {
      throw about(error, temporary);
    }
    size += bytes.length;
  };
  const flush = (): void => {
    if (batch.length === 0) return;
    const {
      bytes,
      cuts: own,
      index,
    } = writeMembers(
      indexDay(Buffer.concat([header, ...batch]), { records: rules.records }),
      memberTextBytes,
    );
    for (const { offset, record } of own)
      cuts.push({
        offset: size + offset,
        ticker: index.tickerBytes.slice(index.tickerStarts[record], index.tickerEnds[record]),
      });
    appendRaw(bytes);
    batch = [];
    batchBytes = 0;
  };
  return {
    temporary,
    cuts,
    size: () => size,
    appendRaw,
    flush,
    append: (record: Uint8Array): void => {
      batch.push(record);
      batchBytes += record.length;
      if (batchBytes >= BATCH_BYTES) flush();
    },
    close: (): void => closeSync(descriptor),
    finish: (): { readonly stamp: FileStamp; readonly end: number } => {
      const end = size;
      appendRaw(END_MARKER);
      fsyncSync(descriptor);
      const { mtimeMs } = fstatSync(descriptor);
      closeSync(descriptor);
      return { stamp: { size, mtimeMs: Math.floor(mtimeMs) }, end };
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

function readFully(descriptor: number, target: Buffer, offset: number): void {
  for (let done = 0; done < target.length; ) {
    const read = readSync(descriptor, target, done, target.length - done, offset + done);
    if (read === 0) return;
    done += read;
  }
}
