/**
 * What there is to see of a data folder, and whether it can be trusted: the facts of status, gaps and the
 * last verify, by dataset. A reader: nothing is verified, nothing is changed.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { isBarADay } from '#market/datasets/series-form.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { type DataFolder, withDataFolder } from '#store/folder/open.js';
import { acceptedOf, readAccepted } from '#store/ledger/accepted.js';
import { readVerified, type VerifiedDataset } from '#store/ledger/verified-file.js';
import { type AllTracked, trackedIn } from '#store/lists/all-tracked.js';
import { coverRange, type DatasetGaps, findGaps, gapsRange } from '#tasks/gaps/find-gaps.js';
import { type DatasetStatus, type FolderStatus, folderStatus } from '#tasks/status/status.js';
import { lettersByMonth } from './day-letters.js';
import { type LoggedReplacement, type LoggedRun, type LoggedRuns, runsOfLog } from './log-runs.js';
import { type MarketYear, marketYears } from './market-years.js';

export interface FolderReport {
  readonly data_dir: string;
  /** ISO 8601. */
  readonly made: string;
  readonly last_run: FolderStatus['last_run'];
  /** Out of the log, newest first. */
  readonly runs: readonly LoggedRun[];
  readonly datasets: readonly DatasetReport[];
}

export interface DatasetReport {
  readonly status: DatasetStatus;
  /** Undefined where the folder knows no day of it. */
  readonly gaps: DatasetGaps | undefined;
  /** Tickers whose own holes were not looked for, because they are many. */
  readonly unsearched: number;
  /** lettersByMonth. */
  readonly months: Readonly<Record<string, string>>;
  /** Records of each day's file, ascending; days of which that is not known are left out. */
  readonly rows: readonly (readonly [day: IsoDay, rows: number])[];
  /** Of datasets with a bar a day. */
  readonly years: readonly MarketYear[];
  readonly verified: VerifiedDataset | undefined;
  readonly replaced: readonly LoggedReplacement[];
}

export interface FolderReportRequest {
  readonly layout: FolderLayout;
  /** Undefined: those that the folder holds. */
  readonly datasets: readonly Dataset[] | undefined;
  readonly tracked: AllTracked;
  /** The end of the log. */
  readonly log: string;
  readonly now: Date;
}

/** The series of more tickers are not gone through for a report. */
const MOST_TICKERS = 200;
const MOST_RUNS = 30;

/** Throws as folderStatus and findGaps do. */
export async function folderReport(
  request: FolderReportRequest,
  datasetOf: (name: string) => Dataset | undefined,
): Promise<FolderReport> {
  const { layout, now, log } = request;
  const status = await folderStatus(request);
  const verified = await readVerified(layout.dataDir);
  const logged = runsOfLog(log);
  const datasets = await withDataFolder(
    { layout, access: 'read', command: 'report', now },
    async (folder) => {
      const reports: DatasetReport[] = [];
      for (const one of status.datasets) {
        const dataset = datasetOf(one.dataset);
        if (dataset === undefined) continue;
        const facts = { status: one, verified: verified[one.dataset], logged };
        reports.push(await datasetReport(dataset, folder, facts, request));
      }
      return reports;
    },
  );
  return {
    data_dir: status.data_dir,
    made: now.toISOString(),
    last_run: status.last_run,
    runs: logged.runs.slice(0, MOST_RUNS),
    datasets,
  };
}

async function datasetReport(
  dataset: Dataset,
  folder: DataFolder,
  facts: Pick<DatasetReport, 'status' | 'verified'> & { readonly logged: LoggedRuns },
  { layout, tracked, now }: FolderReportRequest,
): Promise<DatasetReport> {
  const { logged, ...kept } = facts;
  const archive = folder.archive(dataset);
  const range = gapsRange(folder, dataset, now);
  const accepted = acceptedOf(await readAccepted(layout.dataDir), dataset.name);
  const { tickers } = trackedIn(dataset, tracked);
  const searched = tickers.length > MOST_TICKERS ? [] : tickers;
  const rows = [...folder.known(dataset).days]
    .flatMap(([day, { rows: count }]) => (count === undefined ? [] : [[day, count] as const]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...kept,
    gaps:
      range === undefined
        ? undefined
        : await findGaps(folder, { dataset, range, tickers: searched, accepted, now }),
    unsearched: tickers.length - searched.length,
    months: range === undefined ? {} : lettersByMonth(coverRange(folder, { dataset, range, accepted, now })),
    rows,
    years: isBarADay(dataset.series) ? marketYears(archive) : [],
    replaced: logged.replaced.filter((one) => one.dataset === dataset.name),
  };
}
