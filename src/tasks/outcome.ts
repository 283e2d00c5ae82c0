/** From the error that ended a command to the facts that the exit code follows from. */

import { isDiskError } from '#platform/disk/errors.js';
import { SourceError } from '#platform/http/source-error.js';
import { LockedError } from '#platform/lock/locked-error.js';
import { isOutOfMemory } from '#platform/memory-error.js';
import { QueueError, type QueueTrouble } from '#platform/queue/queue-error.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { OtherSourceError } from '#store/archive/source-marker.js';
import { BucketError } from '#store/bucket/bucket-error.js';
import { DatabaseError, type DatabaseTrouble } from '#store/database/database-error.js';
import { DuckMissingError } from '#store/lake/duckdb.js';
import { LakeError } from '#store/lake/lake-error.js';
import { BarrenListError } from '#store/lists/barren-list-error.js';
import { ArchiveGoneError } from '#tasks/populate/archive-there.js';
import type { RunOutcome } from './exit-code.js';
import { DiskSpaceError } from './space-needed.js';

const DATABASE: Readonly<Record<DatabaseTrouble, RunOutcome>> = {
  usage: { usage: true },
  refused: { notEntitled: true },
  gone: { network: true },
  full: { disk: true },
  busy: { locked: true },
  damaged: { damage: true },
  doubles: { incomplete: true },
  incomplete: { incomplete: true },
};

const QUEUE: Readonly<Record<QueueTrouble, RunOutcome>> = {
  usage: { usage: true },
  refused: { notEntitled: true },
  gone: { network: true },
};

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
  if (
    error instanceof OtherSourceError ||
    error instanceof BucketError ||
    error instanceof ArchiveGoneError ||
    error instanceof DuckMissingError
  )
    return { usage: true };
  if (error instanceof DatabaseError) return DATABASE[error.trouble];
  if (error instanceof QueueError) return QUEUE[error.trouble];
  if (error instanceof LakeError) return error.kind === 'usage' ? { usage: true } : { incomplete: true };
  if (error instanceof ArchiveDamage || error instanceof BarrenListError) return { incomplete: true };
  if (error instanceof LockedError) return { locked: true };
  if (error instanceof DiskSpaceError || isOutOfMemory(error) || isDiskError(error)) return { disk: true };
  return { bug: true };
}
