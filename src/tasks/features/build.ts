/**
 * `features build` of one dataset: silver out of bronze, only the files whose inputs or rules have changed.
 * What it makes is a function of the days in bronze alone: a file of days that bronze has no more goes, and a
 * value that would have to look further back than bronze reaches is null.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { FeatureSet } from '#market/features/formula.js';
import { recordDerived, writeDerived } from '#store/lake/derived.js';
import { type Partition, partitionFile } from '#store/lake/layout.js';
import type { LakeTools, OpenLake } from '#tasks/lake/open-lake.js';
import { batchesOf, type FeatureMaterials, openFeatures, queriesOf } from './materials.js';

export interface FeatureRequest {
  readonly dataset: Dataset;
  readonly set: FeatureSet;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly force: boolean;
  readonly dryRun: boolean;
  /** Files that are not to be believed: what a repair makes again. */
  readonly distrusted?: ReadonlySet<Partition>;
}

export interface FeatureResult {
  readonly dataset: string;
  /** Made now, or to be made. */
  readonly files: number;
  readonly unchanged: number;
  /** Files of days that are not in bronze any more. */
  readonly removed: number;
  readonly rows: number;
  /** Whether days are compared on one share basis, with the splits of the tables. */
  readonly adjusted: 'splits' | 'none';
  /**
   * Where files that are made look back to days that `lake prune` has removed: the first day that was kept.
   * What looks further back is null.
   */
  readonly history_from: IsoDay | null;
}

/**
 * Throws LakeError, LockedError, the disk's error, or the signal's reason; what is built by then is recorded.
 */
export async function buildFeatures(
  { dataset, set, range, force, dryRun, distrusted = new Set() }: FeatureRequest,
  lake: OpenLake,
  { layout, signal }: LakeTools,
  hear: (partition: Partition, rows: number) => void,
): Promise<FeatureResult> {
  const materials = await openFeatures({ dataset, set }, lake, layout);
  const { bronze, derived, shares, files } = materials;
  const inRange = files.filter(({ first, last }) => last >= range.start && first <= range.end);
  const needed = inRange.filter(
    ({ partition, madeFrom }) =>
      force || distrusted.has(partition) || derived.files.get(partition)?.madeFrom !== madeFrom,
  );
  const gone = orphansOf(materials);
  const { keepFrom } = bronze;
  const isCut =
    keepFrom !== undefined && needed.some(({ first }) => addDays(first, -set.lookBack) < keepFrom);
  const result = {
    dataset: dataset.name,
    files: needed.length,
    unchanged: inRange.length - needed.length,
    removed: gone.length,
    adjusted: shares === undefined ? ('none' as const) : ('splits' as const),
    history_from: isCut ? keepFrom : null,
  };
  if (dryRun || needed.length + gone.length === 0) return { ...result, rows: 0 };
  const about = `features of version ${set.version}; ${
    shares === undefined
      ? 'prices are raw, not adjusted'
      : 'other days are compared on the share basis of the row: adjusted for splits, not for dividends'
  }`;
  let rows = 0;
  try {
    for (const partition of gone) {
      await lake.checkLock();
      await rm(path.join(derived.folder, partitionFile(partition)), { force: true });
      derived.files.delete(partition);
    }
    for (const batch of batchesOf(needed, materials)) {
      signal.throwIfAborted();
      const duck = await lake.duck();
      for await (const [{ partition, madeFrom }, query] of queriesOf(batch, materials, duck)) {
        const made = await writeDerived(
          derived,
          { partition, query: `${query} ORDER BY ticker, date, ts_ns`, madeFrom, about },
          duck,
          lake.checkLock,
        );
        rows += made;
        hear(partition, made);
        if (signal.aborted) break;
      }
    }
    signal.throwIfAborted();
  } finally {
    await recordDerived(derived);
  }
  return { ...result, rows };
}

/** Files whose days bronze has not, and not only because it cannot be read at present. */
function orphansOf({ bronze, derived, files }: FeatureMaterials): readonly Partition[] {
  const wanted = new Set(files.map(({ partition }) => partition));
  return [...derived.files.keys()].filter(
    (partition) => !wanted.has(partition) && !bronze.damaged.has(partition),
  );
}
