/**
 * What must hold after every kill (nothing torn, nothing of the user's gone, what is recorded is there), and
 * what must hold once the same command was run again: the folder of an uninterrupted run, and nothing left
 * behind anywhere.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { nyse } from '#market/calendar/nyse.js';
import { dayBars } from '#market/datasets/series-form.js';
import { parseMonthToc } from '#store/archive/toc.js';
import { parseAccepted } from '#store/ledger/accepted.js';
import { isLookedUp, type Progress } from '#store/ledger/model.js';
import { openProgress, type ProgressStore } from '#store/ledger/store.js';
import { tickerOfFileName } from '#store/series/file-name.js';
import { parseSeries } from '#store/series/series-file.js';
import { NOW, type Workdir } from '../../support/workdir.js';
import type { Scene } from './kill-scenes.js';
import { namesBelow } from './kill-vendor.js';

const SUFFIX = dayBars.suffix;
/** Files that were moved aside or kept under a second name, without the instant in it. */
const ASIDE = /\.(?:unreadable|damaged|original)-[0-9TZ]+(?:-\d+)?$/;

/** Everything below the work folder but the home, by its path: its bytes. */
export type Image = ReadonlyMap<string, Buffer>;

export function imageOf(work: Workdir): Image {
  const image = new Map<string, Buffer>();
  for (const name of namesBelow(work.root)) {
    const file = path.join(work.root, name);
    // Among what a killed doctor leaves is a link to nothing.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) image.set(name, readFileSync(file));
  }
  return image;
}

/** What is known by progress.json and its journal. */
export function progressOf(work: Workdir): Promise<ProgressStore> {
  return openProgress({ dataDir: work.data, calendarOf: () => nyse, readOnly: true, now: new Date(NOW) });
}

/** The archive, wherever barloom.json says that it is. */
function archiveOf(work: Workdir): string {
  if (!work.has('barloom.json')) return work.at('massive_cache');
  const { archiveDir } = JSON.parse(work.read('barloom.json')) as { archiveDir?: string };
  return archiveDir ?? work.at('massive_cache');
}

/**
 * Throws what does not hold. `before` is the folder before the first kill, `after` what an uninterrupted run
 * left.
 */
