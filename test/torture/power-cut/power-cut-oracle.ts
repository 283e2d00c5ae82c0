/** What must hold of a disk whose power was cut, whatever it lost of what was not durable. */
import path from 'node:path';
import { crc32, gunzipSync } from 'node:zlib';
import { datasets, stocksDaily } from '#market/datasets/all.js';
import { SOURCE_MARKER } from '#store/archive/source-marker.js';
import { parseProgress } from '#store/ledger/file.js';
import { emptyProgress, isLookedUp, type Progress } from '#store/ledger/model.js';
import { applyStep, type Step } from '#store/ledger/steps.js';
import { seriesFileName } from '#store/series/file-name.js';
import { parseSeries } from '#store/series/series-file.js';
import { type DiskFile, diskFile, type Tree } from './memory-disk.js';
import type { ReplayedDisk } from './replayed-disk.js';

/** Names that promise nothing: unfinished files, the lock, the trace of a run for onlookers, logs. */
const WITHOUT_PROMISE =
  /(\.barloom-tmp|\.barloom\.lock(\.[0-9a-f]{16})?|\.barloom\.(?:run|verified)|\/barloom\.log)$/;

export interface Expectations {
  readonly dataDir: string;
  /**
   * Rows of the user's own, by the name of the series file: they are in it, or in the original kept beside
   * it.
   */
  readonly userRows: Readonly<Record<string, readonly string[]>>;
}

export function filesOf(tree: Tree): Map<string, DiskFile> {
  const files = new Map<string, DiskFile>();
  for (const [name, entry] of tree) if (entry !== 'folder') files.set(name, entry);
  return files;
}

/**
 * What was lost or torn, in words; nothing where all promises hold. `final`: what the undisturbed run leaves.
 */
export function lossesOf(tree: Tree, disk: ReplayedDisk, final: Tree, expected: Expectations): string[] {
  const files = filesOf(tree);
  return [
    ...torn(files, disk),
    ...recordedButLost(tree, final, expected.dataDir),
    ...takenForTheUsers(files, filesOf(final), expected.dataDir),
    ...withoutSource(files, expected.dataDir),
    ...userRowsLost(files, expected),
  ];
}

/** Promise 1: what stands under a final name is one of the whole contents that ever stood there. */
function torn(files: ReadonlyMap<string, DiskFile>, disk: ReplayedDisk): string[] {
  const found: string[] = [];
  for (const [name, { hash, content }] of files) {
    if (disk.versions.get(name)?.some((version) => version.hash === hash) === true) continue;
    if (!WITHOUT_PROMISE.test(name) && !name.endsWith('/progress.ndjson'))
      found.push(`${name} holds ${content.length} bytes that are none of its versions`);
  }
  return found;
}

/**
 * What a command that has ended well leaves is there for good: nothing of it is still on its way to the disk.
 */
export function lostAfterTheEnd(tree: Tree, final: Tree): string[] {
  const [there, wanted] = [filesOf(tree), filesOf(final)];
  const differs = (name: string): boolean =>
    !WITHOUT_PROMISE.test(name) && there.get(name)?.hash !== wanted.get(name)?.hash;
  return [...new Set([...there.keys(), ...wanted.keys()])]
    .filter(differs)
    .map(
      (name) =>
        `${name} is ${there.has(name) ? (wanted.has(name) ? 'another' : 'back') : 'gone'} after the end`,
    );
}

/** Promise 2: what progress.json and its journal tell to be done is there. */
export function recordedButLost(tree: Tree, finalTree: Tree, dataDir: string): string[] {
  const [files, final] = [filesOf(tree), filesOf(finalTree)];
  const progress = progressIn(files, dataDir);
  const goal = progressIn(final, dataDir);
  const found: string[] = [];
  for (const [name, known] of progress.datasets) {
    const dataset = datasets.get(name) ?? stocksDaily;
    const archive = archiveDirIn(files, dataDir);
    const last = goal.datasets.get(name);
    for (const [day, record] of known.days) {
      if (record.archive === undefined || record.pruned === true) continue;
      const name = path.join(archive, dataset.folder, `${day}.csv.gz`);
      const file = files.get(name);
      // One that could not be read is moved aside before the new one takes its name.
      if (file === undefined && [...files.keys()].some((other) => other.startsWith(`${name}.damaged-`)))
        continue;
      if (file === undefined) found.push(`${day} is recorded, and its archive file is not there`);
      else if (
        record.text_sha256 !== undefined &&
        isStamp(file, record.archive) &&
        ![record.text_sha256, record.sorted_sha256].includes(textHash(file))
      )
        found.push(`${day} is recorded, and its archive file holds another text`);
    }
    const folder = path.join(dataDir, 'data_cache', dataset.folder);
    for (const ticker of new Set([...known.lookups.keys(), ...known.series.keys()])) {
      const series = path.join(folder, seriesFileName(ticker, dataset.series));
      const [rows, goalRows] = [rowsOf(files.get(series)), rowsOf(final.get(series))];
      for (const [day, values] of goalRows) {
        const record = known.days.get(day);
        if (!isLookedUp(known, ticker, day) || record?.correct?.[ticker] !== undefined) continue;
        const row = rows.get(day);
        if (row === undefined) found.push(`${ticker} was looked up on ${day}, and has no row of it`);
        const isLast = record?.text_sha256 === last?.days.get(day)?.text_sha256;
        if (isLast && record?.text_sha256 !== undefined && row !== undefined && row !== values)
          found.push(`${ticker} of ${day} is recorded as it is in the end, and is another`);
      }
    }
  }
  return found;
}

