/**
 * A large day on its way into the archive, never whole in memory: gunzipped in zlib's own thread, cut into
 * pieces, the pieces indexed and compressed by worker threads several at once, and put behind one another in
 * the file in the order of the text. Nothing gets its final name here, and nothing is believed before the
 * last byte: what is written may turn out to be damaged.
 */

import { createHash } from 'node:crypto';
import type { StreamOptions } from 'node:stream';
import type { Gunzip, ZlibOptions } from 'node:zlib';
import type { DayRules, MemberForm } from '#market/datasets/dataset.js';
import type { DayWindow } from '#market/datasets/day-window.js';
import { newTextCutter, type TextPiece } from '#market/records/cut-text.js';
import { DayLimitError } from '#market/records/day-index.js';
import type { DayQuality } from '#market/records/quality.js';
import type { FileStamp } from '#platform/disk/durable.js';
import { gunzipBody } from '#platform/gzip/gunzip-body.js';
import { isGzipDamage } from '#platform/gzip/gzip-damage.js';
import { SourceError } from '#platform/http/source-error.js';
import { collectBuffers } from '#platform/threads/collect.js';
import { tocOfCuts } from '#store/archive/build-toc.js';
import { membersOfText } from '#store/archive/members.js';
import type { DayToc } from '#store/archive/toc.js';
import { type MembersFile, openMembersFile } from './members-file.js';
import type { PieceJob, WorkedPiece } from './piece-work.js';
import { addQuality, NO_QUALITY } from './qualities.js';
import type { SortedRuns, SortJob } from './sort-runs.js';

export interface SplitOptions {
  /** The archive file to prepare, beside which it is written under a temporary name. */
  readonly file: string;
  readonly rules: DayRules;
  readonly memberForm: MemberForm;
  readonly window: DayWindow;
  /** In worker threads. */
  readonly runPiece: (job: PieceJob) => Promise<WorkedPiece>;
  readonly runSort: (job: SortJob) => Promise<SortedRuns>;
  /** Pieces on their way through the threads at once. */
  readonly atOnce: number;
  /** See newTextCutter; the archive of a day is the same bytes only in pieces of the same size. */
  readonly pieceBytes?: number;
  readonly mostRuns?: number;
}

export interface SplitDay {
  readonly rows: number;
  /** Of the text as the vendor wrote it, and as the archive holds it where the records were in no order. */
  readonly textSha256: string;
  readonly sortedSha256: string | undefined;
  readonly quality: DayQuality;
  /** Durable under its temporary name. */
  readonly archive: { readonly temporary: string; readonly stamp: FileStamp; readonly toc: DayToc };
}

/** Text that zlib hands out at a time, and how much may wait: while one chunk is cut, zlib makes the next. */
const GUNZIP: ZlibOptions & StreamOptions<Gunzip> = { chunkSize: 1 << 19, highWaterMark: 1 << 20 };

/** Throws SourceError 'damaged', what the body throws, or the disk's error; then no file stays. */
export async function splitDay(body: AsyncIterable<Uint8Array>, options: SplitOptions): Promise<SplitDay> {
  const file = await openMembersFile(options.file);
  try {
    const placing = newPlacing(file, options);
    const textSha256 = await cutAndPlace(gunzipBody(body, GUNZIP), placing, options);
    const { header, cuts, runs, rows, quality, isSorted } = placing;
    if (rows() === 0) throw new SourceError('damaged', 'the file holds a header and no rows');
    const found = { rows: rows(), textSha256, quality: quality() };
    if (isSorted()) {
      const { stamp, end } = await file.finish();
      const toc = { ...tocOfCuts(header(), cuts, end), ...stamp };
      return { ...found, sortedSha256: undefined, archive: { temporary: file.temporary, stamp, toc } };
    }
    await file.close();
    const { rules, memberForm, pieceBytes, mostRuns } = options;
    const { sha256, ...archive } = await options.runSort({
      kind: 'sort',
      runs: file.temporary,
      starts: runs,
      header: header(),
      rules,
      memberForm,
      file: options.file,
      pieceBytes,
      mostRuns,
    });
    await file.drop();
    return { ...found, sortedSha256: sha256, archive };
  } catch (error) {
    await file.drop();
    throw asDamage(error);
  }
}

