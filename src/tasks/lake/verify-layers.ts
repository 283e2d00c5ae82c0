/**
 * All layers of a dataset in the lake: bronze against the archive, features and Qlib's files against bronze;
 * what is damaged is made again where that is asked for, from below upwards.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isBarADay } from '#market/datasets/series-form.js';
import type { FeatureSet } from '#market/features/formula.js';
import { featureSetOf } from '#market/features/sets.js';
import { goldFolder } from '#store/lake/layout.js';
import { buildFeatures } from '#tasks/features/build.js';
import { type FeaturesVerified, verifyFeatures } from '#tasks/features/verify.js';
import { type QlibVerified, repairQlib, verifyQlib } from '#tasks/qlib/verify.js';
import { buildBronze } from './build.js';
import type { LakeTools, OpenLake } from './open-lake.js';
import { type LakeDamage, type LakeVerified, verifyBronze } from './verify.js';

export interface LayersWish {
  readonly dataset: Dataset;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly repair: boolean;
}

export interface LayersVerified {
  readonly bronze: LakeVerified;
  /** Undefined where nothing was ever made. */
  readonly silver: FeaturesVerified | undefined;
  readonly gold: QlibVerified | undefined;
  /** Of all layers, before a repair. */
  readonly damage: readonly NamedDamage[];
  /** What a repair has left; undefined where none was done. */
  readonly left: readonly NamedDamage[] | undefined;
}

/** `file`: below lake/. */
export type NamedDamage = Pick<LakeDamage, 'file' | 'what'>;

/** Throws LakeError, the disk's error, or the signal's reason. */
export async function verifyLayers(
  { dataset, range, repair }: LayersWish,
  lake: OpenLake,
  tools: LakeTools,
): Promise<LayersVerified> {
  const bronze = await verifyBronze(dataset, range, lake, tools);
  const left: NamedDamage[] = [];
  if (repair && bronze.damage.length > 0) {
    const again = await repairBronze(dataset, bronze, lake, tools);
    left.push(...again.damage);
  } else left.push(...bronze.damage);
  // What is above a damaged file cannot be computed from it.
  const values = left.length === 0;

  const set = featureSetOf(dataset);
  const silver =
    set === undefined ? undefined : await verifyFeatures({ dataset, set, range, values }, lake, tools);
  left.push(
    ...(set !== undefined && silver !== undefined && repair && values && silver.damage.length > 0
      ? await repairFeatures({ dataset, set, range, damage: silver.damage }, lake, tools)
      : (silver?.damage ?? [])),
  );

  const folder = goldFolder(tools.layout);
  const isWhole = range.start <= (bronze.first ?? range.start) && range.end >= (bronze.last ?? range.end);
  const wish = { dataset, folder, values: values && isWhole };
  const gold = isBarADay(dataset.series) ? await verifyQlib(wish, lake, tools) : undefined;
  const inLake = ({ damage }: QlibVerified): readonly NamedDamage[] =>
    damage.map(({ file, what }) => ({ file: path.join('gold', 'qlib', file), what }));
  if (gold !== undefined && repair && values && gold.damage.length > 0) {
    await repairQlib(wish, gold, lake, tools);
    const again = await verifyQlib(wish, lake, tools);
    left.push(...(again === undefined ? [] : inLake(again)));
  } else if (gold !== undefined) left.push(...inLake(gold));

  const damage = [...bronze.damage, ...(silver?.damage ?? []), ...(gold === undefined ? [] : inLake(gold))];
  return { bronze, silver, gold, damage, left: repair && damage.length > 0 ? left : undefined };
}

/** Looks again at what was built anew. */
async function repairBronze(
  dataset: Dataset,
  { damage }: LakeVerified,
  lake: OpenLake,
  tools: LakeTools,
): Promise<LakeVerified> {
  const distrusted = new Map(damage.map(({ partition, what }) => [partition, what]));
  // No day but those of the damaged files.
  await buildBronze(
    { dataset, range: { start: '9999-12-31', end: '1900-01-01' }, force: false, isNamed: false, distrusted },
    lake,
    tools,
    () => undefined,
  );
  return verifyBronze(dataset, spanOf(damage), lake, tools);
}

async function repairFeatures(
  {
    dataset,
    set,
    range,
    damage,
  }: Pick<LayersWish, 'dataset' | 'range'> & {
    readonly set: FeatureSet;
    readonly damage: readonly LakeDamage[];
  },
  lake: OpenLake,
  tools: LakeTools,
): Promise<readonly LakeDamage[]> {
  const distrusted = new Set(damage.map(({ partition }) => partition));
  await buildFeatures(
    { dataset, set, range, force: false, dryRun: false, distrusted },
    lake,
    tools,
    () => undefined,
  );
  const again = await verifyFeatures({ dataset, set, range: spanOf(damage), values: true }, lake, tools);
  return again?.damage ?? [];
}

/** Of the months that the damaged files are of. */
function spanOf(damage: readonly LakeDamage[]): { readonly start: IsoDay; readonly end: IsoDay } {
  const days = damage.map(({ partition }) => partition).sort();
  return { start: `${days[0]}`.slice(0, 7), end: `${days.at(-1)?.slice(0, 7)}-31` };
}
