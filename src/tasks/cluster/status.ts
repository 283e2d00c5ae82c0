/** What a bucket holds, how quickly it is filled, and what of its newest plan is left. */

import { parsePlan } from '#ingest/cluster/read-plan.js';
import { etagOf, isDead } from '#ingest/cluster/run-task.js';
import type { ClusterPlan } from '#ingest/cluster/task.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { type Cluster, readCluster } from '#store/bucket/cluster-file.js';
import {
  allFailuresPrefix,
  allManifestsPrefix,
  datasetOfKey,
  etagMark,
  type FailureKind,
  plansPrefix,
  readFailureKey,
} from '#store/bucket/keys.js';
import type { DayManifest } from '#store/bucket/manifest.js';
import type { Manifests } from '#store/bucket/manifests.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';

export interface ClusterStatus {
  readonly cluster: Cluster;
  readonly datasets: readonly DatasetStatus[];
  /** Undefined where nothing was planned. */
  readonly plan: PlanStatus | undefined;
}

export interface DatasetStatus {
  readonly dataset: string;
  readonly days: number;
  readonly first: IsoDay | undefined;
  readonly last: IsoDay | undefined;
  /** Days of which the vendor's file was replaced since. */
  readonly replaced: number;
  readonly archiveBytes: number;
  readonly textBytes: number;
  /** Days whose manifest cannot be read, with why. */
  readonly unreadable: readonly DayReason[];
  /** Not done, and failed less than three times. */
  readonly damaged: readonly DayReason[];
  /** Given up: not tried again until `cluster retry`. */
  readonly dead: readonly DayReason[];
  readonly slowest: readonly { readonly day: IsoDay; readonly seconds: number }[];
}

export interface DayReason {
  readonly day: IsoDay;
  readonly why: string;
}

export interface PlanStatus {
  readonly id: string;
  readonly tasks: number;
  readonly days: {
    readonly planned: number;
    readonly done: number;
    readonly dead: number;
    readonly left: number;
  };
  readonly bytesLeft: number;
  /** Of what was committed within the last hour; undefined where that is nothing. */
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

export interface StatusTools {
  readonly bucket: OpenBucket;
  readonly manifestsOf: (dataset: string) => Manifests;
  readonly now: Date;
}

const SLOWEST = 3;
const RATE_MS = 3_600_000;

/** Throws BucketError, or SourceError. */
export async function clusterStatus({ bucket, manifestsOf, now }: StatusTools): Promise<ClusterStatus> {
  const { prefix } = bucket.place;
  const cluster = await readCluster(bucket);
  const failures = await readFailures(bucket);
  const start = allManifestsPrefix(prefix);
  const names = (await bucket.list(start)).flatMap(({ key }) => datasetOfKey(start, key, 2) ?? []);
  const found = new Map(
    [...new Set([...names, ...failures.keys()])]
      .sort()
      .map((dataset) => [dataset, manifestsIn(manifestsOf(dataset))]),
  );
  const plan = await newestPlan(bucket);
  return {
    cluster,
    datasets: [...found].map(([dataset, of]) => statusOf(dataset, of, failures.get(dataset) ?? [])),
    plan: plan === undefined ? undefined : planStatus(plan, found, failures, now),
  };
}

interface Found {
  readonly sound: ReadonlyMap<IsoDay, DayManifest>;
  readonly unreadable: readonly DayReason[];
}

function manifestsIn(manifests: Manifests): Found {
  const sound = new Map<IsoDay, DayManifest>();
  const unreadable: DayReason[] = [];
  manifests.ahead(manifests.days());
  for (const day of manifests.days()) {
    try {
      sound.set(day, manifests.of(day));
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
      unreadable.push({ day, why: error.message });
    }
  }
  return { sound, unreadable };
}

interface FailedFile {
  readonly day: IsoDay;
  readonly mark: string;
  readonly kinds: readonly FailureKind[];
  readonly why: string;
}

/** By dataset; of each of the vendor's files the last reason. */
async function readFailures(bucket: OpenBucket): Promise<ReadonlyMap<string, readonly FailedFile[]>> {
  const { prefix } = bucket.place;
  const start = allFailuresPrefix(prefix);
  const files = new Map<
    string,
    { dataset: string; day: IsoDay; mark: string; kinds: FailureKind[]; key: string }
  >();
  for (const { key } of await bucket.list(start)) {
    const dataset = datasetOfKey(start, key, 2);
    const failure = dataset === undefined ? undefined : readFailureKey(prefix, dataset, key);
    if (dataset === undefined || failure === undefined) continue;
    const { day, mark, kind } = failure;
    const name = `${dataset} ${day} ${mark}`;
    const before = files.get(name)?.kinds ?? [];
    files.set(name, { dataset, day, mark, kinds: [...before, kind], key });
  }
  const all = await Promise.all(
    [...files.values()].map(async ({ key, ...of }) => ({ ...of, why: reasonIn(await bucket.read(key)) })),
  );
  const byDataset = new Map<string, FailedFile[]>();
  for (const { dataset, ...of } of all) byDataset.set(dataset, [...(byDataset.get(dataset) ?? []), of]);
  return byDataset;
}

function reasonIn(text: string | undefined): string {
  try {
    const { why } = Object(JSON.parse(text ?? '')) as { readonly why?: unknown };
    return typeof why === 'string' ? why : 'it does not say why';
  } catch {
    return 'it does not say why';
  }
}

function statusOf(
  dataset: string,
  { sound, unreadable }: Found,
  failed: readonly FailedFile[],
): DatasetStatus {
  const days = [...sound.keys()];
  const manifests = [...sound.values()];
  const open = failed.filter(({ day, mark }) => !isDone(sound.get(day), mark));
  const reasons = (dead: boolean): readonly DayReason[] =>
    open.filter(({ kinds }) => isDead(kinds) === dead).map(({ day, why }) => ({ day, why }));
  return {
    dataset,
    days: days.length,
    first: days[0],
    last: days.at(-1),
    replaced: manifests.filter(({ generation }) => generation > 1).length,
    archiveBytes: manifests.reduce((sum, { archive }) => sum + archive.bytes, 0),
    textBytes: manifests.reduce((sum, { archive }) => sum + archive.textBytes, 0),
    unreadable,
    damaged: reasons(false),
    dead: reasons(true),
    slowest: manifests
      .flatMap(({ day, seconds }) => (seconds === undefined ? [] : [{ day, seconds }]))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, SLOWEST),
  };
}

