/**
 * Series files that are not as barloom left them: what is known of them is forgotten, so that they are looked
 * at again.
 */
import { checkSeries } from '#ingest/series/series-check.js';
import { datasetProgress } from '#store/ledger/model.js';
import { applyStep, type Step } from '#store/ledger/steps.js';
import type { PopulateParts } from './parts.js';

/** A dry run forgets in memory only. */
export async function forgetChangedSeries({
  request: { dataset, dryRun },
  context,
  wanted,
  progress,
  target,
}: PopulateParts): Promise<void> {
  const known = datasetProgress(progress.progress, dataset.name);
  const check = await checkSeries(wanted, known, target, dryRun);
  for (const message of check.notes) context.emit({ type: 'note', level: 'warning', message });
  const steps: Step[] = [];
  if (check.forget.length > 0) steps.push({ step: 'forget', dataset: dataset.name, tickers: check.forget });
  if (Object.keys(check.finished).length > 0)
    steps.push({ step: 'series', dataset: dataset.name, files: check.finished });
  if (steps.length === 0) return;
  if (dryRun) for (const step of steps) applyStep(progress.progress, step, () => dataset.calendar);
  else await progress.record(steps);
}
