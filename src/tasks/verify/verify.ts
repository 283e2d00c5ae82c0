/**
 * verify: is what is here true? Structure and sizes quickly; with `deep` every byte of the archive and every
 * row of the series. It changes nothing; what it finds, repair.ts mends.
 */
import { stat } from 'node:fs/promises';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { type FileStamp, stampOf } from '#platform/disk/stamp.js';
import { archiveFile } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { checkTocs } from './check-ends.js';
import { checkProgress } from './check-progress.js';
import { deepLook } from './deep-look.js';
import { leftoversIn, seriesFile, seriesHere, shownFile } from './files.js';
import { type ArchiveDays, type Look, newFindings, type VerifyContext, type VerifyOptions } from './look.js';
import { quickLook } from './quick-look.js';
import type { VerifyResult } from './result.js';

export type { VerifyContext, VerifyOptions } from './look.js';

/** A folder opened for reading is enough. Throws the disk's error, or the signal's reason. */
export async function verifyDataset(
  folder: DataFolder,
  dataset: Dataset,
  options: VerifyOptions,
  context: VerifyContext,
): Promise<VerifyResult> {
  const findings = newFindings();
  const known = folder.known(dataset);
  const look: Look = { folder, dataset, options, context, findings, known, theirs: new Set() };
  findings.damage.push(...(await checkProgress(folder.layout.dataDir, folder.progress.warnings)));
  const days = archiveDays(look);
  const series = await statSeries(look);
  findings.damage.push(...checkTocs(folder.layout, dataset, days.here));
  if (options.deep) await deepLook(days, series, look);
  else await quickLook(days, series, look);
  const { checked, users, kept, leftOut, ...found } = findings;
  return {
    dataset: dataset.name,
    deep: options.deep,
    checked,
    ...found,
    users_rows: users,
    kept_rows: { series: kept.length, rows: kept.reduce((n, { days }) => n + days.length, 0) },
    kept_files: kept,
    left_out: leftOut,
    leftovers: await leftoversIn(folder.layout, dataset),
  };
}

/** The archive's files against progress.json: gone, touched, unknown. */
function archiveDays({ folder, dataset, options, known, findings }: Look): ArchiveDays {
  const { range } = options;
  const inRange = (day: IsoDay): boolean => range === undefined || (day >= range.start && day <= range.end);
  const archive = folder.archive(dataset);
  const all = archive.days();
  const held = new Set(all);
  for (const day of all) {
    if (!inRange(day)) continue;
    const recorded = known.days.get(day)?.archive;
    if (recorded === undefined) findings.unrecorded.days.push(day);
    else if (!sameStamp(recorded, archive.stampOf(day))) findings.touched.days.push(day);
  }
  for (const [day, record] of known.days) {
    if (record.archive === undefined || record.pruned === true || held.has(day)) continue;
    held.add(day);
    if (!inRange(day)) continue;
    const file = shownFile(folder.layout, archiveFile(folder.layout, dataset, day));
    findings.damage.push({
      kind: 'archive-gone',
      file,
      day,
      what: 'the file is gone; progress.json lists it',
    });
  }
  const here = all.filter(inRange);
  findings.checked.days = here.length;
  return { here, held };
}

/** The series files against progress.json. Returns the tickers that have one. */
async function statSeries({ folder, dataset, known, findings, theirs }: Look): Promise<readonly string[]> {
  const tickers = await seriesHere(folder.layout, dataset, known.series.keys());
  const here = new Set(tickers);
  for (const ticker of tickers) {
    const recorded = known.series.get(ticker);
    const stamp = stampOf(await stat(seriesFile(folder.layout, dataset, ticker)));
    if (recorded !== undefined && sameStamp(recorded, stamp)) continue;
    theirs.add(ticker);
    (recorded === undefined ? findings.unrecorded : findings.touched).series.push(ticker);
  }
  for (const [ticker, { size }] of known.series) {
    if (size < 0 || here.has(ticker)) continue;
    const file = shownFile(folder.layout, seriesFile(folder.layout, dataset, ticker));
    findings.damage.push({
      kind: 'series-gone',
      file,
      ticker,
      what: 'the file is gone; progress.json lists it',
    });
  }
  findings.checked.series = tickers.length;
  return tickers;
}

function sameStamp(a: FileStamp, b: FileStamp | undefined): boolean {
  return a.size === b?.size && a.mtimeMs === b.mtimeMs;
}
