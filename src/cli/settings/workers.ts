/** How many worker threads a command uses. */
import type { Settings } from './settings.js';

/** More of them wait for the disk and for each other. */
const MOST = 4;

/** Where nobody says another number: the processors, at most four. */
export function defaultWorkers({ parallelism }: { readonly parallelism: number }): number {
  return Math.min(MOST, parallelism);
}

export function workersOf(
  settings: Pick<Settings, 'count'>,
  machine: { readonly parallelism: number },
): number {
  return settings.count('workers', defaultWorkers(machine));
}
