/** What a repair records of a folder that is sound: progress.json learns it again. */
import { stat } from 'node:fs/promises';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { stampOf } from '#platform/disk/stamp.js';
import type { DataFolder } from '#store/folder/open.js';
import { type DayRecord, type SeriesRecord, withUsers } from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';
import { daysOf, uncompared } from './damaged-days.js';
import { seriesFile } from './files.js';
import type { MendContext } from './mend-series.js';
import type { VerifyResult } from './result.js';

/**
 * What progress.json can learn from the folder: a damaged one was moved aside when the folder was opened.
 * Copies that were found sound to the last byte are recorded as they are now.
 */
export async function relearn(
  found: VerifyResult,
  folder: DataFolder,
  dataset: Dataset,
  did: MendContext['did'],
): Promise<void> {
  const isLost = found.damage.some(({ kind }) => kind === 'progress-damaged');
  for (const warning of folder.progress.warnings) {
    const at = warning.indexOf(': ');
    did(warning.slice(0, at), warning.slice(at + 2));
  }
  const known = folder.known(dataset);
  const archive = folder.archive(dataset);
  const unsound = new Set(
    daysOf(found.damage, ['archive-gone', 'archive-damaged', 'archive-changed', 'progress-wrong']),
  );
  const current = [
    ...(isLost ? archive.days() : []),
    // A quick look has not seen what is inside.
    ...(found.deep ? found.touched.days : []),
  ];
  const records = new Map<IsoDay, DayRecord>();
  const recordOf = (day: IsoDay): DayRecord => records.get(day) ?? known.days.get(day) ?? {};
  for (const day of new Set(current)) {
    const stamp = archive.stampOf(day);
    if (unsound.has(day) || stamp === undefined) continue;
    records.set(day, { ...recordOf(day), archive: stamp });
  }
  for (const day of daysOf(found.damage, ['progress-wrong'])) {
    const { rows: _, ...record } = recordOf(day);
    records.set(day, record);
    did('progress.json', `the number of rows of ${day} forgotten`);
  }
  // Whose they are is known before anything is mended, and to every run from now on.
  for (const [day, tickers] of keptByDay(found)) {
    const { users = [] } = recordOf(day);
    if (tickers.some((ticker) => !users.includes(ticker)))
      records.set(day, withUsers(recordOf(day), new Set([...users, ...tickers])));
  }
  const steps: Step[] = [...records].map(([day, record]) => ({
    step: 'day',
    dataset: dataset.name,
    day,
    record,
  }));
  // With days that could not be compared, nobody knows whether the series hold their bars.
  if (found.deep && uncompared(found).size === 0)
    steps.push(...(await touchedSeries(found, folder, dataset)));
  if (steps.length > 0) await folder.progress.record(steps);
}

/** By day, the tickers with a row of the user's that is not the archive's. */
function keptByDay({ kept_files }: VerifyResult): ReadonlyMap<IsoDay, readonly string[]> {
  const byDay = new Map<IsoDay, string[]>();
  for (const { ticker, days } of kept_files) {
    for (const day of days) {
      const tickers = byDay.get(day);
      if (tickers === undefined) byDay.set(day, [ticker]);
      else tickers.push(ticker);
    }
  }
  return byDay;
}

/** Series that somebody touched and that say what the archive does: they need not be looked at again. */
async function touchedSeries(
  found: VerifyResult,
  folder: DataFolder,
  dataset: Dataset,
): Promise<readonly Step[]> {
  const broken = new Set(found.damage.map(({ ticker }) => ticker));
  const files: Record<string, SeriesRecord> = Object.create(null) as Record<string, SeriesRecord>;
  for (const ticker of found.touched.series) {
    const seen = folder.known(dataset).series.get(ticker)?.seen;
    if (seen === undefined || broken.has(ticker)) continue;
    files[ticker] = { ...stampOf(await stat(seriesFile(folder.layout, dataset, ticker))), seen };
  }
  return Object.keys(files).length === 0 ? [] : [{ step: 'series', dataset: dataset.name, files }];
}
