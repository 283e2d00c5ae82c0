/**
 * Runs a day's task, by the way of its dataset. Throws SourceError, the disk's error, or the signal's reason.
 */
import { datasetNamed } from './dataset-named.js';
import type { DayTask, DayTaskContext, FetchedDay } from './day-task.js';
import { wayOf } from './day-way.js';
import { fetchDay } from './fetch-day.js';
import { fetchLargeDay } from './fetch-large-day.js';

export function runDayTask(task: DayTask, context: DayTaskContext): Promise<FetchedDay> {
  const dataset = datasetNamed(task.dataset);
  return wayOf(dataset).name === 'pieces'
    ? fetchLargeDay(task, dataset, context)
    : fetchDay(task, dataset, context);
}
