/** Which features a dataset has. */
import type { Dataset } from '#market/datasets/dataset.js';
import { isBarADay } from '#market/datasets/series-form.js';
import { daily } from './daily.js';
import type { FeatureSet } from './formula.js';
import { minute } from './minute.js';
import { options } from './options.js';

/** Undefined where there are none: ticks, and option minutes. */
export function featureSetOf({
  records,
  series,
}: Pick<Dataset, 'records' | 'series'>): FeatureSet | undefined {
  if (records !== 'bars') return undefined;
  if (isBarADay(series)) return daily;
  if (series.of === 'underlying') return series.time === 'day' ? options : undefined;
  return series.time === 'moment' ? minute : undefined;
}
