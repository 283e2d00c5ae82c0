/** What the steps of a populate share: what is asked, the open folder, and what was set up for the run. */
import type { PopulateContext, PopulateRequest } from '#ingest/run/request.js';
import type { RunParts } from '#ingest/run/run.js';
import { vendorOf } from '#ingest/run/vendor.js';
import type { SeriesTarget } from '#ingest/series/series-writer.js';
import { openPool } from '#ingest/threads/pool.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { everyDayOf } from '#market/calendar/sessions.js';
import { seriesFolder } from '#store/folder/layout.js';
import type { DataFolder } from '#store/folder/open.js';
import { isLookedUp } from '#store/ledger/model.js';

export interface PopulateParts extends Omit<RunParts, 'listings'> {
  readonly folder: DataFolder;
  /** That are asked for, newest first: every day, since one that is no session may have a file. */
  readonly days: readonly IsoDay[];
}

/** Nothing is opened of the vendor yet; the threads are to be closed. */
export function newParts(
  request: PopulateRequest,
  context: PopulateContext,
  folder: DataFolder,
): PopulateParts {
  const { dataset, wishes } = request;
  const { progress } = folder;
  const wanted = wishes.series ? request.wanted : [];
  const known = folder.known(dataset);
  const vendor = vendorOf(request, context, folder.source);
  return {
    request,
    context,
    folder,
    progress,
    known,
    wanted,
    days: askedDays(request),
    archive: folder.archive(dataset),
    target: newTarget(request, context, folder),
    vendor,
    claimArchive: async () => folder.source.claimArchive((await vendor.source()).identity),
    pool: openPool(request.workers, wanted),
  };
}

function askedDays({ range, only }: PopulateRequest): readonly IsoDay[] {
  return everyDayOf(range.start, range.end)
    .filter((day) => only?.has(day) !== false)
    .reverse();
}

function newTarget(
  { dataset, layout, wishes }: PopulateRequest,
  { now }: PopulateContext,
  folder: DataFolder,
): SeriesTarget {
  const { progress } = folder;
  return {
    folder: seriesFolder(layout, dataset),
    form: dataset.series,
    now,
    known: folder.known(dataset).series,
    isVendors: (ticker, day) => isLookedUp(folder.known(dataset), ticker, day),
    checkLock: progress.checkLock,
    announce: wishes.archive
      ? undefined
      : (files) => progress.record([{ step: 'series', dataset: dataset.name, files }]),
  };
}
