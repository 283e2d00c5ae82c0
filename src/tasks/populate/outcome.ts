/** From what ended a populate, and what became of its days, to the facts that the exit code follows from. */
import type { Failure } from '#ingest/run/failure.js';
import type { RunOutcome } from '#tasks/exit-code.js';
import { outcomeOfError } from '#tasks/outcome.js';
import type { DatasetSummary, DaysByState } from './summary.js';

/** `days`: undefined where there was no plan. `accepted`: the holes among them that spoil nothing. */
export function outcomeOf(
  failure: Failure | undefined,
  days: DaysByState | undefined,
  accepted: DatasetSummary['accepted'],
  signal: AbortSignal,
): RunOutcome {
  const stopped = signal.aborted ? signalOf(signal.reason) : undefined;
  const byDays: RunOutcome =
    days === undefined
      ? {}
      : {
          incomplete: days.missing + days.denied + days.failed > accepted.length,
          notEntitled:
            days.denied > accepted.filter(({ state }) => state === 'denied').length &&
            days.fetched + days.from_archive + days.unchanged === 0 &&
            days.failed === 0,
        };
  if (stopped !== undefined) return { ...byDays, signal: stopped };
  return failure === undefined ? byDays : { ...byDays, ...outcomeOfError(failure.error) };
}

function signalOf(reason: unknown): 'SIGINT' | 'SIGTERM' {
  return reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
}