/** `mark`: of the vendor's file. */
function isDone(manifest: DayManifest | undefined, mark: string): boolean {
  return manifest !== undefined && etagMark(manifest.vendor.etag) === mark;
}

async function newestPlan(
  bucket: OpenBucket,
): Promise<{ readonly id: string; readonly plan: ClusterPlan } | undefined> {
  const start = plansPrefix(bucket.place.prefix);
  const listed = await bucket.list(start);
  const [newest] = [...listed].sort(
    (a, b) => (b.lastModified?.getTime() ?? 0) - (a.lastModified?.getTime() ?? 0),
  );
  if (newest === undefined) return undefined;
  const plan = parsePlan(await bucket.read(newest.key), bucket.nameOf(newest.key));
  return { id: newest.key.slice(start.length).replace(/\.json$/, ''), plan };
}

function planStatus(
  { id, plan }: { readonly id: string; readonly plan: ClusterPlan },
  found: ReadonlyMap<string, Found>,
  failures: ReadonlyMap<string, readonly FailedFile[]>,
  now: Date,
): PlanStatus {
  let done = 0;
  let dead = 0;
  let bytesLeft = 0;
  let recent = 0;
  let since = now.getTime();
  const planned = plan.tasks.flatMap(({ dataset, days }) => days.map((day) => ({ dataset, ...day })));
  for (const { dataset, day, object } of planned) {
    const mark = etagMark(etagOf(object));
    const manifest = found.get(dataset)?.sound.get(day);
    if (manifest !== undefined && isDone(manifest, mark)) {
      done++;
      const at = Date.parse(manifest.writtenAt);
      if (at <= now.getTime() - RATE_MS) continue;
      recent += object.size;
      since = Math.min(since, at - 1000 * (manifest.seconds ?? 0));
    } else if (
      failures.get(dataset)?.some((one) => one.day === day && one.mark === mark && isDead(one.kinds))
    )
      dead++;
    else bytesLeft += object.size;
  }
  const seconds = (now.getTime() - since) / 1000;
  const bytesPerSecond = recent > 0 && seconds > 0 ? recent / seconds : undefined;
  return {
    id,
    tasks: plan.tasks.length,
    days: { planned: planned.length, done, dead, left: planned.length - done - dead },
    bytesLeft,
    bytesPerSecond,
    secondsLeft: bytesPerSecond === undefined ? undefined : bytesLeft / bytesPerSecond,
  };
}
