/** From what ended a run, and what became of its days, to the facts that the exit code follows from. */

import type { Failure } from '#ingest/run/failure.js';
import { OtherSourceError } from '#ingest/run/vendor.js';
import { isDiskError } from '#platform/disk/errors.js';
import { SourceError } from '#platform/http/source-error.js';
import { LockedError } from '#platform/lock/locked-error.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { DatasetSummary, DaysByState } from '#tasks/populate/summary.js';
import type { RunOutcome } from './exit-code.js';
import { DiskSpaceError } from './space-needed.js';

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

export function outcomeOfError(error: unknown): RunOutcome {
  if (error instanceof SourceError) {
    switch (error.kind) {
      case 'configuration':
        return { usage: true };
      case 'unauthenticated':
      case 'skewed':
      case 'denied':
        return { notEntitled: true };
      case 'network':
      case 'throttled':
      case 'server':
        return { network: true };
      default:
        return { incomplete: true };
    }
  }
  if (error instanceof OtherSourceError) return { usage: true };
  if (error instanceof ArchiveDamage) return { incomplete: true };
  if (error instanceof LockedError) return { locked: true };
  if (error instanceof DiskSpaceError || isDiskError(error)) return { disk: true };
  return { bug: true };
}

function signalOf(reason: unknown): 'SIGINT' | 'SIGTERM' {
  return reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
}
