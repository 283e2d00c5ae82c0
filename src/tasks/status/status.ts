/**
 * What a data folder holds and what is going on in it, for whoever looks: gathered without a lock, from
 * progress, names and sizes. Nothing is changed. The fields are those of the --json document, a contract.
 */
import path from 'node:path';
import { dueAt, lastDueSession } from '#market/calendar/due.js';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { datasets as everyDataset } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { LeftOut } from '#market/records/left-out.js';
import { seriesOfTicker } from '#market/tickers/of-dataset.js';
import type { FileStamp } from '#platform/disk/durable.js';
import { lockHolder } from '#platform/lock/lock.js';
import type { ArchiveStore } from '#store/archive/store.js';
import {
  archiveFile,
  archiveFolder,
  type FolderLayout,
  seriesFolder,
  tocFile,
} from '#store/folder/layout.js';
import { type DataFolder, withDataFolder } from '#store/folder/open.js';
import { type AcceptedHole, acceptedOf, readAccepted } from '#store/ledger/accepted.js';
import type { DatasetProgress } from '#store/ledger/model.js';
import { type RunRecord, readRun } from '#store/ledger/run-file.js';
import { type AllTracked, trackedIn } from '#store/lists/all-tracked.js';
import { trackedFileName } from '#store/lists/tracked.js';
import { type CoveredDay, type CoverFacts, coverDays, coveredRange, isHole } from '#tasks/coverage/cover.js';
import { wantedIn } from '#tasks/coverage/kept.js';
import { trackedOrEvery } from '#tasks/series/tracked-or-every.js';
import { type CoverMonth, countStates, coverMonths, type StateCounts } from './cover-months.js';
import { folderBytes, seriesFiles } from './folder-sizes.js';
import { heldDatasets } from './held-datasets.js';
import { estimateText, knownText } from './text-size.js';

export interface FolderStatus {
  readonly data_dir: string;
  /** Who holds the lock; null where nobody does. */
  readonly running: RunningNow | null;
  /** The last run of populate, nightly, weekly or backfill that had something to do and is over. */
  readonly last_run: RunRecord | null;
  readonly datasets: readonly DatasetStatus[];
  /** What is amiss with progress.json, for the user. */
  readonly warnings: readonly string[];
}

export interface RunningNow {
  readonly command: string;
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** False: it is another host's, and cannot be known to be alive. */
  readonly here: boolean;
  /** How far it is; null before it has a plan, and for commands that fetch nothing. */
  readonly run: RunRecord | null;
}

export interface Some {
  readonly count: number;
  /** The first few, ascending. */
  readonly first: readonly string[];
}

export interface DatasetStatus {
  readonly dataset: string;
  readonly title: string;
  /** The first and the last day that is done. */
  readonly first: IsoDay | null;
  readonly last: IsoDay | null;
  /** What `days` and `months` speak of: from the first day known to the last one that is due. */
  readonly range: { readonly start: IsoDay; readonly end: IsoDay } | null;
  /** The states add up to the sessions. */
  readonly days: StateCounts;
  /** Of the days that are neither done nor pending, those that the user accepted. */
  readonly accepted: number;
  /** Sessions that are due and newer than the last day that is done. */
  readonly behind: number;
  readonly months: readonly CoverMonth[];
  /** Records that no series has, as far as they are recorded: how many of all tickers, on how many days. */
  readonly left_out_records: number;
  readonly left_out_days: number;
  /** The newest of each tracked ticker (of any, where every one is), newest first: the first few. */
  readonly left_out: readonly ({ readonly day: IsoDay } & LeftOut)[];
  readonly tickers: {
    /** Null: every ticker of the market. */
    readonly tracked: number | null;
    readonly lists: readonly { readonly file: string; readonly tickers: number }[];
    readonly without_series: Some;
  };
  readonly series: {
    readonly folder: string;
    readonly files: number;
    readonly bytes: number;
    readonly untracked: Some;
  };
  readonly archive: {
    readonly folder: string;
    readonly files: number;
    readonly bytes: number;
    readonly toc_bytes: number;
    /** Estimated from `sampled` of the files; null where these do not say. */
    readonly text_bytes: number | null;
    readonly sampled: number;
  };
  /** The next session's file that is not here. */
  readonly next: { readonly day: IsoDay; readonly due: string; readonly time_zone: string };
}

export interface StatusRequest {
  readonly layout: FolderLayout;
  /** Undefined: those that the folder holds. */
  readonly datasets: readonly Dataset[] | undefined;
  readonly tracked: AllTracked;
  readonly now: Date;
}

/** Throws ProgressFileError (a newer barloom's), AcceptedFileError, or the disk's error. */
export async function folderStatus(request: StatusRequest): Promise<FolderStatus> {
  const { layout, now } = request;
  const accepted = await readAccepted(layout.dataDir);
  const held = await withDataFolder({ layout, access: 'read', command: 'status', now }, async (folder) => ({
    warnings: folder.progress.warnings,
    datasets: (request.datasets ?? heldOrFirst(folder)).map((dataset) =>
      datasetStatus(dataset, folder, accepted, { ...request, tracked: trackedIn(dataset, request.tracked) }),
    ),
  }));
  return { data_dir: layout.dataDir, ...(await runs(layout.dataDir)), ...held };
}

/** Who is at work, and what the last run came to. */
export async function runs(dataDir: string): Promise<Pick<FolderStatus, 'running' | 'last_run'>> {
  const lock = await lockHolder(dataDir);
  // After the lock: a run that ends in between has said so before it gave the lock back.
  const run = (await readRun(dataDir)) ?? null;
  if (lock === undefined) return { running: null, last_run: run };
  const { holder, here } = lock;
  const mine = run !== null && run.ended === null && run.pid === holder.pid && run.started === holder.since;
  const { command, pid, host, since } = holder;
  return {
    running: { command, pid, host, since, here, run: mine ? run : null },
    last_run: mine ? null : run,
  };
}