export async function nothingTorn(work: Workdir, scene: Scene, before: Image, after: Image): Promise<void> {
  const now = imageOf(work);
  for (const [name, bytes] of now) {
    const known = [before.get(name), after.get(name)].some((one) => one?.equals(bytes) === true);
    if (known) continue;
    if (/\.barloom-tmp(?:$|\/)|barloom\.lock|\.barloom-doctor-|^data\/(?:lake|quotes)\/\.work\//.test(name))
      continue;
    const about = whatIsWrong(name, bytes, before) ?? longerBin(name, bytes, before, after);
    if (about !== undefined) throw new Error(`${name} (${bytes.length} bytes): ${about}`);
  }
  if (!scene.deletes) usersRowsAreThere(before, now);
  await recordedIsThere(work, before, after);
}

function whatIsWrong(name: string, bytes: Buffer, before: Image): string | undefined {
  if (ASIDE.test(name)) {
    const original = before.get(name.replace(ASIDE, ''));
    return original?.equals(bytes) === true ? undefined : 'it was kept aside, and is not what had the name';
  }
  if (/massive_cache\/\.toc\/|out\/archive\/\.toc\//.test(name))
    return parseMonthToc(bytes) === undefined ? 'a torn table of contents' : undefined;
  if (name.endsWith(SUFFIX)) {
    const parsed = parseSeries(bytes);
    return parsed.ok && parsed.canonical ? undefined : 'a torn series';
  }
  if (name.endsWith('.csv.gz')) return archiveTrouble(bytes);
  // What is built, with the times of its files; longer bins are looked at by themselves.
  if (/^data\/(?:lake\/.*\/(?:_built|barloom)|quotes\/\.import)\.json$/.test(name))
    return attempt(() => JSON.parse(bytes.toString()));
  if (BIN.test(name)) return undefined;
  switch (name) {
    case 'data/progress.ndjson':
    case 'data/progress.json':
      // Read below, with their checks.
      return undefined;
    case 'data/.barloom.run':
    case 'data/.barloom.verified':
      return attempt(() => JSON.parse(bytes.toString()));
    case 'data/accepted.json':
      return attempt(() => parseAccepted(bytes.toString()));
    case 'data/barloom.log':
      return logTrouble(bytes.toString());
    case 'data/barloom.json':
      return attempt(() => JSON.parse(bytes.toString()));
    default:
      return /^(?:out\/hook\.json|out\/archive\/\.barloom-move\.json)$/.test(name)
        ? undefined
        : 'neither the old file nor the new one';
  }
}

const BIN = /^data\/lake\/gold\/.*\.bin$/;

/** Of Qlib's files: as it was, and behind that as much of the new days as was written. */
function longerBin(name: string, bytes: Buffer, before: Image, after: Image): string | undefined {
  if (!BIN.test(name)) return undefined;
  const [old, whole] = [before.get(name) ?? Buffer.alloc(0), after.get(name)];
  const isPart = whole?.subarray(0, bytes.length).equals(bytes) === true;
  return isPart && bytes.subarray(0, old.length).equals(old)
    ? undefined
    : 'neither the old bin nor a part of the new';
}

/** A day file that neither was there before nor is there in the end may only be a whole one. */
function archiveTrouble(bytes: Buffer): string | undefined {
  return attempt(() => gunzipSync(bytes)) ?? 'a day file that an uninterrupted run never has';
}

function attempt(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A line may have been cut by a kill; the next one stands on a line of its own. */
function logTrouble(log: string): string | undefined {
  const bad = log.split('\n').find((line) => {
    const isWhole = line === '' || attempt(() => JSON.parse(line)) === undefined;
    return !isWhole && line.lastIndexOf('{"level"') !== 0 && !'{"level"'.startsWith(line);
  });
  return bad === undefined ? undefined : `a line that runs into another: ${bad.slice(0, 120)}`;
}

function unsound(gzip: Buffer): boolean {
  return attempt(() => gunzipSync(gzip)) !== undefined;
}

/** Rows of days that nobody can fetch: in the series, or in what was kept of it. */
function usersRowsAreThere(before: Image, now: Image): void {
  for (const [name, bytes] of before) {
    if (!name.endsWith(SUFFIX)) continue;
    for (const line of bytes
      .toString('latin1')
      .split('\n')
      .filter((line) => line.startsWith('2023-'))) {
      const places = [...now].filter(
        ([other]) => other === name || (other.startsWith(`${name}.`) && ASIDE.test(other)),
      );
      const day = line.slice(0, 11);
      if (!places.some(([, text]) => text.includes(`\n${day}`)))
        throw new Error(`${name}: the user's row of ${day} is gone`);
    }
  }
}

async function recordedIsThere(work: Workdir, before: Image, after: Image): Promise<void> {
  const { progress, warnings } = await progressOf(work);
  const torn = warnings.filter((warning) => warning.startsWith('progress.ndjson'));
  if (torn.length > 0) throw new Error(torn.join('; '));
  if (!work.has('progress.json') && !work.has('progress.ndjson')) return;
  const known = progress.datasets.get('stocks_daily');
  if (known === undefined) return;
  const archive = archiveOf(work);
  // Days whose file the scene itself took away, or spoilt so that it is moved aside.
  const recordedBefore = before.get('data/progress.json')?.toString() ?? '';
  const goneBefore = new Set(
    [...known.days.keys()].filter((day) => {
      const name = `data/massive_cache/${day}.csv.gz`;
      const bytes = before.get(name);
      return recordedBefore.includes(`"${day}"`) && (bytes === undefined || unsound(bytes));
    }),
  );
  for (const [day, record] of known.days) {
    const file = path.join(archive, `${day}.csv.gz`);
    if (record.archive === undefined || record.pruned === true || existsSync(file)) continue;
    if (!goneBefore.has(day)) throw new Error(`${day} is recorded as archived, and ${file} is not there`);
  }
  for (const [name, bytes] of after) {
    const ticker = name.startsWith('data/data_cache/')
      ? tickerOfFileName(path.basename(name), dayBars)
      : undefined;
    if (ticker === undefined || !work.has('data_cache', path.basename(name))) continue;
    const stamp = statSync(work.at('data_cache', path.basename(name)));
    const left = known.series.get(ticker);
    // A file that is not as it was recorded is looked at again by the next run.
    if (left?.size !== stamp.size || left.mtimeMs !== Math.floor(stamp.mtimeMs)) continue;
    const there = new Set(daysOf(readFileSync(work.at('data_cache', path.basename(name)))));
    for (const day of daysOf(bytes))
      if (isLookedUp(known, ticker, day) && !there.has(day))
        throw new Error(`${name}: ${day} is recorded as looked up, and its row is not there`);
  }
}

function daysOf(series: Buffer): readonly string[] {
  return series
    .toString()
    .split('\n')
    .slice(1, -1)
    .map((line) => line.slice(0, 10));
}

/** Throws where the folder is not what an uninterrupted run leaves, or something stays that no run leaves. */
export async function asUninterrupted(
  work: Workdir,
  scene: Scene,
  whole: Workdir,
  after: Image,
): Promise<void> {
  const now = imageOf(work);
  const [is, was] = [comparable(now, work.root), comparable(after, whole.root)];
  const names = [...new Set([...is.keys(), ...was.keys()])].sort();
  const apart = names.flatMap((name) => {
    const [one, other] = [is.get(name), was.get(name)];
    if (one === other) return [];
    return [`${name}: ${one === undefined ? 'lacking' : other === undefined ? 'too many' : 'differs'}`];
  });
  if (apart.length > 0) throw new Error(`not as after an uninterrupted run: ${apart.slice(0, 8).join('; ')}`);
  const [mine, theirs] = [await knownOf(work, scene), await knownOf(whole, scene)];
  if (mine !== theirs) throw new Error(`progress differs: ${firstDifference(mine, theirs)}`);
  const leftovers = namesBelow(work.root).filter((name) => isLeftover(name, scene));
  if (leftovers.length > 0) throw new Error(`left behind: ${leftovers.join(', ')}`);
  for (const [name, bytes] of now) {
    const about = name.endsWith(SUFFIX) || name.endsWith('.gz') ? undefined : whatIsWrong(name, bytes, after);
    if (about !== undefined && after.get(name)?.equals(bytes) !== true && !ASIDE.test(name))
      throw new Error(`${name}: ${about}`);
  }
}

function isLeftover(name: string, { keepsJournal }: Scene): boolean {
  if (name.startsWith('tmp/')) return true;
  if (name === 'data/progress.ndjson') return keepsJournal !== true;
  return /\.barloom-tmp|barloom\.lock|\.barloom-move|\.barloom-doctor-|(?:lake|quotes)\/\.work/.test(name);
}

/**
 * By name without instants, how many there are and what they hold. Times of runs, and what is derived, are
 * left out.
 */
function comparable(image: Image, root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string[]>();
  for (const [name, bytes] of image) {
    if (
      /\.barloom-tmp$|barloom\.lock|\.barloom-doctor-|\.toc\/|^data\/(?:progress\.\w+|\.barloom\.(?:run|verified)|barloom\.log|lake\/.*built\.json|quotes\/\.import\.json)$|^out\/hook\.json$|^home/.test(
        name,
      )
    )
      continue;
    const key = name.replace(ASIDE, (aside) => `${aside.slice(0, aside.indexOf('-'))}-…`);
    const hash = createHash('sha256').update(withoutRoot(bytes, root)).digest('hex');
    found.set(key, [...(found.get(key) ?? []), hash]);
  }
  return new Map([...found].map(([key, hashes]) => [key, hashes.sort().join(' ')]));
}

/** barloom.json and the backup's tar file may name folders. */
function withoutRoot(bytes: Buffer, root: string): Uint8Array {
  return bytes.includes(root) ? Buffer.from(bytes.toString('latin1').replaceAll(root, '…'), 'latin1') : bytes;
}

/** What progress knows, as text; stamps of files that are as they were recorded are `right`. */
async function knownOf(work: Workdir, { learnsLater }: Scene): Promise<string> {
  const { progress } = await progressOf(work);
  const known = progress.datasets.get('stocks_daily');
  if (known === undefined) return '';
  const archive = archiveOf(work);
  const days = [...known.days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, record]) => {
      // A kill between a day's file and its record: the next run knows the file again, and not what is only
      // noted beside it.
      const { archive: stamp, rows: _, text_sha256: __, etag: ___, left_out, ...rest } = record;
      // left_out lacks where nobody has looked, which is not the same as an empty list. Without a file there
      // is nothing to know again.
      const looked = stamp === undefined ? { left_out } : {};
      return [
        day,
        { ...sorted({ ...rest, ...looked }), stamp: fits(path.join(archive, `${day}.csv.gz`), stamp) },
      ];
    });
  const series = [...known.series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ticker, { size, mtimeMs, seen, next }]) => {
      const names = namesBelow(work.at('data_cache')).filter(
        (name) => tickerOfFileName(name, dayBars) === ticker,
      );
      return [ticker, seen, next, fits(work.at('data_cache', names[0] ?? 'none'), { size, mtimeMs })];
    });
  const ofSeries = learnsLater === true ? {} : { lookups: lookupsOf(progress), series };
  return JSON.stringify({ source: progress.source, days, ...ofSeries }, null, 1);
}

function lookupsOf(progress: Progress): unknown {
  const known = progress.datasets.get('stocks_daily');
  const tickers = [...(known?.lookups ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return { tickers, every: known?.everyTicker, except: [...(known?.exceptions ?? [])].sort() };
}

function sorted(record: object): object {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function fits(file: string, stamp: { readonly size: number; readonly mtimeMs: number } | undefined): string {
  if (stamp === undefined) return 'none';
  if (!existsSync(file)) return 'no file';
  const { size, mtimeMs } = statSync(file);
  return size === stamp.size && Math.floor(mtimeMs) === stamp.mtimeMs ? 'right' : 'another';
}

function firstDifference(a: string, b: string): string {
  const [mine, theirs] = [a.split('\n'), b.split('\n')];
  const at = mine.findIndex((line, i) => line !== theirs[i]);
  return `${mine
    .slice(Math.max(0, at - 6), at + 1)
    .join('')
    .slice(-300)} | in its place ${theirs[at]?.slice(0, 160)}`;
}
