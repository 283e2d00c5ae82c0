/**
 * verify --repair: mends what was found from what is sound, in this order: progress.json from the folders, day files from their own text
 * where that is whole, the others from the vendor, tables of contents and series from the archive. It never discards the only copy.
 */
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { keepOriginal, moveAside } from '#platform/disk/durable.js';
import { archiveFile, tocFile } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import type { SeriesRecord } from '#store/ledger/model.js';
import type { Step } from '#store/ledger/steps.js';
import { namesIn, seriesFile, seriesHere, shownFile } from './files.js';
import { mendBlocks, remakeTocs } from './mend-archive.js';
import { type BrokenSeries, type MendContext, mendSeries } from './mend-series.js';
import { type Damage, damageKey, type VerifyResult } from './result.js';

export interface RepairContext {
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Runs `body` with the folder open for writing: the lock is held in it, and given back behind it. */
  readonly withFolder: (body: (folder: DataFolder) => Promise<void>) => Promise<void>;
  /**
   * Fetches these days from the vendor again, and takes the lock itself. Resolves also where some could not be had: to false where the disk
   * or the network gave out, so that another run may have them.
   */
  readonly fetchDays: (days: ReadonlySet<IsoDay>) => Promise<boolean>;
  readonly verify: () => Promise<VerifyResult>;
}

/** Something that was done to a file. */
export interface Mended {
  readonly file: string;
  readonly what: string;
}

export interface RepairResult {
  /** What is here now. */
  readonly after: VerifyResult;
  /** What had been found, and whether it is mended. */
  readonly damage: readonly (Damage & { readonly repaired: boolean })[];
  readonly mended: readonly Mended[];
}

/** Series are compared with a day only once it is whole again, and the vendor may have replaced it: that is a second round's. */
const ROUNDS = 2;

/** Throws LockedError, the disk's error, or the signal's reason; what was mended until then is. */
export async function repairDataset(
  found: VerifyResult,
  dataset: Dataset,
  context: RepairContext,
): Promise<RepairResult> {
  const mended: Mended[] = [];
  const did = (file: string, what: string): void => void mended.push({ file, what });
  const seen = new Map<string, Damage>();
  const asked: Asked = { tried: new Set(), cutOff: false };
  let now = found;
  for (let round = 0; round < ROUNDS && (round === 0 || mayHelp(now, asked)); round++) {
    for (const damage of now.damage) seen.set(damageKey(damage), damage);
    await mendRound(now, dataset, asked, context, did);
    now = await context.verify();
  }
  for (const damage of now.damage) seen.set(damageKey(damage), damage);
  const left = new Set(now.damage.map(damageKey));
  const damage = [...seen].map(([key, one]) => ({ ...one, repaired: !left.has(key) }));
  return { after: now, damage, mended };
}

interface Asked {
  /** Days that the vendor was asked for: not twice. */
  readonly tried: Set<IsoDay>;
  /** Whether the asking ended early. */
  cutOff: boolean;
}

function mayHelp({ damage }: VerifyResult, { tried }: Asked): boolean {
  return damage.some(({ day, ticker }) => ticker !== undefined || day === undefined || !tried.has(day));
}

export function needsRepair({ damage, harmless }: VerifyResult): boolean {
  return damage.length + harmless.length > 0;
}