function heldOrFirst(folder: DataFolder): readonly Dataset[] {
  const held = heldDatasets(folder);
  return held.length > 0 ? held : [...everyDataset.values()].slice(0, 1);
}

function datasetStatus(
  dataset: Dataset,
  folder: DataFolder,
  acceptedHoles: readonly AcceptedHole[],
  { layout, tracked, now }: StatusRequest,
): DatasetStatus {
  const copies = copiesOf(dataset, folder);
  const covered = coverage({
    dataset,
    known: folder.known(dataset),
    archived: [...copies.keys()],
    copyOf: (day) => copies.get(day),
    accepted: acceptedOf(acceptedHoles, dataset.name),
    now,
  });
  const done = covered.days.filter(({ state }) => state === 'done');
  const [first, last] = [done[0]?.day ?? null, done.at(-1)?.day ?? null];
  const due = lastDueSession(dataset.calendar, dataset.publication, now);
  const every = wantedIn(folder.known(dataset), trackedOrEvery(folder, dataset, tracked.tickers)) === '*';
  const series = seriesFiles(seriesFolder(layout, dataset), dataset.series, tracked.tickers);
  return {
    dataset: dataset.name,
    title: dataset.title,
    first,
    last,
    range: covered.range,
    days: countStates(covered.days),
    accepted: covered.days.filter((day) => isHole(day) && day.accepted !== undefined).length,
    behind: last === null ? 0 : dataset.calendar.sessions(addDays(last, 1), due).length,
    months: coverMonths(covered.days),
    ...leftOutOf(dataset, folder.known(dataset), every ? undefined : new Set(tracked.tickers)),
    tickers: {
      tracked: every ? null : tracked.tickers.length,
      lists: listsOf(tracked),
      without_series: some(series.missing),
    },
    series: {
      folder: seriesFolder(layout, dataset),
      files: series.files,
      bytes: series.bytes,
      untracked: some(every ? [] : series.untracked),
    },
    archive: archiveStatus(layout, dataset, copies, folder.archive(dataset)),
    next: nextFile(dataset, last !== null && last > due ? last : due),
  };
}

function copiesOf(dataset: Dataset, folder: DataFolder): ReadonlyMap<IsoDay, FileStamp> {
  const archive = folder.archive(dataset);
  const copies = new Map<IsoDay, FileStamp>();
  for (const day of archive.days()) {
    const stamp = archive.stampOf(day);
    if (stamp !== undefined) copies.set(day, stamp);
  }
  return copies;
}

interface Coverage {
  readonly range: { readonly start: IsoDay; readonly end: IsoDay } | null;
  readonly days: readonly CoveredDay[];
}

function coverage(facts: CoverFacts): Coverage {
  const range = coveredRange(facts);
  if (range === undefined) return { range: null, days: [] };
  // A file that was published before it was due is here too.
  const newest = facts.archived.at(-1) ?? range.end;
  const end = newest > range.end ? newest : range.end;
  return { range: { start: range.start, end }, days: coverDays(range.start, end, facts) };
}

/** `tracked`: undefined where every ticker is. */
function leftOutOf(
  { series }: Dataset,
  { days }: DatasetProgress,
  tracked: ReadonlySet<string> | undefined,
): Pick<DatasetStatus, 'left_out' | 'left_out_days' | 'left_out_records'> {
  const all = [...days].flatMap(([day, { left_out: some }]) => (some ?? []).map((one) => ({ day, ...one })));
  const newest = new Map<string, (typeof all)[number]>();
  for (const one of all) {
    if (tracked?.has(seriesOfTicker(one.ticker, series)) === false) continue;
    if ((newest.get(one.ticker)?.day ?? '') < one.day) newest.set(one.ticker, one);
  }
  return {
    left_out_records: all.reduce((n, { records }) => n + records, 0),
    left_out_days: new Set(all.map(({ day }) => day)).size,
    left_out: [...newest.values()].sort((a, b) => (a.day < b.day ? 1 : -1)).slice(0, FEW),
  };
}

function archiveStatus(
  layout: FolderLayout,
  dataset: Dataset,
  copies: ReadonlyMap<IsoDay, FileStamp>,
  archive: Pick<ArchiveStore, 'textBytesOf'>,
): DatasetStatus['archive'] {
  const files = [...copies].map(([day, { size }]) => ({ file: archiveFile(layout, dataset, day), size }));
  const text = knownText([...copies.keys()].map(archive.textBytesOf)) ?? estimateText(files);
  return {
    folder: archiveFolder(layout, dataset),
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    toc_bytes: folderBytes(path.dirname(tocFile(layout, dataset, dataset.firstDay))),
    text_bytes: text?.bytes ?? null,
    sampled: text?.sampled ?? 0,
  };
}

/** The first session after `day`. */
function nextFile({ calendar, publication }: Dataset, day: IsoDay): DatasetStatus['next'] {
  let next = addDays(day, 1);
  while (!calendar.isSession(next)) next = addDays(next, 1);
  return { day: next, due: dueAt(next, publication).toISOString(), time_zone: publication.timeZone };
}

function listsOf({ lists, tracked }: AllTracked): DatasetStatus['tickers']['lists'] {
  const own = tracked.text === undefined ? [] : [{ file: trackedFileName, tickers: tracked.tickers.length }];
  return [...lists.map(({ file, count }) => ({ file, tickers: count })), ...own];
}

const FEW = 10;

function some(all: readonly string[]): Some {
  return { count: all.length, first: all.slice(0, FEW) };
}
