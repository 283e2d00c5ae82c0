/**
 * A large day's lines on their way into the series: taken out of the archive file a stretch at a time and
 * written, one series behind the other, into an unfinished file in the series' folder, so that memory does
 * not grow with how many they are. The rows then hold marks (block-file.ts). Few lines stay in memory, and
 * stand in the rows themselves.
 */
import { closeSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { newPacker, rowValues, type TakenRows } from '#market/records/taken-rows.js';
import { temporaryName } from '#platform/disk/durable.js';
import { about } from '#platform/disk/errors.js';
import { makeMissingFolders } from '#platform/disk/folder.js';
import { FILE_MODE } from '#platform/disk/modes.js';
import { newSha256 } from '#platform/disk/sha256.js';
import { writeFully } from '#platform/disk/write.js';
import { eachBlock } from '#store/archive/day-blocks.js';
import type { ArchiveStore } from '#store/archive/store.js';
import { type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import { markOfHash, type Place } from '#store/series/series-blocks.js';

export interface TakenLines extends TakenRows {
  /** Where the blocks of the rows stand; undefined where the rows hold them. */
  readonly lines?: {
    readonly file: string;
    /** Block i begins at `ends[i - 1]` (0 for the first). */
    readonly ends: Float64Array<ArrayBuffer>;
  };
}

/** Where the block of row `i` stands. */
export function placeOfRow(rows: TakenLines, i: number): Place {
  const { lines } = rows;
  if (lines === undefined) return Buffer.from(rowValues(rows, i));
  const start = i === 0 ? 0 : (lines.ends[i - 1] as number);
  return { file: lines.file, start, length: (lines.ends[i] as number) - start };
}

/** Bytes that the rows take, on disk or in memory. */
export function sizeOfRows(rows: TakenLines): number {
  return rows.bytes.byteLength + rows.ends.byteLength + (rows.lines?.ends.at(-1) ?? 0);
}

export function dropLines({ lines }: TakenLines): void {
  if (lines !== undefined) rmSync(lines.file, { force: true });
}

export interface LinesFrom {
  readonly archive: ArchiveStore;
  readonly dataset: Dataset;
  /** Whose series' folder the file is in. */
  readonly layout: FolderLayout;
}

/** `wanted`: UTF-8, ascending by bytes. Throws ArchiveDamage or the disk's error; then no file stays. */
export function takeLines(day: IsoDay, wanted: readonly Uint8Array[], from: LinesFrom): TakenLines {
  const { dataset, layout } = from;
  const folder = seriesFolder(layout, dataset);
  const out = openOut(() => {
    makeMissingFolders(folder);
    return temporaryName(path.join(folder, `${dataset.name}-${day}`));
  });
  const taken: { readonly key: Uint8Array; readonly mark: string; readonly end: number }[] = [];
  try {
    for (const key of wanted) {
      const mark = takeOne(from, day, key, out);
      if (mark !== undefined) taken.push({ key, mark, end: out.size() });
    }
    out.close();
  } catch (error) {
    out.drop();
    throw error;
  }
  const packer = newPacker(taken.length);
  const file = out.file();
  if (file !== undefined) {
    for (const { key, mark } of taken) packer.add(key, mark);
    return { ...packer.finish(), lines: { file, ends: Float64Array.from(taken, ({ end }) => end) } };
  }
  const text = out.text();
  for (const [i, { key, end }] of taken.entries())
    packer.addBlock(key, text.subarray(taken[i - 1]?.end ?? 0, end));
  return packer.finish();
}

/**
 * The mark of the series' block, which is then at the end of the file; undefined where the day holds nothing
 * of it.
 */
function takeOne(
  { archive, dataset }: LinesFrom,
  day: IsoDay,
  key: Uint8Array,
  out: ReturnType<typeof openOut>,
): string | undefined {
  const start = out.size();
  let hash = newSha256();
  const ascends = eachBlock({ archive, dataset }, day, key, (block) => {
    if (out.size() > start) {
      out.write(LINE_END);
      hash.update(LINE_END);
    }
    out.write(block);
    hash.update(block);
    return undefined;
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

/** Text of a day that stays in memory, of which there may be hundreds. */
const IN_MEMORY = 1 << 18;

/** `nameOf`: of the file, once there is too much for the memory. */
function openOut(nameOf: () => string) {
  let text = Buffer.allocUnsafe(1 << 16);
  let size = 0;
  let file: string | undefined;
  let descriptor: number | undefined;
  const toFile = (name: string, to: number, bytes: Uint8Array): void => {
    try {
      writeFully(to, bytes, size);
    } catch (error) {
      throw about(error, name);
    }
    size += bytes.length;
  };
  const spill = (): number => {
    file = nameOf();
    const opened = openSync(file, 'w', FILE_MODE);
    descriptor = opened;
    const length = size;
    size = 0;
    toFile(file, opened, text.subarray(0, length));
    text = Buffer.alloc(0);
    return opened;
  };
  return {
    size: () => size,
    /** Undefined where all stayed in memory. */
    file: () => file,
    text: (): Uint8Array => text.subarray(0, size),
    write: (bytes: Uint8Array): void => {
      if (descriptor === undefined && size + bytes.length <= IN_MEMORY) {
        if (size + bytes.length > text.length) {
          const larger = Buffer.allocUnsafe(Math.max(text.length * 2, size + bytes.length));
          text.copy(larger, 0, 0, size);
          text = larger;
        }
        text.set(bytes, size);
        size += bytes.length;
        return;
      }
      const to = descriptor ?? spill();
      toFile(file ?? '', to, bytes);
    },
    cutTo: (length: number): void => {
      size = length;
    },
    close: (): void => {
      if (descriptor !== undefined) closeSync(descriptor);
    },
    drop: (): void => {
      if (descriptor !== undefined) closeSync(descriptor);
      if (file !== undefined) rmSync(file, { force: true });
    },
  };
}
