/**
 * Tasks and jobs name their dataset: itself it holds functions, and goes neither to a thread nor to another
 * machine.
 */
import type { Dataset, DayRules } from '#market/datasets/dataset.js';
import { datasetNamed as lookUp } from '#market/datasets/named.js';

/** Throws RangeError. */
export function datasetNamed(name: string): Dataset {
  const dataset = lookUp(name);
  if (dataset === undefined) throw new RangeError(`no dataset ${name}`);
  return dataset;
}

/** What a thread needs of it. */
export function rulesOf({ maxTextBytes, maxObjectBytes, maxRecords, records, series }: Dataset): DayRules {
  return { maxTextBytes, maxObjectBytes, maxRecords, records, series };
}
