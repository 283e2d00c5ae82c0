/** Whether keys may read a dataset: its newest day is looked up, and asked for without reading it. */
import { lastDueSession } from '#market/calendar/due.js';
import { addDays, type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { dayOfKey, monthPrefix } from '#market/datasets/key.js';
import { type RetryPolicy, retry } from '#platform/guard/retry.js';
import { SourceError } from '#platform/http/source-error.js';
import type { ListedObject, Source } from '#platform/s3/port.js';

export interface Access {
  /** `not-listed`: the vendor lists no day of this month or the last. */
  readonly state: 'allowed' | 'denied' | 'not-listed';
  /** The newest day that is listed, and how large it is, bytes. */
  readonly newest: { readonly day: IsoDay; readonly size: number } | null;
}

interface Asking {
  readonly now: Date;
  readonly signal: AbortSignal;
}

/**
 * The days of the newest month of which some are listed, ascending; undefined where none is of this month or
 * the last. Throws SourceError.
 */
export async function newestListed(
  dataset: Dataset,
  source: Source,
  { now, signal }: Asking,
): Promise<{ readonly month: string; readonly days: readonly ListedObject[] } | undefined> {
  const month = monthOf(lastDueSession(dataset.calendar, dataset.publication, now));
  // On the first of a month nothing of it may be out yet.
  for (const asked of [month, monthOf(addDays(`${month}-01`, -1))]) {
    const listed = await source.list(monthPrefix(dataset, asked), { signal });
    const days = listed.filter(({ key }) => dayOfKey(key) !== undefined);
    if (days.length > 0) return { month: asked, days };
  }
  return undefined;
}

/** `missing`: the vendor does not have that day, which says nothing of what may be read. */
export type Probed = 'allowed' | 'denied' | 'missing';

/** Asks for an object and reads none of it. Throws SourceError. */
export async function probe(source: Source, key: string, signal: AbortSignal): Promise<Probed> {
  try {
    const stream = await source.get(key, { signal });
    stream.cancel();
    return 'allowed';
  } catch (error) {
    if (error instanceof SourceError && error.kind === 'denied') return 'denied';
    if (error instanceof SourceError && error.kind === 'not-found') return 'missing';
    throw error;
  }
}

/** Throws SourceError, or the signal's reason. */
export async function accessTo(
  dataset: Dataset,
  source: Source,
  policy: RetryPolicy,
  asking: Asking,
): Promise<Access> {
  const newest = (await newestListed(dataset, source, asking))?.days.at(-1);
  if (newest === undefined) return { state: 'not-listed', newest: null };
  const { signal } = asking;
  const came = await retry(() => probe(source, newest.key, signal), { ...policy, signal });
  if (came === 'missing') return { state: 'not-listed', newest: null };
  return { state: came, newest: { day: dayOfKey(newest.key) ?? '', size: newest.size } };
}
