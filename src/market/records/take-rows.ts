/**
 * What series want of a day: the bars of single tickers, or blocks of lines (block-rows.ts), of some or of
 * all.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { DayRules } from '#market/datasets/dataset.js';
import { isLineADay } from '#market/datasets/series-form.js';
import { endOfKey, rangeOf } from '#market/datasets/series-key.js';
import { newBlockWriter } from './block-rows.js';
import { compareSpans } from './bytes.js';
import { type DayIndex, endOfGroup, findTicker, firstNotBelow, inOrder, lastBarRecord } from './day-index.js';
import { newPacker, type TakenRows } from './taken-rows.js';

/**
 * The wanted series, or every one. `wanted`: UTF-8, ascending by bytes, so that the rows are. Of several bars
 * of one ticker the last counts.
 */
export function takeRows(
  index: DayIndex,
  wanted: readonly Uint8Array[] | '*',
  rules: DayRules,
  day: IsoDay,
): TakenRows {
  if (wanted === '*') return takeSlice(index, undefined, undefined, rules, day);
  const packer = newPacker();
  const blocks = isLineADay(rules.series) ? undefined : newBlockWriter(rules, day);
  for (const key of wanted) {
    if (blocks === undefined) {
      const { from, to } = findTicker(index, key);
      packer.addBar(index, lastBarRecord(index, from, to));
      continue;
    }
    const range = rangeOf(key, rules.series);
    const from = firstNotBelow(index, range.from);
    const block = blocks.block(index, from, firstNotBelow(index, range.to), key);
    if (block.length > 0) packer.addBlock(key, block);
  }
  return packer.finish();
}

/**
 * Every series whose records are of tickers from `from` on (included) and below `to`; undefined: no bound. No
 * series may go beyond a bound.
 */
export function takeSlice(
  index: DayIndex,
  from: Uint8Array | undefined,
  to: Uint8Array | undefined,
  rules: DayRules,
  day: IsoDay,
): TakenRows {
  const packer = newPacker();
  const end = to === undefined ? index.records : firstNotBelow(index, to);
  const blocks = isLineADay(rules.series) ? undefined : newBlockWriter(rules, day);
  let k = from === undefined ? 0 : firstNotBelow(index, from);
  // The records of a series are a range, in which those of another can lie (AB1CD among those of AB).
  let behindRange = k;
  let last: Uint8Array | undefined;
  const taken = new Set<string>();
  while (k < end) {
    const next = endOfGroup(index, k);
    if (blocks === undefined) packer.addBar(index, lastBarRecord(index, k, next));
    else {
      const key = keyAt(index, k, rules);
      if (key !== undefined && !isSame(key, last)) {
        if (k >= behindRange) taken.clear();
        const name = Buffer.from(key).toString('latin1');
        if (!taken.has(name)) {
          taken.add(name);
          const rangeEnd = firstNotBelow(index, rangeOf(key, rules.series).to);
          behindRange = Math.max(behindRange, rangeEnd);
          const block = blocks.block(index, k, rangeEnd, key);
          if (block.length > 0) packer.addBlock(key, block);
        }
        last = key;
      }
    }
    k = next;
  }
  return packer.finish();
}

/** The name of the series that the record at position `k` belongs to; undefined where it belongs to none. */
function keyAt(index: DayIndex, k: number, { series }: DayRules): Uint8Array | undefined {
  const { tickerBytes, tickerStarts, tickerEnds } = index;
  const i = inOrder(index, k);
  const start = tickerStarts[i] as number;
  const end = endOfKey(tickerBytes, start, tickerEnds[i] as number, series);
  return end < 0 ? undefined : tickerBytes.subarray(start, end);
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && compareSpans(a, 0, a.length, b, 0, b.length) === 0;
}