/** Returns the SHA-256 of the text. */
async function cutAndPlace(
  texts: AsyncIterable<Uint8Array>,
  placing: Placing,
  { rules: { maxTextBytes }, pieceBytes }: SplitOptions,
): Promise<string> {
  const hash = createHash('sha256');
  const cutter = newTextCutter(pieceBytes, placing.spare);
  let length = 0;
  for await (const text of texts) {
    length += text.length;
    if (length > maxTextBytes)
      throw new SourceError(
        'damaged',
        `it holds more than ${maxTextBytes} bytes of text, the dataset's limit`,
      );
    hash.update(text);
    collectBuffers(text.length);
    for (const piece of cutter.push(text)) await placing.send(piece);
  }
  const last = cutter.finish();
  if (last !== undefined) await placing.send(last);
  await placing.done();
  return hash.digest('hex');
}

type Placing = ReturnType<typeof newPlacing>;

/**
 * Sends pieces through the threads and puts what comes back into the file, in the order in which they were
 * sent.
 */
function newPlacing(file: MembersFile, { rules, memberForm, window, runPiece, atOnce }: SplitOptions) {
  const cuts: { offset: number; ticker: Uint8Array }[] = [];
  /** Where stretches begin in which tickers ascend. */
  const runs: number[] = [];
  const underWay: Promise<void>[] = [];
  const spare: Uint8Array<ArrayBuffer>[] = [];
  let header: Uint8Array | undefined;
  let highest: Uint8Array | undefined;
  let isSorted = true;
  let rows = 0;
  let quality = NO_QUALITY;

  const place = async (worked: WorkedPiece): Promise<void> => {
    const start = file.size();
    const first = worked.cuts[0]?.ticker;
    if (first !== undefined && (highest === undefined || Buffer.compare(highest, first) > 0))
      runs.push(start);
    highest = first === undefined ? highest : worked.last;
    isSorted &&= worked.sorted && runs.length <= 1;
    // A table has an entry a ticker at most (tocOfCuts), and so has the memory; of what is sorted later it is
    // another.
    if (isSorted) {
      for (const { offset, ticker } of worked.cuts) {
        const before = cuts.at(-1)?.ticker;
        if (before === undefined || Buffer.compare(before, ticker) !== 0)
          cuts.push({ offset: start + offset, ticker });
      }
    } else cuts.length = 0;
    quality = addQuality(quality, worked.quality, rows);
    rows += worked.records;
    if (rows > rules.maxRecords)
      throw new SourceError('damaged', `it holds more than ${rules.maxRecords} records, the dataset's limit`);
    await file.append(worked.members);
  };
  return {
    send: async ({ text, headerBytes }: TextPiece): Promise<void> => {
      if (header === undefined) {
        header = text.slice(0, headerBytes);
        await file.append(membersOfText(header));
      }
      const worked = runPiece({ kind: 'piece', text, rules, memberForm, window });
      const before = underWay.at(-1);
      const placed = (async () => {
        const result = await worked;
        spare.push(new Uint8Array(result.text.buffer));
        await before;
        await place(result);
      })();
      placed.catch(() => undefined);
      underWay.push(placed);
      if (underWay.length > atOnce) await underWay.shift();
    },
    done: async () => {
      await Promise.all(underWay);
    },
    header: () => header ?? new Uint8Array(0),
    /** Buffers of pieces that have come back. */
    spare,
    cuts,
    runs,
    rows: () => rows,
    quality: () => quality,
    isSorted: () => isSorted,
  };
}

function asDamage(error: unknown): unknown {
  if (error instanceof DayLimitError) return new SourceError('damaged', error.message);
  return isGzipDamage(error)
    ? new SourceError('damaged', `it does not gunzip (${(error as Error).message})`)
    : error;
}
