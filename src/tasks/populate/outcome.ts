/** From what ended a populate, and what became of its days, to the facts that the exit code follows from. */
import type { Failure } from '#ingest/run/failure.js';
import type { RunOutcome } from '#tasks/exit-code.js';
import { outcomeOfError } from '#tasks/outcome.js';
import type { DatasetSummary } from './summary.js';

/** Accepted holes spoil nothing. */
export function outcomeOf(
  failure: Failure | undefined,
  { days, accepted }: Pick<DatasetSummary, 'days' | 'accepted'>,
  signal: AbortSignal,
): RunOutcome {
  const byDays: RunOutcome = {
    incomplete: days.missing + days.denied + days.failed > accepted.length,
    notEntitled:
      days.denied > accepted.filter(({ state }) => state === 'denied').length &&
      days.fetched + days.from_archive + days.unchanged === 0 &&
      days.failed === 0,
  };
  if (signal.aborted) return { ...byDays, signal: signalOf(signal.reason) };
  return failure === undefined ? byDays : { ...byDays, ...outcomeOfError(failure.error) };
}

function signalOf(reason: unknown): 'SIGINT' | 'SIGTERM' {
  return reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
}
