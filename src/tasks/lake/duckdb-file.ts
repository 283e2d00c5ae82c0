/**
 * A small database file of views over the lake, for other programs: they read the Parquet files where they
 * are, also those that come later.
 */
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { datasets as knownDatasets } from '#market/datasets/all.js';
import { isBarADay } from '#market/datasets/series-form.js';
import { makeDurable, syncFolder, temporaryName } from '#platform/disk/durable.js';
import { identifier, literal, openDuck } from '#store/lake/duckdb.js';
import { LakeError } from '#store/lake/lake-error.js';
import { type LakeLayer, layerFolder } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';
import { parquetOf } from '#store/lake/views.js';
import type { LakeTools } from './open-lake.js';

/** Returns the views' names. Throws LakeError where nothing is built, or the disk's error. */
export async function writeDuckdbFile(
  file: string,
  { layout, memoryBytes, threads }: Pick<LakeTools, 'layout' | 'memoryBytes' | 'threads'>,
): Promise<readonly string[]> {
  const names = [...knownDatasets.keys()];
  const isBuilt = (layer: LakeLayer, name: string): boolean =>
    filesIn(layerFolder(layout, layer, name)).size > 0;
  const bronze = names.filter((name) => isBuilt('bronze', name));
  const silver = names.filter((name) => isBuilt('silver', name));
  if (bronze.length === 0)
    throw new LakeError('The lake holds nothing yet: run barloom lake build first.', 'usage');
  const daily = bronze.filter((name) => {
    const dataset = knownDatasets.get(name);
    return dataset !== undefined && isBarADay(dataset.series);
  });
  const views = new Map<string, string>([
    ...bronze.map((name) => [name, allOf(layerFolder(layout, 'bronze', name))] as const),
    ...silver.map((name) => [`${name}_features`, allOf(layerFolder(layout, 'silver', name))] as const),
    ...(daily.length === 0 ? [] : [['tickers', tickersOf(daily)] as const]),
  ]);
  const temporary = temporaryName(file);
  await rm(temporary, { force: true });
  try {
    const duck = await openDuck({ file: temporary, memoryBytes, threads, spillFolder: '' });
    try {
      for (const [name, sql] of views) await duck.run(`CREATE VIEW ${identifier(name)} AS ${sql}`);
      await duck.run('CHECKPOINT');
    } finally {
      duck.close();
    }
    await makeDurable([temporary]);
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await rm(`${temporary}.wal`, { force: true });
  }
  return [...views.keys()];
}

function allOf(folder: string): string {
  return `SELECT * FROM ${parquetOf(literal(path.join(folder, 'year=*', 'month=*', '*.parquet').replaceAll('\\', '/')))}`;
}

function tickersOf(daily: readonly string[]): string {
  return daily
    .map(
      (name) =>
        `SELECT ${literal(name)} AS dataset, ticker, min(date) AS first_day, max(date) AS last_day, count(DISTINCT date) AS days FROM ${identifier(name)} GROUP BY ticker`,
    )
    .join(' UNION ALL ');
}
