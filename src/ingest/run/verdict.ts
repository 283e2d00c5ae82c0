/** What a failed attempt at a day means for the day and for the run. Pure. */
import { SourceError } from '#platform/http/source-error.js';

/**
 * `end`: of the run. `unreachable`: the day failed, and several in a row mean that the network has given out,
 * and not that days are bad.
 */
export type Verdict = 'end' | 'denied' | 'failed' | 'unreachable';

/**
 * The first line that fits decides:
 *
 * | error                                             | verdict     |
 * |---------------------------------------------------|-------------|
 * | not the source's (the disk, a bug)                | end         |
 * | damaged (final or not: proven to be this day's)   | failed      |
 * | final, or about the keys, the clock, the settings | end         |
 * | denied                                            | denied      |
 * | network, throttled, server                        | unreachable |
 * | any other (not found, changed)                    | failed      |
 */
export function verdictOn(error: unknown): Verdict {
  if (!(error instanceof SourceError)) return 'end';
  if (error.kind === 'damaged') return 'failed';
  if (error.final) return 'end';
  switch (error.kind) {
    case 'unauthenticated':
    case 'skewed':
    case 'configuration':
      return 'end';
    case 'denied':
      return 'denied';
    case 'network':
    case 'throttled':
    case 'server':
      return 'unreachable';
    default:
      return 'failed';
  }
}
