/**
 * A large day's lines on their way into the series: taken out of the archive file a stretch at a time and written, one series behind the other, into
 * an unfinished file in the series' folder, so that memory does not grow with how many they are. The rows then hold marks (block-file.ts).
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { ArchiveStore } from '../archive/store.js';
import type { IsoDay } from '../calendar/iso-day.js';
import { temporaryName } from '../disk/durable.js';
import { about } from '../disk/errors.js';
import { makeLackingFolders } from '../disk/folder.js';
import { type FolderLayout, seriesFolder } from '../disk/layout.js';
import { FILE_MODE } from '../disk/modes.js';
import { newSha256 } from '../disk/sha256.js';
import { newBlockWriter } from '../flatfile/block-rows.js';
import type { Dataset } from '../flatfile/dataset.js';
import { firstNotBelow } from '../flatfile/day-index.js';
import { rangeOf } from '../flatfile/series-key.js';
import { newPacker, rowValues, type TakenRows } from '../flatfile/taken-rows.js';
import { markOfHash, type Place } from '../series/block-file.js';

export interface SpooledRows extends TakenRows {
  /** Where the blocks of the rows stand; undefined where the rows hold them. */
  readonly spool?: {
    readonly file: string;
    /** Block i begins at `ends[i - 1]` (0 for the first). */
    readonly ends: Float64Array<ArrayBuffer>;
  };
}

/** Where the block of row `i` stands. */
export function placeOfRow(rows: SpooledRows, i: number): Place {
  const { spool } = rows;
  if (spool === undefined) return Buffer.from(rowValues(rows, i));
  const start = i === 0 ? 0 : (spool.ends[i - 1] as number);
  return { file: spool.file, start, length: (spool.ends[i] as number) - start };
}

/** Bytes that the rows take, on disk or in memory. */
export function sizeOfRows(rows: SpooledRows): number {
  return rows.bytes.byteLength + rows.ends.byteLength + (rows.spool?.ends.at(-1) ?? 0);
}

export function dropSpool({ spool }: SpooledRows): void {
  if (spool !== undefined) rmSync(spool.file, { force: true });
}

/** `wanted`: UTF-8, ascending by bytes. Throws ArchiveDamage or the disk's error; then no file stays. */
export function spoolDay(
  archive: ArchiveStore,
  dataset: Dataset,
  layout: FolderLayout,
  day: IsoDay,
  wanted: readonly Uint8Array[],
): SpooledRows {
  const folder = seriesFolder(layout, dataset);
  makeLackingFolders(folder);
  const file = temporaryName(path.join(folder, `${dataset.name}-${day}`));
  const out = openOut(file);
  const packer = newPacker(wanted.length);
  const ends: number[] = [];
  try {
    for (const key of wanted) {
      const mark = spoolOne(archive, dataset, day, key, out);
      if (mark === undefined) continue;
      packer.add(key, mark);
      ends.push(out.size());
    }
    out.close();
  } catch (error) {
    out.drop();
    throw error;
  }
  if (ends.length === 0) rmSync(file, { force: true });
  const rows = packer.finish();
  return ends.length === 0 ? rows : { ...rows, spool: { file, ends: Float64Array.from(ends) } };
}

/** The mark of the series' block, which is then at the end of the file; undefined where the day holds nothing of it. */
function spoolOne(
  archive: ArchiveStore,
  dataset: Dataset,
  day: IsoDay,
  key: Uint8Array,
  out: ReturnType<typeof openOut>,
): string | undefined {
  const range = rangeOf(key, dataset.series);
  const writer = newBlockWriter(dataset, day);
  const start = out.size();
  let hash = newSha256();
  let last = '';
  let ascends = true;
  archive.stretchesOf(day, range, (index) => {
    const block = writer.block(index, firstNotBelow(index, range.from), firstNotBelow(index, range.to), key);
    if (block.length === 0) return;
    const text = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    if (dataset.series.of === 'ticker') {
      const comma = text.indexOf(',');
      const first = text.toString('latin1', 0, comma);
      // Trades can share a moment, bars cannot.
      ascends &&= dataset.records === 'ticks' ? first >= last : first > last;
      last = text.toString('latin1', text.lastIndexOf('\n') + 1).split(',', 1)[0] ?? '';
    }
    if (out.size() > start) {
      out.write(LINE_END);
      hash.update(LINE_END);
    }
    out.write(block);
    hash.update(block);
  });
  if (!ascends) {
    // The vendor's records of this ticker are in no order of time: they are put into one, all together.
    out.cutTo(start);
    hash = newSha256();
    const rows = archive.takeRows(day, [key]);
    const block = Buffer.from(rowValues(rows, 0));
    out.write(block);
    hash.update(block);
  }
  return out.size() === start ? undefined : markOfHash(hash);
}

const LINE_END = Uint8Array.of(10);

function openOut(file: string) {
  const descriptor = openSync(file, 'w', FILE_MODE);
  let size = 0;
  return {
    size: () => size,
    write: (bytes: Uint8Array): void => {
      try {
        for (let at = 0; at < bytes.length; )
          at += writeSync(descriptor, bytes, at, bytes.length - at, size + at);
      } catch (error) {
        throw about(error, file);
      }
      size += bytes.length;
    },
    cutTo: (length: number): void => {
      size = length;
    },
    close: (): void => closeSync(descriptor),
    drop: (): void => {
      closeSync(descriptor);
      rmSync(file, { force: true });
    },
  };
}
