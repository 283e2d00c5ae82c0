/**
 * `features build` of one dataset: silver out of bronze, only the files whose inputs or rules have changed.
 */
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { datasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { type FeatureSet, featureQuery } from '#market/features/formula.js';
import { underlyingOf } from '#market/features/options.js';
import { type Bronze, openBronze } from '#store/lake/bronze.js';
import { daysOf } from '#store/lake/built.js';
import { type Derived, openDerived, recordDerived, writeDerived } from '#store/lake/derived.js';
import { type Duck, listOf } from '#store/lake/duckdb.js';
import { layerFolder, type Partition, partitionFile, partitionOf } from '#store/lake/layout.js';
import { parquetOf } from '#store/lake/views.js';
import { type ShareBases, shareBases } from '#tasks/adjust/share-bases.js';
import type { LakeTools, OpenLake } from '#tasks/lake/open-lake.js';
import { type FeatureFile, featureFiles, type Inputs, inBatches } from './plan.js';

export interface FeatureRequest {
  readonly dataset: Dataset;
  readonly set: FeatureSet;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  readonly force: boolean;
  readonly dryRun: boolean;
}

export interface FeatureResult {
  readonly dataset: string;
  /** Made now, or to be made. */
  readonly files: number;
  readonly unchanged: number;
  readonly rows: number;
  /** Whether days are compared on one share basis, with the splits of the tables. */
  readonly adjusted: 'splits' | 'none';
}

/** Files of months that are made together; of days, which are larger, a month's. */
const MONTHS = 12;
const DAYS = 21;

/**
 * Throws LakeError, LockedError, the disk's error, or the signal's reason; what is built by then is recorded.
 */
export async function buildFeatures(
  { dataset, set, range, force, dryRun }: FeatureRequest,
  lake: OpenLake,
  { layout, signal }: LakeTools,
  hear: (partition: Partition, rows: number) => void,
): Promise<FeatureResult> {
  const bronze = await openBronze(layout, dataset.name, lake.duck);
  const beside = set.keys.includes('underlying') ? await underlyings(layout, lake.duck) : [];
  const derived = await openDerived(layerFolder(layout, 'silver', dataset.name), lake.duck);
  const shares = await shareBases(dataset, set, layout, lake.duck);
  const all = featureFiles({
    set,
    partitionOf: (day) => partitionOf(dataset, day),
    inputs: inputsOf([bronze]),
    beside: inputsOf(beside),
    splitsUpTo: shares?.markUpTo,
  });
  const inRange = all.filter(({ first, last }) => last >= range.start && first <= range.end);
  const needed = inRange.filter(
    ({ partition, madeFrom }) => force || derived.files.get(partition)?.madeFrom !== madeFrom,
  );
  const result = {
    dataset: dataset.name,
    files: needed.length,
    unchanged: inRange.length - needed.length,
    adjusted: shares === undefined ? ('none' as const) : ('splits' as const),
  };
  if (dryRun || needed.length === 0) return { ...result, rows: 0 };
  let rows = 0;
  try {
    const most = set.lookBack === 0 ? 1 : /^\d{4}-\d{2}$/.test(needed[0]?.partition ?? '') ? MONTHS : DAYS;
    for (const batch of inBatches(needed, all, most)) {
      signal.throwIfAborted();
      const duck = await lake.duck();
      for await (const [partition, made] of makeBatch(
        batch,
        { set, bronze, beside, derived, duck, shares },
        lake.checkLock,
      )) {
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

interface Materials {
  readonly set: FeatureSet;
  readonly bronze: Bronze;
  readonly beside: readonly Bronze[];
  readonly derived: Derived;
  readonly duck: Duck;
  readonly shares: ShareBases | undefined;
}

/** One look at bronze for all files of the batch. */
async function* makeBatch(
  batch: readonly FeatureFile[],
  { set, bronze, beside, derived, duck, shares }: Materials,
  checkLock: () => Promise<void>,
): AsyncGenerator<readonly [Partition, number]> {
  const [first, last] = [batch[0] as FeatureFile, batch.at(-1) as FeatureFile];
  const source = sourceOf(first.from, last.last, { set, bronze, beside, shares });
  const query = featureQuery(set, source, `date BETWEEN DATE '${first.first}' AND DATE '${last.last}'`);
  const about = `features of version ${set.version}; ${
    shares === undefined
      ? 'prices are raw, not adjusted'
      : 'other days are compared on the share basis of the row: adjusted for splits, not for dividends'
  }`;
  const isAlone = batch.length === 1;
  if (!isAlone) await duck.run(`CREATE OR REPLACE TEMP TABLE features AS ${query}`);
  try {
    for (const { partition, madeFrom, first: from, last: to } of batch) {
      const own = isAlone ? `(${query})` : `features WHERE date BETWEEN DATE '${from}' AND DATE '${to}'`;
      const rows = await writeDerived(
        derived,
        { partition, query: `SELECT * FROM ${own} ORDER BY ticker, date, ts_ns`, madeFrom, about },
        duck,
        checkLock,
      );
      yield [partition, rows];
    }
  } finally {
    if (!isAlone) await duck.run('DROP TABLE IF EXISTS features');
  }
}

function sourceOf(
  from: IsoDay,
  to: IsoDay,
  { set, bronze, beside, shares }: Pick<Materials, 'set' | 'bronze' | 'beside' | 'shares'>,
): string {
  const within = `date BETWEEN DATE '${from}' AND DATE '${to}'`;
  const own = `SELECT * FROM ${parquetOf(listOf(filesFor(bronze, from, to)))} WHERE ${within}`;
  if (set.comparesShares === true) return shares?.withBasis(own) ?? `(SELECT *, 1e0 AS _f FROM (${own}))`;
  if (!set.keys.includes('underlying')) return `(${own})`;
  const closes = beside
    .map((one) => filesFor(one, from, to))
    .filter((files) => files.length > 0)
    .map((files) => `SELECT ticker, date, close FROM ${parquetOf(listOf(files))} WHERE ${within}`);
  const joined =
    closes.length === 0
      ? 'SELECT NULL::VARCHAR AS ticker, NULL::DATE AS date, NULL::DOUBLE AS close'
      : closes.join(' UNION ALL ');
  return (
    `(SELECT o.*, ${underlyingOf('o.underlying')} AS _underlying, u.close AS _underlying_close FROM (${own}) o ` +
    `LEFT JOIN (${joined}) u ON u.date = o.date AND u.ticker = ${underlyingOf('o.underlying')})`
  );
}

function filesFor({ folder, built }: Bronze, from: IsoDay, to: IsoDay): readonly string[] {
  return [...built]
    .filter(([, { days }]) => [...days.keys()].some((day) => day >= from && day <= to))
    .map(([partition]) => path.join(folder, partitionFile(partition)))
    .sort();
}

function inputsOf(all: readonly Bronze[]): Inputs {
  const inputs = new Map<IsoDay, string>();
  for (const { built } of all)
    for (const [day, { sha256 }] of daysOf(built)) inputs.set(day, `${inputs.get(day) ?? ''}${sha256}`);
  return inputs;
}

/** Where an option's underlying is looked for. */
async function underlyings(
  layout: LakeTools['layout'],
  duck: () => Promise<Duck>,
): Promise<readonly Bronze[]> {
  const names = ['stocks_daily', 'indices_daily'].filter((name) => datasets.has(name));
  const found: Bronze[] = [];
  for (const name of names) found.push(await openBronze(layout, name, duck));
  return found;
}
