/**
 * What the features of a dataset are made of, and the queries that make them: shared by the build, which
 * writes what they give, and by verify, which compares it with what was written.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { datasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { type FeatureSet, featureQuery } from '#market/features/formula.js';
import { underlyingOf } from '#market/features/options.js';
import { type Bronze, openBronze } from '#store/lake/bronze.js';
import { type Built, daysOf } from '#store/lake/built.js';
import { type Derived, openDerived } from '#store/lake/derived.js';
import type { Duck } from '#store/lake/duckdb.js';
import { layerFolder, partitionOf } from '#store/lake/layout.js';
import { builtOf } from '#store/lake/views.js';
import { type ShareBases, shareBases } from '#tasks/adjust/share-bases.js';
import type { LakeTools, OpenLake } from '#tasks/lake/open-lake.js';
import { type FeatureFile, featureFiles, type Inputs, inBatches } from './plan.js';

export interface FeatureMaterials {
  readonly set: FeatureSet;
  readonly bronze: Bronze;
  /** Where an option's underlying is looked for. */
  readonly beside: readonly Bronze[];
  readonly derived: Derived;
  /** Undefined: prices are compared as they are. */
  readonly shares: ShareBases | undefined;
  /** Every file that there is to be, the oldest first. */
  readonly files: readonly FeatureFile[];
}

/**
 * Files of months that are made together: of two years and the month that runs, two batches. Of days, which are
 * larger, a month's.
 */
const MONTHS = 13;
const DAYS = 21;

/** Throws LakeError or the disk's error. */
export async function openFeatures(
  { dataset, set }: { readonly dataset: Dataset; readonly set: FeatureSet },
  { duck }: Pick<OpenLake, 'duck'>,
  layout: LakeTools['layout'],
): Promise<FeatureMaterials> {
  const bronze = await openBronze(layout, dataset.name, duck);
  const beside = set.keys.includes('underlying') ? await underlyings(layout, duck) : [];
  const derived = await openDerived(layerFolder(layout, 'silver', dataset.name), duck);
  const shares = await shareBases(dataset, set, layout, duck);
  const files = featureFiles({
    set,
    partitionOf: (day) => partitionOf(dataset, day),
    inputs: inputsOf([bronze]),
    beside: inputsOf(beside),
    splitsUpTo: shares?.markUpTo,
  });
  return { set, bronze, beside, derived, shares, files };
}

export function batchesOf(
  needed: readonly FeatureFile[],
  { set, files }: FeatureMaterials,
): readonly (readonly FeatureFile[])[] {
  const most = set.lookBack === 0 ? 1 : /^\d{4}-\d{2}$/.test(needed[0]?.partition ?? '') ? MONTHS : DAYS;
  return inBatches(needed, files, most);
}

/** The rows of each file of the batch, as a SELECT. One look at bronze for all of them. */
export async function* queriesOf(
  batch: readonly FeatureFile[],
  materials: FeatureMaterials,
  duck: Duck,
): AsyncGenerator<readonly [FeatureFile, string]> {
  const [first, last] = [batch[0] as FeatureFile, batch.at(-1) as FeatureFile];
  const source = sourceOf(first.from, last.last, materials);
  const query = featureQuery(
    materials.set,
    source,
    `date BETWEEN DATE '${first.first}' AND DATE '${last.last}'`,
  );
  const isAlone = batch.length === 1;
  if (!isAlone) await duck.run(`CREATE OR REPLACE TEMP TABLE features AS ${query}`);
  try {
    for (const file of batch) {
      const own = isAlone
        ? `(${query})`
        : `features WHERE date BETWEEN DATE '${file.first}' AND DATE '${file.last}'`;
      yield [file, `SELECT * FROM ${own}`];
    }
  } finally {
    if (!isAlone) await duck.run('DROP TABLE IF EXISTS features');
  }
}

function sourceOf(
  from: IsoDay,
  to: IsoDay,
  { set, bronze, beside, shares }: Pick<FeatureMaterials, 'set' | 'bronze' | 'beside' | 'shares'>,
): string {
  const within = `date BETWEEN DATE '${from}' AND DATE '${to}'`;
  const own = `SELECT * FROM ${builtOf(bronze.folder, filesFor(bronze, from, to))} WHERE ${within}`;
  if (set.comparesShares === true) return shares?.withBasis(own) ?? `(SELECT *, 1e0 AS _f FROM (${own}))`;
  if (!set.keys.includes('underlying')) return `(${own})`;
  const closes = beside
    .map((one) => ({ folder: one.folder, files: filesFor(one, from, to) }))
    .filter(({ files }) => files.size > 0)
    .map(({ folder, files }) => `SELECT ticker, date, close FROM ${builtOf(folder, files)} WHERE ${within}`);
  const joined =
    closes.length === 0
      ? 'SELECT NULL::VARCHAR AS ticker, NULL::DATE AS date, NULL::DOUBLE AS close'
      : closes.join(' UNION ALL ');
  return (
    `(SELECT o.*, ${underlyingOf('o.underlying')} AS _underlying, u.close AS _underlying_close FROM (${own}) o ` +
    `LEFT JOIN (${joined}) u ON u.date = o.date AND u.ticker = ${underlyingOf('o.underlying')})`
  );
}

function filesFor({ built }: Bronze, from: IsoDay, to: IsoDay): Built {
  return new Map(
    [...built].filter(([, { days }]) => [...days.keys()].some((day) => day >= from && day <= to)),
  );
}

function inputsOf(all: readonly Bronze[]): Inputs {
  const inputs = new Map<IsoDay, string>();
  for (const { built } of all)
    for (const [day, { sha256 }] of daysOf(built)) inputs.set(day, `${inputs.get(day) ?? ''}${sha256}`);
  return inputs;
}

async function underlyings(
  layout: LakeTools['layout'],
  duck: () => Promise<Duck>,
): Promise<readonly Bronze[]> {
  const names = ['stocks_daily', 'indices_daily'].filter((name) => datasets.has(name));
  const found: Bronze[] = [];
  for (const name of names) found.push(await openBronze(layout, name, duck));
  return found;
}
