/**
 * What is done with a piece of a day's text: its records indexed and judged, and written as members of the
 * archive file in ticker order. Runs in a worker thread; the pieces are put behind one another elsewhere.
 */

import type { DayRules, MemberForm } from '#market/datasets/dataset.js';
import type { DayWindow } from '#market/datasets/day-window.js';
import { type DayIndex, inOrder, sameTicker } from '#market/records/day-index.js';
import { type DayQuality, qualityOf } from '#market/records/quality.js';
import { collectBuffers } from '#platform/threads/collect.js';
import { writeMembers } from '#store/archive/members.js';
import { indexVendor } from './index-vendor.js';

export interface PieceJob {
  readonly kind: 'piece';
  readonly text: Uint8Array<ArrayBuffer>;
  readonly rules: DayRules;
  readonly memberForm: MemberForm;
  readonly window: DayWindow;
}

export interface WorkedPiece {
  /** The job's, handed back. */
  readonly text: Uint8Array<ArrayBuffer>;
  /** Members of blocked gzip: of the records alone, in ticker order. */
  readonly members: Uint8Array<ArrayBuffer>;
  /**
   * Where each of them begins that a record begins with, and the ticker of that record; of several with one
   * ticker the first.
   */
  readonly cuts: readonly { readonly offset: number; readonly ticker: Uint8Array }[];
  readonly records: number;
  /** The highest ticker. */
  readonly last: Uint8Array;
  /** Whether the piece's records were in ticker order. */
  readonly sorted: boolean;
  readonly quality: DayQuality;
}

/** Throws SourceError 'damaged'. */
export function workPiece({ text, rules, memberForm, window }: PieceJob): WorkedPiece {
  const index = indexVendor(text, rules);
  collectBuffers(2 * text.length);
  const { bytes, cuts, index: ordered } = writeMembers(index, memberForm);
  return {
    text,
    members: bytes,
    cuts: cuts
      .filter(
        ({ record }, c) =>
          c === 0 || !sameTicker(ordered, (cuts[c - 1] as { record: number }).record, record),
      )
      .map(({ offset, record }) => ({ offset, ticker: tickerBytes(ordered, record) })),
    records: index.records,
    last: index.records === 0 ? new Uint8Array(0) : tickerBytes(index, inOrder(index, index.records - 1)),
    sorted: index.sorted,
    quality: qualityOf(index, window, rules.series),
  };
}

function tickerBytes({ tickerBytes: bytes, tickerStarts, tickerEnds }: DayIndex, i: number): Uint8Array {
  return bytes.slice(tickerStarts[i], tickerEnds[i]);
}
