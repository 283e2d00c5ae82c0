/**
 * The checks of what is on disk: rights and traits of the folders, the lock, progress.json, the lists. They
 * change nothing.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { stocksDaily } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { datasetNamed } from '#market/datasets/named.js';
import { sameSource } from '#market/datasets/same-source.js';
import { lockHolder } from '#platform/lock/lock.js';
import type { SourceIdentity } from '#platform/source-identity.js';
import { type FolderLayout, seriesFolder } from '#store/folder/layout.js';
import { readAccepted } from '#store/ledger/accepted.js';
import type { Progress } from '#store/ledger/model.js';
import { openProgress } from '#store/ledger/store.js';
import type { AllTracked } from '#store/lists/all-tracked.js';
import { amount } from './amounts.js';
import type { Finding } from './finding.js';
import { type FolderTraits, probeFolder } from './probe-folder.js';

/**
 * Rights: whether files can be made, renamed and removed, in the data folder, the series' and the archive's.
 * Throws the disk's error.
 */
export async function checkFolders(
  layout: FolderLayout,
  datasets: readonly Dataset[],
): Promise<{ readonly finding: Finding; readonly traits: readonly FolderTraits[] }> {
  const data = await probeFolder(layout.dataDir);
  const archive = await probeFolder(layout.archiveDir);
  const traits = [data, archive];
  for (const folder of datasets.map((dataset) => seriesFolder(layout, dataset)))
    if (existsSync(folder)) traits.push(await probeFolder(folder));
  const inside = !path.relative(layout.dataDir, layout.archiveDir).startsWith('..');
  const message = `${layout.dataDir} ${reported(data)}`;
  const elsewhere = inside ? '' : `; for the archive, ${layout.archiveDir} ${reported(archive)}`;
  return { finding: { state: 'ok', message: `${message}${elsewhere}` }, traits };
}

function reported({ exists, measured }: FolderTraits): string {
  return exists ? 'can be written' : `is not there yet and can be made in ${measured}`;
}

/** File systems differ in what barloom's promises rest on. */
export function judgeTraits(all: readonly FolderTraits[]): Finding {
  const without = (has: (traits: FolderTraits) => boolean): string | undefined =>
    all.find((traits) => !has(traits))?.measured;
  const noRename = without((traits) => traits.renamesOver);
  if (noRename !== undefined) {
    return {
      state: 'failure',
      message: `${noRename} does not let a file take another's place by its name`,
      advice: 'Every file is replaced in this way: choose another file system for --data-dir.',
      outcome: { disk: true },
    };
  }
  const noSync = without((traits) => traits.syncsFolders);
  if (noSync !== undefined && process.platform !== 'win32') {
    return {
      state: 'warning',
      message: `${noSync} does not sync folders`,
      advice:
        'A power cut may undo what was just done; the next run does it again. A local drive is safer than a network one.',
    };
  }
  const folds = all.some((traits) => traits.foldsCase);
  const links = all.every((traits) => traits.links);
  const parts = [
    folds ? 'A and a are one file (the names of series allow for it)' : 'A and a are two files',
    noSync === undefined ? 'files and folders are synced' : 'files are synced',
    'a rename replaces',
    links ? 'links work' : 'no symbolic links',
  ];
  return { state: 'ok', message: parts.join(', ') };
}

export async function checkLock(dataDir: string): Promise<Finding> {
  const held = await lockHolder(dataDir);
  if (held === undefined) {
    const left = existsSync(path.join(dataDir, '.barloom.lock'));
    return {
      state: 'ok',
      message: left ? 'left behind by a run that has ended; the next one takes it over' : 'nobody holds it',
    };
  }
  const { holder, here } = held;
  return {
    state: 'warning',
    message: `held by barloom ${holder.command} (pid ${holder.pid} on ${holder.host}, since ${holder.since})`,
    advice: here
      ? 'That run is alive: barloom status --watch follows it, and another one ends with 11 until it is done.'
      : 'If that run is certainly dead, say --break-lock once.',
  };
}

export interface ProgressRequest {
  readonly layout: FolderLayout;
  readonly now: Date;
  /** Where days would come from; undefined where that is not known. */
  readonly source: SourceIdentity | undefined;
  readonly adoptSource: boolean;
}

/** Throws ProgressFileError, AcceptedFileError or the disk's error. */
export async function checkProgress({ layout, now, source, adoptSource }: ProgressRequest): Promise<Finding> {
  const { progress, warnings } = await openProgress({
    dataDir: layout.dataDir,
    calendarOf: (name) => (datasetNamed(name) ?? stocksDaily).calendar,
    readOnly: true,
    now,
  });
  const accepted = await readAccepted(layout.dataDir);
  const [warning] = warnings;
  if (warning !== undefined) {
    return {
      state: 'warning',
      message: warning,
      advice: 'Nothing is lost: the next run moves the file aside and learns again what is here.',
    };
  }
  const recorded = progress.source;
  if (recorded === undefined) return { state: 'ok', message: 'nothing is recorded yet' };
  if (source !== undefined && !sameSource(recorded, source) && !adoptSource) {
    return {
      state: 'failure',
      message: `this folder was filled from ${told(recorded)}, not from ${told(source)}`,
      advice: 'Give another --data-dir, or say --adopt-source if the two hold the same data.',
      outcome: { usage: true },
    };
  }
  const archived = archivedDays(progress);
  if (archived > 0 && !existsSync(layout.archiveDir)) {
    return {
      state: 'warning',
      message: `${amount(archived, 'day')} recorded in the archive, and ${layout.archiveDir} is not there`,
      advice: 'Is its drive mounted, or --archive-dir another one? Otherwise the days are fetched again.',
    };
  }
  const holes = accepted.length === 0 ? '' : `, ${amount(accepted.length, 'accepted hole')}`;
  return {
    state: 'ok',
    message: `${amount(recordedDays(progress), 'day')} recorded, from ${told(recorded)}${holes}`,
  };
}

function told({ endpoint, bucket }: SourceIdentity): string {
  return `${endpoint} (bucket ${bucket})`;
}

function recordedDays({ datasets: known }: Progress): number {
  return [...known.values()].reduce((sum, { days }) => sum + days.size, 0);
}

function archivedDays({ datasets: known }: Progress): number {
  const records = [...known.values()].flatMap(({ days }) => [...days.values()]);
  return records.filter(({ archive, pruned }) => archive !== undefined && pruned !== true).length;
}

/** Throws TickerListError. `own`: whether a list is put there by the first run. */
export function judgeTickers({ tickers, lists, tracked }: AllTracked, own: boolean): Finding {
  if (tickers.length === 0 && own)
    return { state: 'ok', message: "none yet; the first run brings the sandbox's list" };
  const barren = lists.flatMap(({ file, barren: why }) => (why === undefined ? [] : [`${file} ${why}`]));
  if (barren.length > 0)
    return {
      state: 'warning',
      message: `${tickers.length} tracked, but ${barren.join(', ')}`,
      advice: 'Correct such a list, or remove it: populate ends with 3 where one brings nothing.',
    };
  if (tickers.length === 0) {
    return {
      state: 'warning',
      message: 'none is tracked',
      advice: 'Put one a line into stocks.txt in the data folder, or say populate --tickers AAPL,MSFT.',
    };
  }
  const from = lists.map(({ file, count }) => `${file} (${count})`);
  if (tracked.tickers.length > 0) from.push(`tracked.txt (${tracked.tickers.length})`);
  return { state: 'ok', message: `${tickers.length} tracked, from ${from.join(', ')}` };
}
