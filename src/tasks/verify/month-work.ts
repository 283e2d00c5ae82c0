/**
 * A month of the archive, every byte: each day file inflated member by member, its text against the hash that
 * progress.json keeps, its table of contents against one made again from its blocks. Runs in a worker thread,
 * and changes nothing.
 */
import { createHash } from 'node:crypto';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { windowOf } from '#market/datasets/day-window.js';
import { datasetNamed } from '#market/datasets/named.js';
import type { LeftOut } from '#market/records/left-out.js';
import { type MinuteHoles, NO_HOLES, newHoleFinder } from '#market/records/minute-holes.js';
import { qualityOf } from '#market/records/quality.js';
import { collectBuffers } from '#platform/threads/collect.js';
import { ArchiveDamage, inflateArchive, isMember } from '#store/archive/bgzf.js';
import { indexArchived, rebuildToc } from '#store/archive/build-toc.js';
import { lookAtMembers } from '#store/archive/clean-members.js';
import { readAt, readDayFile, withDayFile } from '#store/archive/day-file.js';
import { type DayToc, parseMonthToc, renderMonthToc } from '#store/archive/toc.js';
import { archiveFile, type FolderLayout, tocFile } from '#store/folder/layout.js';
import { checkLargeDay } from './check-large-day.js';

export interface MonthJob {
  readonly kind: 'month';
  readonly dataset: string;
  readonly layout: FolderLayout;
  /** Of one month; the archive folder holds them. */
  readonly days: readonly ExpectedDay[];
}

export interface ExpectedDay {
  readonly day: IsoDay;
  /** SHA-256 that the archive's text should have, and the rows that it should hold, where that is known. */
  readonly sha256: string | undefined;
  readonly rows: number | undefined;
}

export interface CheckedDay {
  readonly day: IsoDay;
  readonly size: number;
  readonly members: number;
  /** Of the bars, each once; of a large day, of all records. */
  readonly tickers: number;
  readonly rows: number;
  readonly problem:
    | { readonly kind: 'archive-damaged' | 'archive-changed' | 'progress-wrong'; readonly what: string }
    | undefined;
  /**
   * `barloom`: in blocks that a table of contents can tell of, whichever version wrote them; `blocks`: cut
   * anywhere.
   */
  readonly form: 'barloom' | 'plain' | 'blocks';
  /** See DayQuality. */
  readonly offDay: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly holes: MinuteHoles;
  /** Of a table whose own checksum is right: whether it says something else than the day file. */
  readonly wrongToc: boolean;
}

/** The days in the order of the job. Throws the disk's error. */
export function checkMonth(job: MonthJob): readonly CheckedDay[] {
  const dataset = datasetNamed(job.dataset);
  if (dataset === undefined) throw new RangeError(`no dataset ${job.dataset}`);
  const first = job.days[0];
  const tocs = first === undefined ? undefined : storedTocs(tocFile(job.layout, dataset, first.day), dataset);
  return job.days.map((expected) => checkDay(expected, job.layout, dataset, tocs?.get(expected.day)));
}

function storedTocs(file: string, dataset: Dataset): ReadonlyMap<IsoDay, DayToc> | undefined {
  try {
    return parseMonthToc(readDayFile(file, dataset));
  } catch {
    // Missing, or damaged: the quick look reports that.
    return undefined;
  }
}

function checkDay(
  expected: ExpectedDay,
  layout: FolderLayout,
  dataset: Dataset,
  stored: DayToc | undefined,
): CheckedDay {
  const { day } = expected;
  const file = archiveFile(layout, dataset, day);
  let size = 0;
  try {
    if (dataset.inPieces) {
      const { sha256, toc, mtimeMs, ...large } = checkLargeDay(
        file,
        dataset,
        windowOf(dataset, day),
        newHoleFinder(dataset, day),
      );
      const problem = problemOf(sha256, large.rows, expected);
      return { day, ...large, problem, wrongToc: isWrong(stored, toc, large.size, mtimeMs) };
    }
    const { bytes, mtimeMs } = withDayFile(file, dataset, (open) => ({
      bytes: readAt(open, 0, open.size),
      mtimeMs: open.mtimeMs,
    }));
    size = bytes.length;
    const text = inflateArchive(bytes, dataset);
    // Both ways to look at it: the text, its index, its members each by itself.
    collectBuffers(bytes.length + 8 * text.length);
    const index = indexArchived(text, dataset);
    const toc = isMember(bytes) ? rebuildToc(bytes, mtimeMs, dataset) : undefined;
    const members = isMember(bytes)
      ? lookAtMembers(size, (offset, length) => bytes.subarray(offset, offset + length))
      : { count: 0, areClean: true };
    const quality = qualityOf(index, windowOf(dataset, day), dataset.series);
    return {
      day,
      size,
      members: members.count,
      tickers: quality.bars - quality.doubles.count,
      rows: index.records,
      problem: problemOf(sha256Of(text), index.records, expected),
      form: toc !== undefined && members.areClean ? 'barloom' : isMember(bytes) ? 'blocks' : 'plain',
      offDay: quality.offDay,
      leftOut: quality.leftOut,
      holes: NO_HOLES,
      wrongToc: isWrong(stored, toc, size, mtimeMs),
    };
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    const nothing = {
      ...{ size, members: 0, tickers: 0, rows: 0, offDay: [], leftOut: [], holes: NO_HOLES },
      wrongToc: false,
    };
    return { day, ...nothing, problem: { kind: 'archive-damaged', what: error.message }, form: 'barloom' };
  }
}

/** `found`: of the text. */
function problemOf(found: string, records: number, { sha256, rows }: ExpectedDay): CheckedDay['problem'] {
  if (sha256 !== undefined && found !== sha256) {
    return { kind: 'archive-changed', what: 'its text is not the one that was fetched (by its SHA-256)' };
  }
  if (records === 0) return { kind: 'archive-damaged', what: 'it holds a header and no rows' };
  if (rows === undefined || rows === records) return undefined;
  return { kind: 'progress-wrong', what: `it lists ${rows} rows, and the copy holds ${records}` };
}

/**
 * A table of another size or time than the file's is not believed by anybody, and made again when it is
 * needed.
 */
function isWrong(
  stored: DayToc | undefined,
  made: DayToc | undefined,
  size: number,
  mtimeMs: number,
): boolean {
  if (stored === undefined || stored.size !== size || stored.mtimeMs !== mtimeMs) return false;
  return made === undefined || Buffer.compare(rendered(stored), rendered(made)) !== 0;
}

function rendered(toc: DayToc): Uint8Array {
  return renderMonthToc(new Map([['', toc]]));
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
