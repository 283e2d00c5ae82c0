/**
 * What is done with the bytes of one day: verify, gunzip, index, write the archive file under a temporary
 * name, take the wanted bars. Runs in a worker thread; nothing here decides what it means for the run.
 */

import { createHash } from 'node:crypto';
import { indexVendor } from '#ingest/pieces/index-vendor.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { DayRules, MemberForm } from '#market/datasets/dataset.js';
import type { DayWindow } from '#market/datasets/day-window.js';
import { isContentError } from '#market/records/content-error.js';
import { type DayIndex, indexDay, inOrder, tickerGroups } from '#market/records/day-index.js';
import { type ChangedBars, compareDays, type DayDifference } from '#market/records/difference.js';
import { type DayQuality, qualityOf } from '#market/records/quality.js';
import { takeRows } from '#market/records/take-rows.js';
import { NO_ROWS, newPacker, type TakenRows } from '#market/records/taken-rows.js';
import { temporaryName, writeTemporarySync } from '#platform/disk/durable.js';
import { sha256 } from '#platform/disk/sha256.js';
import { gunzipWhole } from '#platform/gzip/gunzip-whole.js';
import { isGzipDamage } from '#platform/gzip/gzip-damage.js';
import { SourceError } from '#platform/http/source-error.js';
import { ArchiveDamage, inflateArchive } from '#store/archive/bgzf.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { readDayFile } from '#store/archive/day-file.js';
import { md5Differs } from './content-fault.js';
import type { PreparedFile } from './prepared-file.js';

export interface DayJob {
  readonly kind: 'day';
  readonly day: IsoDay;
  /** The compressed object. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** MD5 in hex that the bytes must have; undefined where the source says none. */
  readonly md5: string | undefined;
  readonly rules: DayRules;
  readonly window: DayWindow;
  /** The archive file to prepare, and how much text a member of it holds; undefined: none is wanted. */
  readonly archive: { readonly file: string; readonly memberForm: MemberForm } | undefined;
  /** Whether an older copy stands there, to be compared with. */
  readonly replaces: boolean;
  /** Whether series are wanted. */
  readonly series: boolean;
  /** Whether the tickers of the day are wanted, to suggest from. */
  readonly market: boolean;
}

export interface DayResult {
  /** Time that the work took, without any wait for a worker. */
  readonly seconds: number;
  readonly rows: number;
  readonly textSha256: string;
  /** Where the vendor's records were not in ticker order: the hash of the archive's text. */
  readonly sortedSha256: string | undefined;
  readonly quality: DayQuality;
  readonly archive: PreparedFile | undefined;
  readonly taken: TakenRows;
  readonly replaced: { readonly difference: DayDifference; readonly bars: ChangedBars } | undefined;
  /** Why the older copy could not be read, where it could not. */
  readonly damagedCopy: string | undefined;
  /** The day's tickers, with empty values. */
  readonly market: TakenRows | undefined;
}

/** Throws SourceError 'damaged', or the disk's error. */
export function workDay(job: DayJob, wanted: readonly Uint8Array[] | '*'): DayResult {
  const begun = performance.now();
  const text = verifiedText(job);
  const index = indexVendor(text, job.rules);
  if (index.records === 0) throw new SourceError('damaged', 'the file holds a header and no rows');
  const textSha256 = sha256(text);
  const older =
    job.replaces && job.archive !== undefined ? readOlder(job.archive.file, job.rules) : undefined;
  let archive: DayResult['archive'];
  let sortedSha256: string | undefined;
  if (job.archive !== undefined) {
    const built = buildArchive(index, job.archive.memberForm);
    if (built.text !== text) sortedSha256 = sha256(built.text);
    const temporary = temporaryName(job.archive.file);
    const stamp = writeTemporarySync(temporary, built.bytes);
    archive = { temporary, stamp, toc: { ...built.toc, mtimeMs: stamp.mtimeMs } };
  }
  const result = {
    rows: index.records,
    textSha256,
    sortedSha256,
    quality: qualityOf(index, job.window, job.rules.series),
    archive,
    taken: job.series ? takeRows(index, wanted, job.rules, job.day) : NO_ROWS,
    replaced: older?.index === undefined ? undefined : compareDays(older.index, index),
    damagedCopy: older?.damage,
    market: job.market ? tickersOf(index) : undefined,
  };
  return { ...result, seconds: (performance.now() - begun) / 1000 };
}

function verifiedText(job: DayJob): Uint8Array {
  if (job.md5 !== undefined) {
    const md5 = createHash('md5').update(job.bytes).digest('hex');
    if (md5 !== job.md5) throw md5Differs(md5, job.md5);
  }
  if (job.bytes.length < 18 || job.bytes[0] !== 0x1f || job.bytes[1] !== 0x8b) {
    throw new SourceError('damaged', 'it is not gzip');
  }
  try {
    return gunzipWhole(job.bytes, {
      maxOutputLength: job.rules.maxTextBytes,
      chunkSize: likelyTextBytes(job.bytes),
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new SourceError(
        'damaged',
        `it holds more than ${job.rules.maxTextBytes} bytes of text, the dataset's limit`,
      );
    }
    throw isGzipDamage(error) ? new SourceError('damaged', `it does not gunzip (${message})`) : error;
  }
}

/**
 * The length that the gzip trailer says, so that the text comes in one piece; only a hint, and kept within
 * bounds.
 */
function likelyTextBytes(gzip: Uint8Array): number {
  const said = Buffer.from(gzip.buffer, gzip.byteOffset, gzip.byteLength).readUInt32LE(
    Math.max(0, gzip.length - 4),
  );
  return Math.min(Math.max(said + 1, 1 << 16), 4 << 20);
}

function readOlder(file: string, rules: DayRules): { readonly index?: DayIndex; readonly damage?: string } {
  try {
    return { index: indexDay(inflateArchive(readDayFile(file, rules), rules), rules) };
  } catch (error) {
    // That the disk does not hand it out, or memory does not take it, says nothing of what it holds.
    if (error instanceof ArchiveDamage || isContentError(error)) return { damage: error.message };
    throw error;
  }
}

function tickersOf(index: DayIndex): TakenRows {
  const packer = newPacker();
  for (const { from } of tickerGroups(index)) {
    const i = inOrder(index, from);
    packer.add(index.tickerBytes.subarray(index.tickerStarts[i], index.tickerEnds[i]), '');
  }
  return packer.finish();
}
