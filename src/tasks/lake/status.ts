/**
 * What of a dataset is in the lake, how much room it takes, and what lake build would do. Nothing is opened
 * that can be told by name and size.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { openArchive } from '#store/archive/store.js';
import { archiveFile, type FolderLayout } from '#store/folder/layout.js';
import { openBronze } from '#store/lake/bronze.js';
import { daysOf } from '#store/lake/built.js';
import type { Duck } from '#store/lake/duckdb.js';
import { estimateText } from '#tasks/status/text-size.js';
import { needOf } from './plan-build.js';

export interface LakeStatus {
  readonly dataset: string;
  readonly start: IsoDay | null;
  readonly end: IsoDay | null;
  readonly days: {
    readonly built: number;
    /** Of the archive's, not built. */
    readonly to_build: number;
    /** Built, and the archive's file is another one since. */
    readonly changed: number;
    /** Built, and not in the archive any more. */
    readonly only_here: number;
  };
  readonly rows: number;
  readonly files: number;
  readonly bytes: {
    readonly lake: number;
    /** Of the days that are built. */
    readonly archive: number;
    readonly text: number | null;
  };
  readonly lossy: number;
  readonly left_out: number;
  readonly damaged: readonly string[];
  /** The first day that `lake prune` keeps. */
  readonly keep_from: IsoDay | null;
}

export async function lakeStatus(
  dataset: Dataset,
  layout: FolderLayout,
  duck: () => Promise<Duck>,
): Promise<LakeStatus> {
  const archive = openArchive(layout, dataset);
  const bronze = await openBronze(layout, dataset.name, duck);
  const built = daysOf(bronze.built);
  const days = [...built.keys()].sort();
  const here = archive.days().flatMap((day) => {
    const stamp = archive.stampOf(day);
    return stamp === undefined
      ? []
      : [{ day, stamp, need: needOf(built.get(day), stamp, { forced: false }) }];
  });
  const inBoth = here.filter(({ day }) => built.has(day));
  const files = inBoth.map(({ day, stamp }) => ({
    file: archiveFile(layout, dataset, day),
    size: stamp.size,
  }));
  const sum = (of: (day: NonNullable<ReturnType<typeof built.get>>) => number): number =>
    [...built.values()].reduce((total, one) => total + of(one), 0);
  return {
    dataset: dataset.name,
    start: days[0] ?? null,
    end: days.at(-1) ?? null,
    days: {
      built: built.size,
      to_build: here.filter(({ day, need }) => need === 'new' && day >= (bronze.keepFrom ?? '')).length,
      changed: here.filter(({ need }) => need === 'look').length,
      only_here: built.size - inBoth.length,
    },
    rows: sum(({ rows }) => rows),
    files: bronze.built.size,
    bytes: {
      lake: [...bronze.built.values()].reduce((total, { stamp }) => total + stamp.size, 0),
      archive: files.reduce((total, { size }) => total + size, 0),
      text: estimateText(files)?.bytes ?? null,
    },
    lossy: sum(({ lossy = 0 }) => lossy),
    left_out: sum(({ left_out = 0 }) => left_out),
    damaged: [...bronze.damaged.keys()],
    keep_from: bronze.keepFrom ?? null,
  };
}
