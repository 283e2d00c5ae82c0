/**
 * Which months of the table have to be made: those whose inputs are others than they were made from. A row of
 * a month is made of what was known until its end, so that a filing of today leaves all earlier months. Pure.
 */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { Partition } from '#store/lake/layout.js';

/** A file of an input table. */
export interface InputFile {
  readonly table: string;
  /** The month of its records' dates; '' where they have none. */
  readonly month: string;
  readonly mark: string;
}

export interface RatioMonth {
  readonly partition: Partition;
  readonly first: IsoDay;
  readonly last: IsoDay;
  readonly madeFrom: string;
}

/** `months`: those that have rows. `pricesOf`: what the closes around a month are made of. */
export function ratioMonths(
  months: readonly Partition[],
  inputs: readonly InputFile[],
  {
    version,
    reachOf,
    pricesOf,
  }: {
    readonly version: string;
    /** How far the list of dividends reaches, as far as a month is concerned. */
    readonly reachOf: (last: IsoDay) => string;
    readonly pricesOf: (first: IsoDay, last: IsoDay) => string;
  },
): readonly RatioMonth[] {
  const sorted = inputs.toSorted((a, b) => compare(a.month, b.month) || compare(a.table, b.table));
  return months.map((partition) => {
    const first = `${partition}-01`;
    const last = addDays(addDays(first, 31).slice(0, 8).concat('01'), -1);
    const used = sorted.filter(({ month }) => month <= partition);
    const marks = used.map(({ table, month, mark }) => `${table} ${month} ${mark}`);
    return {
      partition,
      first,
      last,
      madeFrom: sha256([version, reachOf(last), ...marks, pricesOf(first, last)].join('\n')),
    };
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