async function mendRound(
  found: VerifyResult,
  dataset: Dataset,
  asked: Asked,
  context: RepairContext,
  did: MendContext['did'],
): Promise<void> {
  const unsound = new Set(daysOf(found.damage, ['archive-gone', 'archive-damaged', 'archive-changed']));
  const before = new Map<IsoDay, Before>();
  await context.withFolder(async (folder) => {
    await relearn(found, folder, dataset, did);
    for (const day of mendable(found)) {
      context.signal.throwIfAborted();
      if (!(await mendBlocks(folder, dataset, day))) continue;
      unsound.delete(day);
      did(shownFile(folder.layout, archiveFile(folder.layout, dataset, day)), 'its blocks written again');
    }
    const changed = new Set(daysOf(found.damage, ['archive-changed']));
    for (const day of unsound) {
      if (asked.tried.has(day)) continue;
      const file = archiveFile(folder.layout, dataset, day);
      if (!dataset.calendar.isSession(day) && folder.known(dataset).days.get(day)?.size === undefined) {
        const aside = await putAway(folder, dataset, day, context.now);
        if (aside !== undefined) did(shownFile(folder.layout, file), `moved to ${aside}: no day of trading`);
        continue;
      }
      before.set(day, await beforeFetch(file, changed.has(day), context.now));
      asked.tried.add(day);
    }
  });
  if (before.size > 0) asked.cutOff ||= !(await context.fetchDays(new Set(before.keys())));
  await context.withFolder(async (folder) => {
    for (const [day, one] of before) {
      const file = archiveFile(folder.layout, dataset, day);
      const how = await afterFetch(file, one);
      if (how === undefined) continue;
      unsound.delete(day);
      did(shownFile(folder.layout, file), how);
    }
    await mendTocs(found, folder, dataset, context, did);
    // One that is made again has the rows of the days that are sound: whether others are missing, nobody could say any more.
    const isEarly = ({ kind }: Damage): boolean => asked.cutOff && kind === 'series-unreadable';
    const ripe = { ...found, damage: found.damage.filter((damage) => !isEarly(damage)) };
    const series = await brokenSeries(ripe, folder, dataset);
    const { now, signal } = context;
    // What nothing is wrong with was not compared with days that were unsound: they are left to the next round, which keeps what differs.
    const [kept, sound] = partition(series);
    await mendSeries(without(unsound, folder), dataset, kept, { now, signal, did });
    await mendSeries(without(new Set([...unsound, ...uncompared(found)]), folder), dataset, sound, {
      now,
      signal,
      did,
    });
  });
}

/** Days of the archive that the series were not compared with. */
function uncompared({ damage }: VerifyResult): ReadonlySet<IsoDay> {
  return new Set(daysOf(damage, ['archive-gone', 'archive-damaged', 'archive-changed']));
}

/** Series of which a copy is kept as they are, or of which there is nothing to keep; and the others. */
function partition(
  series: readonly BrokenSeries[],
): readonly [readonly BrokenSeries[], readonly BrokenSeries[]] {
  const isKept = ({ found }: BrokenSeries): boolean =>
    found?.kind === 'series-gone' ||
    found?.kind === 'series-unreadable' ||
    (found?.wrong?.length ?? 0) + (found?.misdated?.length ?? 0) > 0;
  return [series.filter(isKept), series.filter((one) => !isKept(one))];
}

/** The folder as if the archive did not hold these days: nothing is to be mended from them, and rows of them stay. */
function without(unsound: ReadonlySet<IsoDay>, folder: DataFolder): DataFolder {
  return {
    ...folder,
    archive: (dataset) => {
      const archive = folder.archive(dataset);
      return { ...archive, days: () => archive.days().filter((day) => !unsound.has(day)) };
    },
  };
}

function daysOf(damage: readonly Damage[], kinds: readonly Damage['kind'][]): IsoDay[] {
  return damage.flatMap(({ kind, day }) => (kinds.includes(kind) && day !== undefined ? [day] : []));
}

/** Days whose own bytes may do. */
function mendable({ damage, harmless }: VerifyResult): ReadonlySet<IsoDay> {
  const foreign = harmless.flatMap(({ day }) => (day === undefined ? [] : [day]));
  return new Set([...daysOf(damage, ['archive-damaged']), ...foreign]);
}

/**
 * What progress.json can learn from the folder: a damaged one was moved aside when the folder was opened. Copies that were found sound to the
 * last byte are recorded as they are now.
 */
async function relearn(
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
  const steps: Step[] = [];
  for (const day of new Set(current)) {
    const stamp = archive.stampOf(day);
    if (unsound.has(day) || stamp === undefined) continue;
    const record = { ...known.days.get(day), archive: stamp };
    steps.push({ step: 'day', dataset: dataset.name, day, record });
  }
  for (const day of daysOf(found.damage, ['progress-wrong'])) {
    const { rows: _, ...record } = known.days.get(day) ?? {};
    steps.push({ step: 'day', dataset: dataset.name, day, record });
    did('progress.json', `the number of rows of ${day} forgotten`);
  }
  // With days that could not be compared, nobody knows whether the series hold their bars.
  if (found.deep && uncompared(found).size === 0)
    steps.push(...(await touchedSeries(found, folder, dataset)));
  if (steps.length > 0) await folder.progress.record(steps);
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
    const { size, mtimeMs } = await stat(seriesFile(folder.layout, dataset, ticker));
    files[ticker] = { size, mtimeMs: Math.floor(mtimeMs), seen };
  }
  return Object.keys(files).length === 0 ? [] : [{ step: 'series', dataset: dataset.name, files }];
}

