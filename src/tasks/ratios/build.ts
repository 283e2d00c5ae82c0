/** The table `financial_ratios` in the lake: only the months whose inputs or rules have changed. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ratioColumns, ratioRowsSql } from '#market/ratios/ratio-rows.js';
import { RATIOS_VERSION } from '#market/ratios/ratios.js';
import { dividends, splits } from '#market/tables/actions.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { openDerived, recordDerived, writeDerived } from '#store/lake/derived.js';
import type { Duck } from '#store/lake/duckdb.js';
import { layerFolder, type Partition, partitionFile } from '#store/lake/layout.js';
import { tableFiles, UNDATED } from '#store/tables/layout.js';
import { readTableRecord } from '#store/tables/record.js';
import { knownOn, versionsView } from '#store/tables/views.js';
import type { LakeTools, OpenLake } from '#tasks/lake/open-lake.js';
import { openCloses } from './closes.js';
import { prepareRows } from './compute.js';
import { type InputFile, type RatioMonth, ratioMonths } from './plan.js';
import { reachOf, STATEMENT_TABLES } from './sources.js';

export const RATIOS_TABLE = 'financial_ratios';

export interface RatiosResult {
  readonly table: string;
  /** Months made now, or to be made. */
  readonly files: number;
  readonly unchanged: number;
  readonly rows: number;
  /** Whether there are closes, for ratios with a price. */
  readonly with_prices: boolean;
}

export interface RatiosRequest {
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** Throws LakeError, LockedError, the disk's error, or the signal's reason; what is made by then is recorded. */
export async function buildRatios(
  { force, dryRun }: RatiosRequest,
  lake: OpenLake,
  { layout, signal }: LakeTools,
  hear: (month: Partition, rows: number) => void,
): Promise<RatiosResult> {
  const duck = await lake.duck();
  const closes = await openCloses(layout, lake.duck);
  const derived = await openDerived(layerFolder(layout, 'silver', RATIOS_TABLE), lake.duck);
  const reach = reachOf(await readTableRecord(layout, dividends.name));
  const months = ratioMonths(await monthsOf(layout, duck), await inputsOf(layout), {
    version: `${RATIOS_VERSION}`,
    // The day of the last look moves daily, and says nothing new of months before it.
    reachOf: (last) =>
      `${reach?.from ?? ''} ${reach?.tickers?.join(',') ?? ''} ${reach !== undefined && reach.to < last ? reach.to : ''}`,
    pricesOf: closes.mark,
  });
  const wanted = new Set(months.map(({ partition }) => partition));
  const gone = [...derived.files.keys()].filter((partition) => !wanted.has(partition));
  const needed = months.filter(
    ({ partition, madeFrom }) => force || derived.files.get(partition)?.madeFrom !== madeFrom,
  );
  const result = {
    table: RATIOS_TABLE,
    files: needed.length,
    unchanged: months.length - needed.length,
    with_prices: closes.select('1900-03-01', '9999-12-31') !== undefined,
  };
  if (dryRun || needed.length + gone.length === 0) return { ...result, rows: 0 };
  let rows = 0;
  try {
    for (const partition of gone) {
      await rm(path.join(derived.folder, partitionFile(partition)), { force: true });
      derived.files.delete(partition);
    }
    if (needed.length > 0) await prepareRows({ layout }, duck, signal);
    for (const batch of byYear(needed)) {
      signal.throwIfAborted();
      const [first, last] = [(batch[0] as RatioMonth).first, (batch.at(-1) as RatioMonth).last];
      const where = `r.known_on BETWEEN DATE '${first}' AND DATE '${last}'`;
      await duck.run(
        `CREATE OR REPLACE TEMP TABLE ratios_batch AS ${ratioRowsSql(where, closes.select(first, last))}`,
      );
      for (const { partition, madeFrom, first: from, last: to } of batch) {
        const made = await writeDerived(
          derived,
          {
            partition,
            query: `SELECT ${ratioColumns.map(([name]) => `"${name}"`).join(', ')}, known_on FROM ratios_batch WHERE known_on BETWEEN DATE '${from}' AND DATE '${to}' ORDER BY ticker, cik, basis, period_end, known_on`,
            madeFrom,
            about: `ratios of version ${RATIOS_VERSION}`,
          },
          duck,
          lake.checkLock,
        );
        rows += made;
        hear(partition, made);
      }
    }
  } finally {
    await recordDerived(derived);
  }
  return { ...result, rows };
}

/** Months in which something of a statement came to be known. */
async function monthsOf(layout: FolderLayout, duck: Duck): Promise<readonly Partition[]> {
  const parts = Object.values(STATEMENT_TABLES).map(
    (type) =>
      `SELECT DISTINCT strftime(${knownOn(type)}, '%Y-%m') AS month FROM (${versionsView(type, layout)}) WHERE gone_on IS NULL AND cik IS NOT NULL AND period_end IS NOT NULL`,
  );
  const rows = await duck.rows(
    `SELECT DISTINCT month FROM (${parts.join(' UNION ALL ')}) WHERE month IS NOT NULL ORDER BY month`,
  );
  return rows.map(({ month }) => String(month));
}

async function inputsOf(layout: FolderLayout): Promise<readonly InputFile[]> {
  const inputs: InputFile[] = [];
  for (const { name } of [...Object.values(STATEMENT_TABLES), dividends, splits]) {
    const record = await readTableRecord(layout, name);
    for (const [partition, { size, mtimeMs }] of tableFiles(layout, name)) {
      const known = record.files.get(partition);
      const isSame = known?.stamp.size === size && known.stamp.mtimeMs === mtimeMs;
      inputs.push({
        table: name,
        month: partition === UNDATED ? '' : partition,
        mark: isSame ? known.sha256 : `${size} ${mtimeMs}`,
      });
    }
  }
  return inputs;
}

function byYear(months: readonly RatioMonth[]): readonly (readonly RatioMonth[])[] {
  const years = new Map<string, RatioMonth[]>();
  for (const month of months) {
    const year = month.partition.slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), month]);
  }
  return [...years.values()];
}
