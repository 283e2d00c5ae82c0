/** Whether keys may read a dataset: its newest day is looked up, and asked for without reading it. */
import { lastDueSession } from '../calendar/due.js';
import { addDays, type IsoDay, monthOf } from '../calendar/iso-day.js';
import type { Dataset } from '../flatfile/dataset.js';
import { dayOfKey, monthPrefix } from '../flatfile/key.js';
import { SourceError } from '../source/errors.js';
import type { Source } from '../source/port.js';
import { type RetryPolicy, retry } from '../source/retry.js';

export interface Access {
  /** `not-listed`: the vendor lists no day of this month or the last. */
  readonly state: 'allowed' | 'denied' | 'not-listed';
  /** The newest day that is listed, and how large it is, bytes. */
  readonly newest: { readonly day: IsoDay; readonly size: number } | null;
}

/** Throws SourceError, or the signal's reason. */
export async function accessTo(
  dataset: Dataset,
  source: Source,
  policy: RetryPolicy,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<Access> {
  const month = monthOf(lastDueSession(dataset.calendar, dataset.publication, now));
  // On the first of a month nothing of it may be out yet.
  for (const asked of [month, monthOf(addDays(`${month}-01`, -1))]) {
    const listed = await source.list(monthPrefix(dataset, asked), { signal });
    const newest = listed.filter(({ key }) => dayOfKey(key) !== undefined).at(-1);
    if (newest === undefined) continue;
    const found = { day: dayOfKey(newest.key) ?? '', size: newest.size };
    try {
      const stream = await retry(() => source.get(newest.key, { signal }), { ...policy, signal });
      stream.cancel();
      return { state: 'allowed', newest: found };
    } catch (error) {
      if (error instanceof SourceError && error.kind === 'denied') return { state: 'denied', newest: found };
      throw error;
    }
  }
  return { state: 'not-listed', newest: null };
}
