/**
 * verify --repair: mends what was found from what is sound, in this order: progress.json from the folders,
 * day files from their own text where that is whole, the others from the vendor, tables of contents and
 * series from the archive. It never discards the only copy.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { moveAside } from '#platform/disk/durable.js';
import { archiveFile, tocFile } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { daysOf, uncompared } from './damaged-days.js';
import { afterFetch, type Before, beforeFetch, inodeOf } from './fetched-again.js';
import { seriesHere, shownFile } from './files.js';
import { mendBlocks, remakeTocs } from './mend-archive.js';
import { type BrokenSeries, type MendContext, mendSeries } from './mend-series.js';
import { relearn } from './relearn.js';
import { type Damage, damageKey, type VerifyResult } from './result.js';

export interface RepairContext {
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Runs `body` with the folder open for writing: the lock is held in it, and given back behind it. */
  readonly withFolder: (body: (folder: DataFolder) => Promise<void>) => Promise<void>;
  /**
   * Fetches these days from the vendor again, and takes the lock itself. Resolves also where some could not
   * be had: to false where the disk or the network gave out, so that another run may have them.
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

/**
 * Series are compared with a day only once it is whole again, and the vendor may have replaced it: that is a
 * second round's.
 */
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
    await mendRound(now, { dataset, asked, context, did });
    now = await context.verify();
  }
  for (const damage of now.damage) seen.set(damageKey(damage), damage);
  const left = new Set(now.damage.map(damageKey));
  const damage = [...seen].map(([key, one]) => ({ ...one, repaired: !left.has(key) }));
  return { after: now, damage, mended };
}

/** What the rounds of a repair share. */
interface Repair {
  readonly dataset: Dataset;
  readonly asked: Asked;
  readonly context: RepairContext;
  readonly did: MendContext['did'];
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

async function mendRound(found: VerifyResult, repair: Repair): Promise<void> {
  const { asked, context } = repair;
  const unsound = new Set(daysOf(found.damage, ['archive-gone', 'archive-damaged', 'archive-changed']));
  const before = new Map<IsoDay, Before>();
  await context.withFolder(async (folder) => {
    await relearn(found, folder, repair.dataset, repair.did);
    await mendOwnBlocks(mendable(found), unsound, folder, repair);
    const changed = new Set(daysOf(found.damage, ['archive-changed']));
    const days = [...unsound].filter((day) => !asked.tried.has(day));
    for (const day of days) {
      const fetched = await prepareFetch(day, changed.has(day), folder, repair);
      if (fetched !== undefined) before.set(day, fetched);
    }
  });
  if (before.size > 0) asked.cutOff ||= !(await context.fetchDays(new Set(before.keys())));
  await context.withFolder(async (folder) => {
    await noteFetched(before, unsound, folder, repair);
    await mendTocs(found, folder, repair);
    await mendAllSeries(found, unsound, folder, repair);
  });
}

/** Days whose text is whole, written again in blocks of our own; they are `unsound` no more. */
async function mendOwnBlocks(
  days: ReadonlySet<IsoDay>,
  unsound: Set<IsoDay>,
  folder: DataFolder,
  { dataset, context, did }: Repair,
): Promise<void> {
  for (const day of days) {
    context.signal.throwIfAborted();
    if (!(await mendBlocks(folder, dataset, day))) continue;
    unsound.delete(day);
    did(shownFile(folder.layout, archiveFile(folder.layout, dataset, day)), 'its blocks written again');
  }
}

/** Undefined where the vendor has no such day: its file is moved aside. */
async function prepareFetch(
  day: IsoDay,
  keep: boolean,
  folder: DataFolder,
  { dataset, asked, context, did }: Repair,
): Promise<Before | undefined> {
  const file = archiveFile(folder.layout, dataset, day);
  if (!dataset.calendar.isSession(day) && folder.known(dataset).days.get(day)?.size === undefined) {
    const aside = await putAway(folder, dataset, day, context.now);
    if (aside !== undefined) did(shownFile(folder.layout, file), `moved to ${aside}: no day of trading`);
    return undefined;
  }
  asked.tried.add(day);
  return beforeFetch(file, keep, context.now);
}

/** Days that came are `unsound` no more. */
async function noteFetched(
  before: ReadonlyMap<IsoDay, Before>,
  unsound: Set<IsoDay>,
  folder: DataFolder,
  { dataset, did }: Repair,
): Promise<void> {
  for (const [day, one] of before) {
    const file = archiveFile(folder.layout, dataset, day);
    const how = await afterFetch(file, one);
    if (how === undefined) continue;
    unsound.delete(day);
    did(shownFile(folder.layout, file), how);
  }
}

async function mendAllSeries(
  found: VerifyResult,
  unsound: ReadonlySet<IsoDay>,
  folder: DataFolder,
  { dataset, asked, context: { now, signal }, did }: Repair,
): Promise<void> {
  // One that is made again has the rows of the days that are sound: whether others are missing, nobody could
  // say any more.
  const isEarly = ({ kind }: Damage): boolean => asked.cutOff && kind === 'series-unreadable';
  const ripe = { ...found, damage: found.damage.filter((damage) => !isEarly(damage)) };
  const [kept, sound] = partition(await brokenSeries(ripe, folder, dataset));
  const [sounder, mending] = [without(unsound, folder), { now, signal, did }];
  await mendSeries(sounder, dataset, kept, { ...mending, compared: found.deep });
  // What nothing is wrong with was not compared with days that were unsound: whose the rows of those are,
  // nobody has said yet.
  const compared = found.deep && uncompared(found).size === 0;
  await mendSeries(sounder, dataset, sound, { ...mending, compared });
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

/**
 * The folder as if the archive did not hold these days: nothing is to be mended from them, and rows of them
 * stay.
 */
function without(unsound: ReadonlySet<IsoDay>, folder: DataFolder): DataFolder {
  return {
    ...folder,
    archive: (dataset) => {
      const archive = folder.archive(dataset);
      return { ...archive, days: () => archive.days().filter((day) => !unsound.has(day)) };
    },
  };
}

/** Days whose own bytes may do. */
function mendable({ damage, harmless }: VerifyResult): ReadonlySet<IsoDay> {
  const foreign = harmless.flatMap(({ day }) => (day === undefined ? [] : [day]));
  return new Set([...daysOf(damage, ['archive-damaged']), ...foreign]);
}

/**
 * A damaged file of a day on which nobody trades: the vendor has none, so it could never be whole again.
 * Undefined where there is no file, only a record of one.
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

async function mendTocs(
  found: VerifyResult,
  folder: DataFolder,
  { dataset, context: { now }, did }: Repair,
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

/**
 * Where progress.json was lost, and every row was compared, all series: what the archive has of them is known
 * again.
 */
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
