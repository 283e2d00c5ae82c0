/**
 * A large day of the archive, every byte of it and never whole in memory: inflated a stretch at a time.
 */

import { createHash } from 'node:crypto';
import { addQuality, NO_QUALITY } from '#ingest/pieces/qualities.js';
import type { DayRules } from '#market/datasets/dataset.js';
import type { DayWindow } from '#market/datasets/day-window.js';
import { type DayIndex, endOfGroup, inOrder } from '#market/records/day-index.js';
import type { LeftOut } from '#market/records/left-out.js';
import { type HoleFinder, type MinuteHoles, NO_HOLES } from '#market/records/minute-holes.js';
import { qualityOf } from '#market/records/quality.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { indexArchived, rebuildTocOf } from '#store/archive/build-toc.js';
import { lookAtMembers, type Members } from '#store/archive/clean-members.js';
import { type OpenDayFile, readAt, withDayFile } from '#store/archive/day-file.js';
import { isBlocked, textsOfDay } from '#store/archive/day-texts.js';
import { textPieces } from '#store/archive/text-pieces.js';
import type { DayToc } from '#store/archive/toc.js';

export interface LargeDay {
  readonly size: number;
  readonly mtimeMs: number;
  readonly members: number;
  readonly sha256: string;
  readonly rows: number;
  /** Of different tickers, where the records are in order; otherwise of runs of one ticker. */
  readonly tickers: number;
  readonly form: 'barloom' | 'plain' | 'blocks';
  readonly offDay: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly holes: MinuteHoles;
  /** As it should be; undefined where the file can have none. */
  readonly toc: DayToc | undefined;
}

/** `window`: see qualityOf. `holes`: gets the records. Throws ArchiveDamage or the disk's error. */
export function checkLargeDay(
  file: string,
  dataset: DayRules,
  window: DayWindow,
  holes?: HoleFinder,
): LargeDay {
  return withDayFile(file, dataset, (open) => {
    const { size, mtimeMs } = open;
    const hash = createHash('sha256');
    let [rows, tickers, quality] = [0, 0, NO_QUALITY];
    let last: Uint8Array | undefined;
    const hashed = function* (): Generator<Uint8Array> {
      for (const text of textsOfDay(open, dataset)) {
        hash.update(text);
        yield text;
      }
    };
    for (const { text } of textPieces(hashed())) {
      const index = indexArchived(text, dataset);
      quality = addQuality(quality, qualityOf(index, window, dataset.series), rows);
      holes?.add(index);
      tickers += groupsOf(index, last);
      rows += index.records;
      if (rows > dataset.maxRecords)
        throw new ArchiveDamage(`it holds more than ${dataset.maxRecords} records, the dataset's limit`);
      last = index.records === 0 ? last : tickerOf(index, index.records - 1);
    }
    const blocked = isBlocked(open);
    const toc = blocked ? rebuildTocOf(open, dataset) : undefined;
    const members = blocked ? membersOf(open) : { count: 0, areClean: true };
    return {
      size,
      mtimeMs,
      members: members.count,
      sha256: hash.digest('hex'),
      rows,
      tickers,
      form: toc !== undefined && members.areClean ? 'barloom' : blocked ? 'blocks' : 'plain',
      offDay: quality.offDay,
      leftOut: quality.leftOut,
      holes: holes?.result() ?? NO_HOLES,
      toc,
    };
  });
}

/** Runs of records of one ticker, that of `before` not counted again. */
function groupsOf(index: DayIndex, before: Uint8Array | undefined): number {
  let groups = 0;
  for (let from = 0; from < index.records; from = endOfGroup(index, from)) groups++;
  const goesOn =
    groups > 0 && before !== undefined && Buffer.compare(before, tickerOf(index, inOrder(index, 0))) === 0;
  return goesOn ? groups - 1 : groups;
}

/** Of record `i`, a copy. */
function tickerOf({ tickerBytes, tickerStarts, tickerEnds }: DayIndex, i: number): Uint8Array {
  return tickerBytes.slice(tickerStarts[i], tickerEnds[i]);
}

function membersOf(open: OpenDayFile): Members {
  return lookAtMembers(open.size, (offset, length) => readAt(open, offset, length));
}
