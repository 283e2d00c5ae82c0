/**
 * One LIST a month, newest first, a few at once: presence, size, ETag and time of every day file without
 * probing for any.
 */
import pLimit from 'p-limit';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { dayFileName, dayOfKey, monthPrefix } from '#market/datasets/key.js';
import type { ListedObject } from '#platform/s3/port.js';
import type { Failure } from './failure.js';
import type { PopulateContext } from './request.js';
import type { Vendor } from './vendor.js';

export type Listings = ReadonlyMap<string, ReadonlyMap<IsoDay, ListedObject>>;

const AT_ONCE = 4;

/** A failure ends the listing; what was listed until then is returned beside it. */
export async function listMonths(
  months: readonly string[],
  dataset: Dataset,
  vendor: Vendor,
  context: Pick<PopulateContext, 'signal' | 'emit'>,
): Promise<{ readonly byMonth: Listings; readonly failure: Failure | undefined }> {
  const byMonth = new Map<string, ReadonlyMap<IsoDay, ListedObject>>();
  if (months.length === 0) return { byMonth, failure: undefined };
  const limit = pLimit(AT_ONCE);
  let failure: Failure | undefined;
  await Promise.all(
    months.map((month) =>
      limit(async () => {
        if (failure !== undefined) return;
        try {
          byMonth.set(month, await listMonth(month, dataset, vendor, context.signal));
          context.emit({ type: 'listing', done: byMonth.size, months: months.length });
        } catch (error) {
          failure ??= { error, while: `listing ${month}` };
        }
      }),
    ),
  );
  return { byMonth, failure };
}

export async function listMonth(
  month: string,
  dataset: Dataset,
  vendor: Vendor,
  signal: AbortSignal,
): Promise<ReadonlyMap<IsoDay, ListedObject>> {
  const source = await vendor.source();
  const days = new Map<IsoDay, ListedObject>();
  const prefix = monthPrefix(dataset, month);
  for (const object of await source.list(prefix, { signal })) {
    const day = dayOfKey(object.key);
    // Exactly the key: what lies deeper under the month (an old version put aside) is not the day's file.
    if (day?.startsWith(month) === true && object.key === prefix + dayFileName(day)) days.set(day, object);
  }
  return days;
}