/**
 * A damaged file of a day on which nobody trades: the vendor has none, so it could never be whole again. Undefined where there is no file,
 * only a record of one.
 */
async function putAway(
  folder: DataFolder,
  dataset: Dataset,
  day: IsoDay,
  now: Date,
): Promise<string | undefined> {
  const file = archiveFile(folder.layout, dataset, day);
  const aside =
    (await inodeOf(file)) === undefined ? undefined : path.basename(await moveAside(file, 'damaged', now));
  if (folder.known(dataset).days.has(day))
    await folder.progress.record([{ step: 'day', dataset: dataset.name, day, record: {} }]);
  return aside;
}

/** A day file before it is fetched again. */
interface Before {
  /** Undefined where there was no file. */
  readonly inode: bigint | undefined;
  /** Its second name, where it was given one. */
  readonly original: string | undefined;
}

/** `keep`: a copy that can be read and holds another text may be somebody's own, and stays under a second name. */
async function beforeFetch(file: string, keep: boolean, now: Date): Promise<Before> {
  const inode = await inodeOf(file);
  if (inode === undefined || !keep) return { inode, original: undefined };
  return { inode, original: path.join(path.dirname(file), await keepOriginal(file, now)) };
}

/** What the vendor's answer came to; undefined where the file is the one that it was. A second name that is needless is taken back. */
async function afterFetch(file: string, { inode, original }: Before): Promise<string | undefined> {
  if ((await inodeOf(file)) === inode) {
    // One that was kept before, of the same bytes, is another file, and stays.
    if (original !== undefined && (await inodeOf(original)) === inode) await rm(original, { force: true });
    return undefined;
  }
  if (original !== undefined) return `fetched again; the other is ${path.basename(original)}`;
  const names = await namesIn(path.dirname(file));
  const aside = names.filter((name) => name.startsWith(`${path.basename(file)}.damaged-`)).at(-1);
  return aside === undefined ? 'fetched again' : `fetched again; the damaged one is ${aside}`;
}

async function inodeOf(file: string): Promise<bigint | undefined> {
  try {
    return (await stat(file, { bigint: true })).ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function mendTocs(
  found: VerifyResult,
  folder: DataFolder,
  dataset: Dataset,
  { now }: Pick<RepairContext, 'now'>,
  did: MendContext['did'],
): Promise<void> {
  const files = new Set(found.damage.flatMap(({ kind, file }) => (kind === 'toc-damaged' ? [file] : [])));
  for (const file of files) await clearPlace(path.resolve(folder.layout.dataDir, file), now);
  const days = folder
    .archive(dataset)
    .days()
    .filter((day) => files.has(shownFile(folder.layout, tocFile(folder.layout, dataset, day))));
  await remakeTocs(folder, dataset, days);
  for (const file of files) did(file, 'made again from the day files');
}

/** What stands in the way of a table, such as a folder of its name, is moved aside. */
async function clearPlace(file: string, now: Date): Promise<void> {
  const folder = path.dirname(file);
  const about = (place: string) => stat(place).catch(() => undefined);
  if ((await about(folder))?.isDirectory() === false) await moveAside(folder, 'unreadable', now);
  if ((await about(file))?.isFile() === false) await moveAside(file, 'unreadable', now);
}

/** Where progress.json was lost, and every row was compared, all series: what the archive has of them is known again. */
async function brokenSeries(
  found: VerifyResult,
  folder: DataFolder,
  dataset: Dataset,
): Promise<readonly BrokenSeries[]> {
  const broken = new Map<string, BrokenSeries>();
  const note = (ticker: string, damage: BrokenSeries['found']): void =>
    void broken.set(ticker, { ticker, found: damage });
  const isLost = found.damage.some(({ kind }) => kind === 'progress-damaged');
  if (isLost && found.deep)
    for (const ticker of await seriesHere(folder.layout, dataset, [])) note(ticker, undefined);
  for (const { ticker } of found.harmless) if (ticker !== undefined) note(ticker, undefined);
  for (const damage of found.damage) if (damage.ticker !== undefined) note(damage.ticker, damage);
  return [...broken.values()];
}
