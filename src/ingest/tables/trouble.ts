/**
 * What the failure of a window means for the rest of the run: whether the type goes on, and whether the run
 * does. A network that has given out for several windows in a row is asked no more.
 */
import { SourceError } from '#platform/http/source-error.js';
import { ShapeError } from '#vendors/rest/shape-error.js';
import type { FailedWindow } from './outcome.js';

/** Windows in a row that the network lost: after these it is not asked any more. */
const MOST_LOST = 3;

export interface Trouble {
  /** Undefined where the failure ends the run: then it is to be thrown. */
  judge(name: string, error: unknown): FailedWindow | undefined;
  succeeded(): void;
  /** Whether no more windows are to be begun. */
  readonly hasGivenOut: () => boolean;
}

export function newTrouble(): Trouble {
  let lost = 0;
  return {
    judge: (name, error) => {
      if (error instanceof ShapeError) return { name, error: error.message, kind: 'other' };
      if (!(error instanceof SourceError)) return undefined;
      switch (error.kind) {
        case 'unauthenticated':
          return undefined;
        case 'denied':
        // A list that is nowhere is as good as denied: an older generation goes some day.
        case 'not-found':
          return { name, error: error.message, kind: 'denied' };
        case 'network':
        case 'throttled':
        case 'server':
        case 'damaged':
          lost++;
          return { name, error: error.message, kind: 'network' };
        case 'configuration':
          // A parameter of ours is wrong; trouble that has no status concerns every request.
          return error.status === 400 ? { name, error: error.message, kind: 'other' } : undefined;
        default:
          return { name, error: error.message, kind: 'other' };
      }
    },
    succeeded: () => {
      lost = 0;
    },
    hasGivenOut: () => lost >= MOST_LOST,
  };
}
