/**
 * `lake prune`: the oldest days go out of bronze; a file that holds some that stay is written again without
 * them. The archive keeps them.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { syncFolder } from '#platform/disk/durable.js';
import { type Bronze, openBronze } from '#store/lake/bronze.js';
import { writeBronze } from '#store/lake/bronze-writer.js';
import { daysOf, writeBuilt } from '#store/lake/built.js';
import { type Partition, partitionFile } from '#store/lake/layout.js';
import { noteFile } from './build-file.js';
import type { LakeTools, OpenLake } from './open-lake.js';

export interface LakePrunePlan {
  readonly dataset: string;
  /** The first day that stays; undefined where nothing is built. */
  readonly keepFrom: IsoDay | undefined;
  readonly days: readonly IsoDay[];
  /** Files that go, and those that are written again. */
  readonly remove: readonly Partition[];
  readonly rewrite: readonly Partition[];
  /** Of the files that go. */
  readonly bytes: number;
}

/** `keepDays`: calendar days up to the newest day that is built. */
export async function planLakePrune(
  { name }: Dataset,
  keepDays: number,
  lake: OpenLake,
  layout: LakeTools['layout'],
): Promise<LakePrunePlan> {
  return planOf(await openBronze(layout, name, lake.duck), name, keepDays);
}

function planOf({ built }: Bronze, dataset: string, keepDays: number): LakePrunePlan {
  const days = [...daysOf(built).keys()].sort();
  const newest = days.at(-1);
  const keepFrom = newest === undefined ? undefined : addDays(newest, 1 - keepDays);
  const isOld = (day: IsoDay): boolean => keepFrom !== undefined && day < keepFrom;
  const old = [...built].filter(([, file]) => [...file.days.keys()].some(isOld));
  const isAllOld = ([, file]: (typeof old)[number]): boolean => [...file.days.keys()].every(isOld);
  const remove = old.filter(isAllOld);
  return {
    dataset,
    keepFrom,
    days: days.filter(isOld),
    remove: remove.map(([partition]) => partition),
    rewrite: old.filter((one) => !isAllOld(one)).map(([partition]) => partition),
    bytes: remove.reduce((sum, [, { stamp }]) => sum + stamp.size, 0),
  };
}

/**
 * Of what is to go by now, the days that were agreed to. Recorded before anything goes, so that no build
 * brings it back.
 */
export async function pruneBronze(
  dataset: Dataset,
  keepDays: number,
  lake: OpenLake,
  { layout, signal }: LakeTools,
): Promise<LakePrunePlan> {
  const bronze = await openBronze(layout, dataset.name, lake.duck);
  const plan = planOf(bronze, dataset.name, keepDays);
  const { keepFrom, remove, rewrite } = plan;
  if (keepFrom === undefined || plan.days.length === 0) return plan;
  await writeBuilt(bronze.folder, { files: bronze.built, keepFrom });
  for (const partition of remove) {
    signal.throwIfAborted();
    await lake.checkLock();
    const file = path.join(bronze.folder, partitionFile(partition));
    await rm(file, { force: true });
    await syncFolder(path.dirname(file));
    bronze.built.delete(partition);
  }
  for (const partition of rewrite) {
    signal.throwIfAborted();
    const kept = new Map([...(bronze.built.get(partition)?.days ?? [])].filter(([day]) => day >= keepFrom));
    const file = path.join(bronze.folder, partitionFile(partition));
    const days = await writeBronze({ file, kept, texts: [] }, dataset, await lake.duck(), lake.checkLock);
    await noteFile(bronze, partition, days, await lake.duck());
  }
  await writeBuilt(bronze.folder, { files: bronze.built, keepFrom });
  return plan;
}
