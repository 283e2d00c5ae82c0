/**
 * Companies that were renamed while they were listed: traded on from one session to the next, under another
 * ticker. Known ones with their day, and one in ten of the invented ones that came after August 2019.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isSessionNumber, numberOfWeekday } from './day-number.js';
import { mix32 } from './hash.js';
import type { ListedSplit } from './splits.js';
import { weekdayIndex } from './weekday-index.js';

/** `day`: the first session under the new name. */
export const RENAMES: readonly { readonly before: string; readonly after: string; readonly day: IsoDay }[] = [
  { before: 'FB', after: 'META', day: '2022-06-09' },
];

export interface Renamable {
  readonly ticker: string;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly splits?: readonly ListedSplit[];
}

export interface FormerName {
  readonly ticker: string;
  /** The last weekday under it. */
  readonly until: number;
}

/** The older market, and the last nine months of the newer, stay what they always were. */
const FIRST = weekdayIndex('2019-08-12');
const LAST = weekdayIndex('2026-02-20');
const SALT = 0x4e3;

/**
 * Three letters of the name, and two that hardly any other has. Not of listings that split: whose split it
 * was would be a question.
 */
export function formerName({ ticker, from, to, seed, splits }: Renamable): FormerName | undefined {
  const hash = mix32(seed ^ SALT) >>> 0;
  if (!/^[A-Z]{3,4}$/.test(ticker) || splits?.length !== 0 || hash % 10 !== 0) return undefined;
  let until = from + 120 + ((hash >>> 8) % 300);
  while (!isSessionNumber(numberOfWeekday(until + 1))) until += 1;
  if (from <= FIRST || until >= LAST || until >= to - 20) return undefined;
  return { ticker: `${ticker.slice(0, 3)}QZ`, until };
}
