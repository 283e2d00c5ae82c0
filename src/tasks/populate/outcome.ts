/** From what ended a populate, and what became of its days, to the facts that the exit code follows from. */
import type { Failure } from '#ingest/run/failure.js';
import { type RunOutcome, stopSignalOf } from '#tasks/exit-code.js';
import { outcomeOfError } from '#tasks/outcome.js';
import type { DatasetSummary, DayFate, DaysByState } from './summary.js';

/** Accepted holes spoil nothing. */
export function outcomeOf(
  failure: Failure | undefined,
  {
    days,
    extra,
    accepted,
    quality,
    tickers,
  }: Pick<DatasetSummary, 'days' | 'extra' | 'accepted' | 'quality' | 'tickers'>,
  signal: AbortSignal,
): RunOutcome {
  const count = (...states: readonly (keyof DaysByState & DayFate)[]): number =>
    states.reduce((sum, state) => sum + days[state], 0) +
    extra.filter((one) => (states as readonly DayFate[]).includes(one.state)).length;
  const byDays: RunOutcome = {
    incomplete:
      count('missing', 'denied', 'failed') > accepted.length ||
      quality.off_date > 0 ||
      tickers.unusable_lists.length > 0,
    notEntitled:
      count('denied') > accepted.filter(({ state }) => state === 'denied').length &&
      count('fetched', 'from_archive', 'unchanged', 'failed') === 0,
  };
  if (signal.aborted) return { ...byDays, signal: stopSignalOf(signal) };
  return failure === undefined ? byDays : { ...byDays, ...outcomeOfError(failure.error) };
}
