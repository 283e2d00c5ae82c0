/**
 * After `lake prune`: the features of days that are gone go too, and those of the first days that stayed are
 * made again out of what bronze still has, so that they say the same as a build from nothing would.
 */
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { featureSetOf } from '#market/features/sets.js';
import { layerFolder } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';
import type { LakeTools, OpenLake } from '#tasks/lake/open-lake.js';
import { buildFeatures, type FeatureResult } from './build.js';

/** Undefined where there are no features. Throws as `buildFeatures` does. */
export async function followPrune(
  dataset: Dataset,
  keepFrom: IsoDay,
  lake: OpenLake,
  tools: LakeTools,
): Promise<FeatureResult | undefined> {
  const set = featureSetOf(dataset);
  if (set === undefined || filesIn(layerFolder(tools.layout, 'silver', dataset.name)).size === 0)
    return undefined;
  const range = { start: keepFrom, end: addDays(keepFrom, set.lookBack) };
  return buildFeatures({ dataset, set, range, force: false, dryRun: false }, lake, tools, () => undefined);
}
