/**
 * Some tickers' records out of a large day that has no table of contents to find them by: all of it is read,
 * a piece at a time, and what is wanted is kept.
 */
import type { DayRules } from '#market/datasets/dataset.js';
import { type DayIndex, firstNotBelow, inOrder } from '#market/records/day-index.js';
import { indexArchived } from './build-toc.js';
import type { OpenDayFile } from './day-file.js';
import { textsOfDay } from './day-texts.js';
import { missingLineEnd } from './members.js';
import { textPieces } from './text-pieces.js';

/** Tickers from `from` on (included) and below `to`; undefined: no bound. */
export interface Bounds {
  readonly from: Uint8Array | undefined;
  readonly to: Uint8Array | undefined;
}

/** Each piece's index, in the order of the text. Throws ArchiveDamage or the disk's error. */
export function* piecesOfDay(open: OpenDayFile, rules: DayRules): Generator<DayIndex> {
  for (const { text } of textPieces(textsOfDay(open, rules))) yield indexArchived(text, rules);
}

/** The day as if it held nothing but the records within these bounds. Throws as above. */
export function gatherDay(open: OpenDayFile, wanted: readonly Bounds[], rules: DayRules): DayIndex {
  const parts: Uint8Array[] = [];
  for (const index of piecesOfDay(open, rules)) {
    if (parts.length === 0) parts.push(index.text.slice(0, index.headerEnd));
    const marked = new Uint8Array(index.records);
    for (const { from, to } of wanted) {
      const end = to === undefined ? index.records : firstNotBelow(index, to);
      for (let k = from === undefined ? 0 : firstNotBelow(index, from); k < end; k++)
        marked[inOrder(index, k)] = 1;
    }
    addMarked(index, marked, parts);
  }
  return indexArchived(Buffer.concat(parts), rules);
}

function addMarked({ text, starts, records }: DayIndex, marked: Uint8Array, parts: Uint8Array[]): void {
  for (let first = marked.indexOf(1); first >= 0; ) {
    const found = marked.indexOf(0, first);
    const next = found < 0 ? records : found;
    const part = text.slice(starts[first], starts[next]);
    parts.push(part);
    const lineEnd = next === records ? missingLineEnd(part) : undefined;
    if (lineEnd !== undefined) parts.push(lineEnd);
    first = next === records ? -1 : marked.indexOf(1, next);
  }
}
