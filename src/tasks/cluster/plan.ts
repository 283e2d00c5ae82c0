/** From what a bucket lacks to tasks, and a plan of them in the bucket, under the hash of what it says. */
import { tasksOf } from '#ingest/cluster/group-days.js';
import { type ClusterPlan, type ClusterTask, PLAN_FORMAT } from '#ingest/cluster/task.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { planKey } from '#store/bucket/keys.js';
import type { OpenBucket } from '#store/bucket/open-bucket.js';
import { daysOfRange, type LackingTools } from './lacking-days.js';

export interface PlanRange {
  readonly dataset: Dataset;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
}

export interface DatasetPlan extends PlanRange {
  readonly listed: number;
  readonly done: number;
  /** Given up before, and not planned. */
  readonly dead: number;
  readonly missing: readonly IsoDay[];
  readonly tasks: readonly ClusterTask[];
  /** Compressed, to be downloaded. */
  readonly bytes: number;
}

/** Throws as `daysOfRange`. */
export async function planDataset(of: PlanRange, tools: LackingTools): Promise<DatasetPlan> {
  const { listed, done, dead, missing } = await daysOfRange(of.dataset, of.range, tools);
  const lacking = new Set(listed.map(({ day }) => day).filter((day) => !done.has(day) && !dead.has(day)));
  const tasks = tasksOf(of.dataset.name, listed, lacking);
  const given = [...dead].filter((day) => !done.has(day)).length;
  const bytes = tasks.reduce((sum, task) => sum + task.bytes, 0);
  return { ...of, listed: listed.length, done: done.size, dead: given, missing, tasks, bytes };
}

export interface WrittenPlan {
  readonly id: string;
  readonly key: string;
}

/** The same tasks are the same plan, once. */
export async function writePlan(
  tasks: readonly ClusterTask[],
  source: SourceIdentity,
  bucket: OpenBucket,
): Promise<WrittenPlan> {
  const { endpoint, bucket: name } = source;
  const plan: ClusterPlan = { format: PLAN_FORMAT, source: { endpoint, bucket: name }, tasks };
  const text = `${JSON.stringify(plan)}\n`;
  const id = sha256(text).slice(0, 16);
  const key = planKey(bucket.place.prefix, id);
  await bucket.create(key, Buffer.from(text));
  return { id, key };
}