/** An archive that holds a day says from which source: nobody else may fill it up. */
function withoutSource(files: ReadonlyMap<string, DiskFile>, dataDir: string): string[] {
  const archive = archiveDirIn(files, dataDir);
  const day = [...files.keys()].find((name) => name.startsWith(`${archive}/`) && name.endsWith('.csv.gz'));
  return day === undefined || files.has(path.join(archive, SOURCE_MARKER))
    ? []
    : [`${day} is there, and no marker of the archive's source`];
}

const progressByHash = new Map<string, Progress>();

/**
 * What the series still hold of a file that the vendor replaced is known to be ours: otherwise it would be
 * taken for the user's, and stay.
 */
function takenForTheUsers(
  files: ReadonlyMap<string, DiskFile>,
  final: ReadonlyMap<string, DiskFile>,
  dataDir: string,
): string[] {
  const found: string[] = [];
  const archive = archiveDirIn(files, dataDir);
  for (const [name, known] of progressIn(files, dataDir).datasets) {
    const dataset = datasets.get(name) ?? stocksDaily;
    const goal = progressIn(final, dataDir).datasets.get(name);
    const days = [...(goal?.days.keys() ?? [])].map(
      (day) => [day, path.join(archive, dataset.folder, `${day}.csv.gz`)] as const,
    );
    const current = days.filter(
      ([, file]) => files.has(file) && files.get(file)?.hash === final.get(file)?.hash,
    );
    const isArchived = days.some(([, file]) => files.has(file));
    for (const ticker of goal?.series.keys() ?? []) {
      const series = path.join(dataDir, 'data_cache', dataset.folder, seriesFileName(ticker, dataset.series));
      const file = files.get(series);
      const [rows, goalRows] = [rowsOf(file), rowsOf(final.get(series))];
      for (const [day] of current) {
        const row = rows.get(day);
        const correct = known.days.get(day)?.correct?.[ticker];
        if (row !== undefined && row !== goalRows.get(day) && correct === undefined)
          found.push(`${ticker} of ${day} is outdated, and nothing says that the row is ours`);
      }
      const record = known.series.get(ticker);
      if (
        !isArchived &&
        file !== undefined &&
        record !== undefined &&
        !isStamp(file, record) &&
        record.next !== file.hash
      )
        found.push(`the series of ${ticker} is ours, and nothing says so`);
    }
  }
  return found;
}

/** As the program reads them, with what a torn journal's whole lines say. */
function progressIn(files: ReadonlyMap<string, DiskFile>, dataDir: string): Progress {
  const whole = files.get(path.join(dataDir, 'progress.json'));
  const journal = files.get(path.join(dataDir, 'progress.ndjson'));
  const key = `${whole?.hash} ${journal?.hash}`;
  const progress = progressByHash.get(key) ?? readProgress(whole, journal);
  progressByHash.set(key, progress);
  return progress;
}

function readProgress(whole: DiskFile | undefined, journal: DiskFile | undefined): Progress {
  const progress = whole === undefined ? emptyProgress() : parseProgress(whole.content.toString());
  for (const line of (journal?.content.toString() ?? '').split('\n').slice(0, -1)) {
    const [json = '', check] = line.split('\t');
    if (check !== crc32(json).toString(16).padStart(8, '0')) continue;
    applyStep(progress, JSON.parse(json) as Step, (name) => (datasets.get(name) ?? stocksDaily).calendar);
  }
  return progress;
}

function archiveDirIn(files: ReadonlyMap<string, DiskFile>, dataDir: string): string {
  const settings = files.get(path.join(dataDir, 'barloom.json'));
  const { archiveDir } = settings === undefined ? {} : JSON.parse(settings.content.toString());
  return typeof archiveDir === 'string' ? archiveDir : path.join(dataDir, 'massive_cache');
}

function isStamp(file: DiskFile, stamp: { readonly size: number; readonly mtimeMs: number }): boolean {
  return file.content.length === stamp.size && Math.floor(file.mtimeMs) === stamp.mtimeMs;
}

const textHashes = new Map<string, string>();

function textHash(file: DiskFile): string {
  let hash = textHashes.get(file.hash);
  if (hash === undefined) {
    hash = diskFile(gunzipSync(file.content), 0).hash;
    textHashes.set(file.hash, hash);
  }
  return hash;
}

const rowsByHash = new Map<string, ReadonlyMap<string, string>>();

function rowsOf(file: DiskFile | undefined): ReadonlyMap<string, string> {
  if (file === undefined) return new Map();
  let rows = rowsByHash.get(file.hash);
  if (rows === undefined) {
    const parsed = parseSeries(file.content);
    rows = new Map(parsed.ok ? parsed.rows.map(({ day, values }) => [day, values]) : []);
    rowsByHash.set(file.hash, rows);
  }
  return rows;
}

function userRowsLost(files: ReadonlyMap<string, DiskFile>, { dataDir, userRows }: Expectations): string[] {
  const found: string[] = [];
  for (const [name, rows] of Object.entries(userRows)) {
    const file = path.join(dataDir, 'data_cache', name);
    const texts = [...files]
      .filter(([other]) => other === file || (other.startsWith(`${file}.`) && !WITHOUT_PROMISE.test(other)))
      .map(([, { content }]) => content.toString());
    for (const row of rows)
      if (!texts.some((text) => text.includes(row))) found.push(`${name} lost the user's row ${row}`);
  }
  return found;
}
