/**
 * The lines of one series and day out of the archive, a stretch of them at a time: memory does not grow with
 * how many they are.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { EVENING_MARK } from '#market/calendar/trade-date.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isOfBars } from '#market/datasets/series-form.js';
import { rangeOf } from '#market/datasets/series-key.js';
import { newBlockWriter } from '#market/records/block-rows.js';
import { firstNotBelow } from '#market/records/day-index.js';
import { collectBuffers } from '#platform/threads/collect.js';
import type { ArchiveStore } from './store.js';

/**
 * `take` gets each stretch's lines with `\n` between them, valid until the next, until it has enough. Returns
 * whether they ascend by their moments from stretch to stretch: where they do not, the day has to be taken
 * whole (`takeRows`). Throws ArchiveDamage or the disk's error.
 */
export function eachBlock(
  { archive, dataset }: { readonly archive: ArchiveStore; readonly dataset: Dataset },
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
      const first = stampAt(block, 0);
      // Trades can share a moment, bars cannot.
      ascends &&= isOfBars(dataset.series) ? first > last : first >= last;
      last = stampAt(block, block.lastIndexOf('\n') + 1);
    }
    return take(block);
  });
  return ascends;
}

/** Of the line that begins there, as text that sorts. */
function stampAt(block: Buffer, at: number): string {
  return block.toString('latin1', at, block.indexOf(',', at)).replaceAll(EVENING_MARK, '');
}
