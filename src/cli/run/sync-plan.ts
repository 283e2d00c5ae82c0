/** What a sync would do: out of what populate's and the lake's dry runs say, the last run and the room there is. */
import type { Invocation } from '#cli/invocation.js';
import type { SyncPlan } from '#cli/output/sync-plan-text.js';
import { stocksDaily } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { featureSetOf } from '#market/features/sets.js';
import { freeBytes } from '#platform/disk/space.js';
import { readRun } from '#store/ledger/run-file.js';
import type { DatasetSummary } from '#tasks/populate/summary.js';
import { type DatasetWork, foresee } from '#tasks/sync/foresee.js';
import type { CommandContext } from './context.js';
import type { StepName, StepOutcome } from './steps.js';

/** 100 Mbit/s. */
const ASSUMED = 12.5e6;
/** A run that downloaded less says little of the line. */
const TELLING_BYTES = 20e6;

/** `outcomes`: of the dry runs. */
export async function syncPlan(
  steps: readonly StepName[],
  datasets: readonly Dataset[],
  outcomes: readonly StepOutcome[],
  { layout }: CommandContext,
  { environment }: Pick<Invocation, 'environment'>,
): Promise<SyncPlan> {
  const documentsOf = (step: StepName): readonly unknown[] => {
    const found = outcomes.find((one) => one.step === step)?.datasets;
    return Array.isArray(found) ? (found as readonly unknown[]) : [];
  };
  const fetched = new Map((documentsOf('populate') as DatasetSummary[]).map((one) => [one.dataset, one]));
  const built = new Map((documentsOf('lake') as LakePlan[]).map((one) => [one.dataset, one]));
  const works = datasets.map((dataset) =>
    workOf(dataset, fetched.get(dataset.name), built.get(dataset.name)),
  );
  const run = await readRun(layout.dataDir);
  const measured =
    run !== undefined && run.downloaded >= TELLING_BYTES && run.seconds > 0
      ? run.downloaded / run.seconds
      : undefined;
  const rate = measured ?? ASSUMED;
  return {
    ...foresee(steps, works, { downloadBytesPerSecond: rate, processors: environment.parallelism }),
    free_bytes: (await freeBytes(layout.dataDir)) ?? null,
    download_bytes_per_second: Math.round(rate),
    rate: measured === undefined ? 'assumed' : 'measured',
  };
}

interface LakePlan {
  readonly dataset: string;
  readonly days: { readonly to_build: number };
  readonly archive_bytes: number;
}

function workOf(
  dataset: Dataset,
  fetched: DatasetSummary | undefined,
  built: LakePlan | undefined,
): DatasetWork {
  const extra = fetched?.extra.filter(({ state }) => state === 'available').length ?? 0;
  return {
    dataset: dataset.name,
    fetch: {
      days: (fetched?.days.available ?? 0) + extra,
      bytes: fetched?.bytes.to_fetch ?? 0,
      room: fetched?.bytes.needed ?? 0,
    },
    build: { days: built?.days.to_build ?? 0, bytes: built?.archive_bytes ?? 0 },
    hasFeatures: featureSetOf(dataset) !== undefined,
    isExported: dataset === stocksDaily,
  };
}
