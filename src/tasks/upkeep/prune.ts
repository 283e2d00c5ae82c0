/**
 * prune: the oldest days of the archive go, on purpose. Each is recorded as pruned before its file is
 * removed, so that a run that is killed in between never makes populate fetch it again; the next prune
 * removes what is left, or takes the record back where the day is to stay. Series keep their rows.
 */
import { constants } from 'node:fs';
import { access, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { addDays, daysBetween, type IsoDay, monthOf } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { replaceFile, syncFolder } from '#platform/disk/durable.js';
import { readBytes } from '#platform/disk/read.js';
import { parseMonthToc, renderMonthToc } from '#store/archive/toc.js';
import { archiveFile, archiveFolder, type FolderLayout, tocFile } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { type DayRanges, hasDay, NO_DAYS } from '#store/ledger/day-ranges.js';
import type { DatasetProgress, DayRecord } from '#store/ledger/model.js';
import { RUN_FILE } from '#store/ledger/run-file.js';

export interface ArchivedDay {
  readonly day: IsoDay;
  /** Of its file. */
  readonly bytes: number;
}

export interface PrunePlan {
  /** The first calendar day that stays; undefined where the archive holds no day. */
  readonly keepFrom: IsoDay | undefined;
  /** Ascending. */
  readonly remove: readonly ArchivedDay[];
  /** Ascending. */
  readonly stay: readonly ArchivedDay[];
  /**
   * Days that stay although an earlier prune, which was stopped before it removed their files, had recorded
   * them.
   */
  readonly takeBack: readonly IsoDay[];
}

/**
 * What `keepDays` calendar days up to the newest day of the archive leave. Up to that day and not to today,
 * so that a folder that was left alone for a year does not lose all of its days. `archived` ascending,
 * `keepDays` at least 1.
 */
export function planPrune(
  archived: readonly ArchivedDay[],
  known: Pick<DatasetProgress, 'days'>,
  keepDays: number,
): PrunePlan {
  const [oldest, newest] = [archived[0]?.day, archived.at(-1)?.day];
  if (oldest === undefined || newest === undefined)
    return { keepFrom: undefined, remove: [], stay: [], takeBack: [] };
  const keepFrom = daysBetween(oldest, newest) < keepDays ? oldest : addDays(newest, 1 - keepDays);
  const stay = archived.filter(({ day }) => day >= keepFrom);
  return {
    keepFrom,
    remove: archived.filter(({ day }) => day < keepFrom),
    stay,
    takeBack: stay.flatMap(({ day }) => (known.days.get(day)?.pruned === true ? [day] : [])),
  };
}

/** The days of the dataset that the archive holds, ascending. */
export function archivedDays(folder: DataFolder, dataset: Dataset): readonly ArchivedDay[] {
  const archive = folder.archive(dataset);
  return archive.days().flatMap((day) => {
    const stamp = archive.stampOf(day);
    return stamp === undefined ? [] : [{ day, bytes: stamp.size }];
  });
}

/**
 * The tickers that were not looked up on all of the days, or whose series is gone: their series lack bars
 * that only the archive holds.
 */
export function lackingTickers(
  tickers: readonly string[],
  days: readonly IsoDay[],
  known: Pick<DatasetProgress, 'lookups' | 'everyTicker' | 'exceptions' | 'series'>,
  hasSeries: (ticker: string) => boolean,
): readonly string[] {
  const uncovered = days.filter((day) => !hasDay(known.everyTicker, day));
  // Thousands of tickers share a few values.
  const answers = { plain: new Map<DayRanges, boolean>(), excepted: new Map<DayRanges, boolean>() };
  return tickers.filter((ticker) => {
    if (known.series.get(ticker)?.seen === true && !hasSeries(ticker)) return true;
    const own = known.lookups.get(ticker) ?? NO_DAYS;
    const excepted = known.exceptions.has(ticker);
    const answered = excepted ? answers.excepted : answers.plain;
    const answer = answered.get(own) ?? (excepted ? days : uncovered).some((day) => !hasDay(own, day));
    answered.set(own, answer);
    return answer;
  });
}

/**
 * Carries the plan out, in a folder that is open for writing. Returns the days that were removed, ascending:
 * fewer than planned only where it was stopped. Throws the disk's error: before anything is recorded where the
 * archive's folder is read-only; else the same again finishes what is recorded by then.
 */
export async function carryOut(
  { remove, takeBack }: PrunePlan,
  folder: DataFolder,
  dataset: Dataset,
  signal: AbortSignal,
): Promise<readonly ArchivedDay[]> {
  // Before it is recorded: what cannot be removed stays what it is.
  if (remove.length > 0) await access(archiveFolder(folder.layout, dataset), constants.W_OK);
  const known = folder.known(dataset);
  const step = (day: IsoDay, record: DayRecord) =>
    ({ step: 'day', dataset: dataset.name, day, record }) as const;
  await folder.progress.record([
    ...remove.flatMap(({ day }) => {
      const record = known.days.get(day);
      return record?.pruned === true ? [] : [step(day, { ...record, pruned: true })];
    }),
    ...takeBack.map((day) => {
      const { pruned: _, ...record } = known.days.get(day) ?? {};
      return step(day, record);
    }),
  ]);
  const days: ArchivedDay[] = [];
  for (const archived of remove) {
    if (signal.aborted) break;
    await rm(archiveFile(folder.layout, dataset, archived.day), { force: true });
    days.push(archived);
  }
  if (days.length > 0) {
    await syncFolder(archiveFolder(folder.layout, dataset));
    await dropTocs(folder, dataset);
  }
  return days;
}

/**
 * On a disk that is full to the last byte there is no room to record what is going to be removed, nor for a
 * lock. What nothing is lost with goes first then: the tables of contents, which are made again when they are
 * needed, and the trace of the last run. False where there are none.
 */
export async function makeRoom(layout: FolderLayout, dataset: Dataset): Promise<boolean> {
  const tables = (await tocNames(layout, dataset)).map((name) => tocFile(layout, dataset, `${name}-01`));
  if (tables.length === 0) return false;
  for (const file of [...tables, path.join(layout.dataDir, RUN_FILE)]) await rm(file, { force: true });
  return true;
}

/**
 * Takes the days that are gone out of the tables of contents, and removes a table that holds none any more.
 */
async function dropTocs({ layout, archive }: DataFolder, dataset: Dataset): Promise<void> {
  const here = new Set(archive(dataset).days());
  const months = new Set([...here].map(monthOf));
  for (const name of await tocNames(layout, dataset)) {
    const file = tocFile(layout, dataset, `${name}-01`);
    const toc = months.has(name) ? parseMonthToc(await readBytes(file)) : undefined;
    const left = toc === undefined ? [] : [...toc].filter(([day]) => here.has(day));
    if (left.length === 0) await rm(file, { force: true });
    else if (left.length < (toc?.size ?? 0)) await replaceFile(file, renderMonthToc(new Map(left)));
  }
}

async function tocNames(layout: FolderLayout, dataset: Dataset): Promise<readonly string[]> {
  try {
    const names = await readdir(path.join(archiveFolder(layout, dataset), '.toc'));
    return names.filter((name) => /^\d{4}-\d{2}$/.test(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
