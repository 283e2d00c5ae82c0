/** Which of the vendor's days a bucket lacks: calendar, listing and manifests, in one place. */
import { etagOf, isDead } from '#ingest/cluster/run-task.js';
import type { ClusterDay } from '#ingest/cluster/task.js';
import { dayObject } from '#ingest/day/day-object.js';
import { listMonths } from '#ingest/run/list-months.js';
import { lastOverdueSession } from '#market/calendar/due.js';
import { type IsoDay, monthsBetween } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { Source } from '#platform/s3/port.js';
import { etagMark, type FailureKind, failuresPrefix, readFailureKey } from '#store/bucket/keys.js';
import type { Manifests } from '#store/bucket/manifests.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';

export interface DaysOfRange {
  /** What the vendor has in the range, ascending. */
  readonly listed: readonly ClusterDay[];
  /** Those that the bucket has, as the vendor has them now. */
  readonly done: ReadonlySet<IsoDay>;
  /** Those that were given up. */
  readonly dead: ReadonlySet<IsoDay>;
  /** Sessions that are overdue and not listed. */
  readonly missing: readonly IsoDay[];
}

export interface LackingTools {
  readonly source: Source;
  readonly bucket: OpenBucket;
  readonly manifestsOf: (dataset: Dataset) => Manifests;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly onListed: (done: number, months: number) => void;
}

/** Throws SourceError, ArchiveDamage where a manifest cannot be read, or the signal's reason. */
export async function daysOfRange(
  dataset: Dataset,
  { start, end }: { readonly start: IsoDay; readonly end: IsoDay },
  tools: LackingTools,
): Promise<DaysOfRange> {
  const { source, signal } = tools;
  const { byMonth, failure } = await listMonths(
    monthsBetween(start, end),
    dataset,
    { source: async () => source, close: () => undefined },
    {
      signal,
      emit: (event) => {
        if (event.type === 'listing') tools.onListed(event.done, event.months);
      },
    },
  );
  if (failure !== undefined) throw failure.error;
  const listed = [...byMonth.values()]
    .flatMap((days) => [...days])
    .filter(([day]) => day >= start && day <= end)
    .map(([day, object]) => ({ day, object: dayObject(object) }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  const manifests = tools.manifestsOf(dataset);
  const there = listed.filter(({ day }) => manifests.has(day));
  manifests.ahead(there.map(({ day }) => day));
  const done = there.filter(({ day, object }) => manifests.of(day).vendor.etag === etagOf(object));
  const failures = await failuresOf(dataset, tools.bucket);
  const isListed = new Set(listed.map(({ day }) => day));
  const last = lastOverdueSession(dataset.calendar, dataset.publication, tools.now);
  return {
    listed,
    done: new Set(done.map(({ day }) => day)),
    dead: new Set(
      listed
        .filter(({ day, object }) => isDead(failures.get(`${day} ${etagMark(etagOf(object))}`) ?? []))
        .map(({ day }) => day),
    ),
    missing: dataset.calendar.sessions(start, end < last ? end : last).filter((day) => !isListed.has(day)),
  };
}

/** By day and mark of the vendor's file. */
export async function failuresOf(
  dataset: Dataset,
  bucket: OpenBucket,
): Promise<ReadonlyMap<string, readonly FailureKind[]>> {
  const { prefix } = bucket.place;
  const found = new Map<string, FailureKind[]>();
  for (const { key } of await bucket.list(failuresPrefix(prefix, dataset.name))) {
    const failure = readFailureKey(prefix, dataset.name, key);
    if (failure === undefined) continue;
    const name = `${failure.day} ${failure.mark}`;
    found.set(name, [...(found.get(name) ?? []), failure.kind]);
  }
  return found;
}
