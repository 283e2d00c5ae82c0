/** `load`: a dataset's days of the archive into a table of a database. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type LoadNews, loadTable, type TableResult } from '#ingest/loading/load-table.js';
import { type LoadPlan, type LoadWish, planLoad } from '#ingest/loading/plan-load.js';
import { isAlive } from '#platform/disk/durable.js';
import type { Database } from '#store/database/port.js';
import type { DataFolder } from '#store/folder/open.js';
import { type Duck, openDuck } from '#store/lake/duckdb.js';
import { type ArchiveWish, archiveText, archiveUnits, type FailedDay } from './archive-units.js';

export interface LoadRequest extends ArchiveWish, Omit<LoadWish, 'units' | 'shape'> {
  /** The table. */
  readonly into: string;
}

export interface DatasetLoad extends TableResult {
  readonly dataset: string;
  /** Days that cannot be read. */
  readonly failed: readonly FailedDay[];
}

export interface LoadWorkshop {
  /** For files that go again. */
  readonly work: string;
  readonly duck: Duck;
}

export interface WorkshopOptions {
  /** Of the system. */
  readonly temporary: string;
  readonly memoryBytes: number;
  readonly threads: number;
}

/** A folder and an engine for the texts of a load; both go, whatever `body` does. Throws DuckMissingError. */
export async function withWorkshop<T>(
  { temporary, memoryBytes, threads }: WorkshopOptions,
  body: (workshop: LoadWorkshop) => Promise<T>,
): Promise<T> {
  await removeDead(temporary);
  const work = await mkdtemp(path.join(temporary, `${PREFIX}${process.pid}-`));
  try {
    const duck = await openDuck({ memoryBytes, threads, spillFolder: work });
    try {
      return await body({ work, duck });
    } finally {
      duck.close();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const PREFIX = 'barloom-load-';

/** What a killed load has left. */
async function removeDead(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const [, pid] = /^barloom-load-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    // Another user's stays.
    await rm(path.join(temporary, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** `database`: undefined where there is none yet. Throws DatabaseError or the disk's error. */
export async function planDataset(
  request: LoadRequest,
  folder: DataFolder,
  database: Database | undefined,
): Promise<LoadPlan & { readonly failed: readonly FailedDay[] }> {
  const failed: FailedDay[] = [];
  const plan = await planLoad(
    database,
    wishOf(request, folder, (day) => void failed.push(day)),
  );
  return { ...plan, failed };
}

/** Throws as `loadTable` does. */
export async function loadDataset(
  request: LoadRequest,
  folder: DataFolder,
  { duck, work }: LoadWorkshop,
  tools: {
    readonly database: Database;
    readonly batchRows: number;
    readonly signal: AbortSignal;
    readonly hear: (news: LoadNews) => void;
  },
): Promise<DatasetLoad> {
  const { dataset } = request;
  const failed: FailedDay[] = [];
  const fail = (day: FailedDay): void => void failed.push(day);
  const { database } = tools;
  const result = await loadTable(wishOf(request, folder, fail), {
    ...tools,
    textOf: (unit) => archiveText(unit, dataset, folder, { duck, work, database, fail }),
  });
  return { dataset: dataset.name, ...result, failed };
}

function wishOf(request: LoadRequest, folder: DataFolder, fail: (day: FailedDay) => void): LoadWish {
  const { into, dataset } = request;
  return {
    ...request,
    shape: { name: into, holds: dataset.name },
    units: archiveUnits(request, folder, fail),
  };
}
