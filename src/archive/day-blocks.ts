/** The lines of one series and day out of the archive, a stretch of them at a time: memory does not grow with how many they are. */
import type { IsoDay } from '../calendar/iso-day.js';
import { newBlockWriter } from '../flatfile/block-rows.js';
import type { Dataset } from '../flatfile/dataset.js';
import { firstNotBelow } from '../flatfile/day-index.js';
import { rangeOf } from '../flatfile/series-key.js';
import { collectBuffers } from '../threads/collect.js';
import type { ArchiveStore } from './store.js';

/**
 * `take` gets each stretch's lines with `\n` between them, valid until the next, until it has enough. Returns whether they ascend by their moments
 * from stretch to stretch: where they do not, the day has to be taken whole (`takeRows`). Throws ArchiveDamage or the disk's error.
 */
export function eachBlock(
  archive: ArchiveStore,
  dataset: Dataset,
  day: IsoDay,
  key: Uint8Array,
  take: (block: Buffer) => undefined | 'enough',
): boolean {
  const range = rangeOf(key, dataset.series);
  const writer = newBlockWriter(dataset, day);
  let last = '';
  let ascends = true;
  archive.stretchesOf(day, range, (index) => {
    // Its members, their texts, those in one, and the lines.
    collectBuffers(4 * index.text.length);
    const lines = writer.block(index, firstNotBelow(index, range.from), firstNotBelow(index, range.to), key);
    if (lines.length === 0) return undefined;
    const block = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
    if (dataset.series.of === 'ticker') {
      const first = block.toString('latin1', 0, block.indexOf(','));
      // Trades can share a moment, bars cannot.
      ascends &&= dataset.records === 'ticks' ? first >= last : first > last;
      last = block.toString('latin1', block.lastIndexOf('\n') + 1).split(',', 1)[0] ?? '';
    }
    return take(block);
  });
  return ascends;
}
