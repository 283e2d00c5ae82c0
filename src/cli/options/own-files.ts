/**
 * Which files of a data folder are barloom's own, or lists that it reads: no result may be written over them,
 * by whatever name it is called.
 */
import path from 'node:path';
import { realPathOf } from '#platform/disk/real-path.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { defaultListNames } from '#store/lists/lists.js';
import { trackedFileName } from '#store/lists/tracked.js';

/** Where nightly logs, unless it is told otherwise. */
export const LOG_NAME = 'barloom.log';
/** What report writes where no other name is given. */
export const REPORT_NAME = 'report.html';

const OWN_NAMES: ReadonlySet<string> = new Set([
  ...defaultListNames,
  trackedFileName,
  'progress.json',
  'progress.ndjson',
  'accepted.json',
  'barloom.json',
  'fetch_progress.json',
  LOG_NAME,
]);

/** As ownPlace, of a log: it may be the one that nightly keeps, and none of the lists that are read. */
export function logRefusal(file: string, lists: readonly string[], layout: FolderLayout): string | undefined {
  const target = realPathOf(file);
  if (target === path.join(realPathOf(layout.dataDir), LOG_NAME)) return undefined;
  if (lists.some((list) => realPathOf(list) === target))
    return `${file} is a ticker list: give the log another name.`;
  return ownPlace(file, layout);
}

/** Why nothing may be written to `file`; undefined where it may. Links are followed. */
export function ownPlace(file: string, { dataDir, archiveDir }: FolderLayout): string | undefined {
  const target = realPathOf(file);
  for (const own of [archiveDir, path.join(dataDir, 'data_cache')]) {
    if (target.startsWith(`${realPathOf(own)}${path.sep}`))
      return `${file} would lie in ${own}, among what it holds: choose another folder.`;
  }
  const name = path.basename(target);
  const isOwn = OWN_NAMES.has(name) || name.startsWith('.barloom');
  return isOwn && path.dirname(target) === realPathOf(dataDir)
    ? `${file} is a file that barloom reads or keeps in ${dataDir}: give another name.`
    : undefined;
}
