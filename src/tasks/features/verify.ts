/**
 * Are the features true? Each file's bytes against their hash, then its values against what its days give,
 * computed anew. Files whose inputs have changed since are outdated, not damaged.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { FeatureSet } from '#market/features/formula.js';
import { fileSha256 } from '#platform/disk/file-sha256.js';
import { firstLine, isEngineError } from '#store/lake/bronze.js';
import { literal } from '#store/lake/duckdb.js';
import { type Partition, partitionFile } from '#store/lake/layout.js';
import type { LakeTools, OpenLake } from '#tasks/lake/open-lake.js';
import type { LakeDamage } from '#tasks/lake/verify.js';
import { batchesOf, openFeatures, queriesOf } from './materials.js';
import { tableDifference } from './table-difference.js';

export interface FeaturesVerified {
  readonly files: number;
  /** Files whose values were computed again. */
  readonly compared: number;
  /** Files that `features build` would make, make again or remove. */
  readonly outdated: readonly Partition[];
  readonly damage: readonly LakeDamage[];
}

interface FeaturesWish {
  readonly dataset: Dataset;
  readonly set: FeatureSet;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  /** False where bronze is damaged itself: nothing can be computed from it. */
  readonly values: boolean;
}

/** Undefined where nothing was ever made. Throws LakeError, the disk's error, or the signal's reason. */
export async function verifyFeatures(
  { dataset, set, range, values }: FeaturesWish,
  lake: OpenLake,
  { layout, signal }: LakeTools,
): Promise<FeaturesVerified | undefined> {
  const materials = await openFeatures({ dataset, set }, lake, layout);
  const { derived, files } = materials;
  if (derived.files.size + derived.damaged.length === 0) return undefined;
  const damage: LakeDamage[] = [];
  const told = (partition: Partition, what: string): void => {
    damage.push({ partition, file: path.join('silver', dataset.name, partitionFile(partition)), what });
  };
  const isMeant = (partition: Partition): boolean =>
    partition >= range.start.slice(0, partition.length) && partition <= range.end.slice(0, partition.length);
  for (const partition of derived.damaged.filter(isMeant))
    told(partition, 'it cannot be read, or does not say what it was made from');
  const here = [...derived.files].filter(([partition]) => isMeant(partition));
  const fileOf = (partition: Partition): string => path.join(derived.folder, partitionFile(partition));
  for (const [partition, { sha256 }] of here) {
    signal.throwIfAborted();
    if (sha256 !== '' && (await fileSha256(fileOf(partition))) !== sha256)
      told(partition, 'its bytes are not those that were written');
  }
  const wanted = files.filter(({ partition }) => isMeant(partition));
  const isCurrent = ({ partition, madeFrom }: (typeof wanted)[number]): boolean =>
    derived.files.get(partition)?.madeFrom === madeFrom;
  const names = new Set(wanted.map(({ partition }) => partition));
  const outdated = [
    ...wanted.filter((file) => !isCurrent(file)).map(({ partition }) => partition),
    ...here.map(([partition]) => partition).filter((partition) => !names.has(partition)),
  ].filter((partition) => !derived.damaged.includes(partition));
  const broken = new Set(damage.map(({ partition }) => partition));
  const sound = values ? wanted.filter((file) => isCurrent(file) && !broken.has(file.partition)) : [];
  for (const batch of batchesOf(sound, materials)) {
    signal.throwIfAborted();
    const duck = await lake.duck();
    for await (const [{ partition }, query] of queriesOf(batch, materials, duck)) {
      const held = `SELECT * FROM read_parquet(${literal(fileOf(partition))}, hive_partitioning = false)`;
      try {
        const what = await tableDifference(held, query, duck);
        if (what !== undefined) told(partition, what);
      } catch (error) {
        if (!isEngineError(error)) throw error;
        told(partition, firstLine(error));
      }
    }
  }
  return { files: here.length, compared: sound.length, outdated: outdated.sort(), damage };
}
