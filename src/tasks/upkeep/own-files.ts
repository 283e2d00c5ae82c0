/**
 * Which files backup and move-archive touch: what barloom itself puts there, by name and place. What else
 * lies in the same folders is somebody's own, and is neither packed nor moved. Links are followed; one that
 * leads nowhere is told, since a drive may not be mounted.
 */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { datasets } from '#market/datasets/all.js';
import { dayOfKey } from '#market/datasets/key.js';
import { datasetNamed } from '#market/datasets/named.js';
import { SOURCE_MARKER } from '#store/archive/source-marker.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { tableName } from '#store/quotes/layout.js';
import { dayFilesOf, symbolsIn, tablesIn } from '#store/quotes/tree.js';
import { heldTables, tableFiles, tablePartitionFile, tablesFolder } from '#store/tables/layout.js';
import { TABLE_RECORD } from '#store/tables/record.js';
import { type FileFact, fileFact, LocalStorageError } from './files.js';

/** A second name under which barloom keeps what it replaced. */
const ASIDE = /\.(?:damaged|original|unreadable)-\d{8}T\d{6}Z(?:-\d+)?$/;

/**
 * Day files, tables of contents and the marker of an archive, ascending by name; none where there is no such
 * folder. Throws LocalStorageError, or the disk's error.
 */
export async function archiveFiles(archiveDir: string): Promise<readonly FileFact[]> {
  const found: FileFact[] = [];
  for (const folder of await archiveFolders(archiveDir)) {
    const isRoot = folder === '';
    found.push(
      ...(await filesIn(archiveDir, folder, (name) => isDayFile(name) || (isRoot && isMarker(name)))),
      ...(await filesIn(archiveDir, path.posix.join(folder, '.toc'), (name) => /^\d{4}-\d{2}$/.test(name))),
    );
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Where day files lie, below the archive's folder; '' is the folder itself. Those of prefixes that barloom
 * does not know are found by their names.
 */
export async function archiveFolders(archiveDir: string): Promise<readonly string[]> {
  const folders = new Set([...datasets.values()].map(({ folder }) => folder));
  for (const market of await namesIn(archiveDir))
    for (const product of await namesIn(path.join(archiveDir, market))) {
      const name = `${market}/${product}`;
      if (datasetNamed(name)?.folder === name) folders.add(name);
    }
  return [...folders];
}

/** None where it is no folder. */
function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}

/** Series, and what was kept of files that barloom replaced. */
export async function seriesFiles(folder: string): Promise<readonly FileFact[]> {
  const found: FileFact[] = [];
  for (const name of new Set([...datasets.values()].map(({ seriesFolder }) => seriesFolder)))
    found.push(...(await filesIn(folder, name, isSeries)));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The REST tables, and what is recorded of each: their names are below `tables/`. */
export async function restTableFiles(layout: Pick<FolderLayout, 'dataDir'>): Promise<readonly FileFact[]> {
  const root = tablesFolder(layout);
  const found: FileFact[] = [];
  for (const table of heldTables(layout)) {
    // What is recorded comes first: a table that is newer than its record loses nothing.
    const names = [TABLE_RECORD, ...[...tableFiles(layout, table).keys()].map(tablePartitionFile)];
    for (const name of names) {
      const fact = await fileFact(path.join(root, table, name), `${table}/${name}`);
      if (fact !== undefined) found.push(fact);
    }
  }
  return found;
}

/** Days of imported quotes, and the markers of who filled the tables. `quotes`: the folder of all tables. */
export async function quoteFiles(quotes: string): Promise<readonly FileFact[]> {
  const found: FileFact[] = [];
  for (const table of tablesIn(quotes)) {
    found.push(...(await filesIn(quotes, tableName(table), isMarker)));
    for (const symbol of symbolsIn(quotes, table))
      for (const { file } of dayFilesOf(quotes, table, symbol)) {
        const fact = await fileFact(file, path.relative(quotes, file).split(path.sep).join('/'));
        if (fact !== undefined) found.push(fact);
      }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isDayFile(name: string): boolean {
  return dayOfKey(name.replace(ASIDE, '')) !== undefined;
}

function isMarker(name: string): boolean {
  return name.replace(ASIDE, '') === SOURCE_MARKER;
}

function isSeries(name: string): boolean {
  return name.replace(ASIDE, '').endsWith('_data.csv');
}

async function filesIn(
  root: string,
  folder: string,
  isOurs: (name: string) => boolean,
): Promise<readonly FileFact[]> {
  let names: readonly string[];
  try {
    names = await readdir(path.join(root, folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await refuseLooseLink(path.join(root, folder));
    return [];
  }
  const facts: FileFact[] = [];
  for (const name of names.filter(isOurs)) {
    const file = path.join(root, folder, name);
    const fact = await fileFact(file, path.posix.join(folder, name));
    if (fact === undefined) await refuseLooseLink(file);
    else facts.push(fact);
  }
  return facts;
}

async function refuseLooseLink(file: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isSymbolicLink() === true)
    throw new LocalStorageError(
      `${file} is a link that leads to no file or folder: is its drive mounted? Remove the link if it is not needed any more`,
    );
}
