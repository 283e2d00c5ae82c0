/** The vendor's keys: `{prefix}/{YYYY}/{MM}/{YYYY-MM-DD}.csv.gz`. The day of a file is the day in its key. */
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from './dataset.js';

/** `month` is `YYYY-MM`. */
export function monthPrefix(dataset: Dataset, month: string): string {
  return `${dataset.prefix}/${month.slice(0, 4)}/${month.slice(5, 7)}/`;
}

export function dayFileName(day: IsoDay): string {
  return `${day}.csv.gz`;
}

/** The day that a key or file name gives, or undefined where it is no day file's. */
export function dayOfKey(key: string): IsoDay | undefined {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const day = name.slice(0, 10);
  return name === dayFileName(day) && isIsoDay(day) ? day : undefined;
}
