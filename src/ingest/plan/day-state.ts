/**
 * What becomes of one session that was asked for: its state and what populate does about it. A pure function
 * of facts, the one place where this is decided.
 */

export type DayState = 'pending' | 'missing' | 'available' | 'denied' | 'failed' | 'done' | 'pruned';

/**
 * What is to be done about a day. `archive`: read the tickers that were not looked up yet out of our copy;
 * `probe`: only if a probe goes well.
 */
export type DayAction = 'none' | 'fetch' | 'probe' | 'archive';

export interface DayFacts {
  /**
   * Is the day's file listed? `unknown` where the month was not listed, because nothing of it could have
   * changed.
   */
  readonly listed: 'yes' | 'no' | 'unknown';
  /** Whether a file that is not listed should have been by now. */
  readonly overdue: boolean;
  /** Is our copy there, and is it (as far as is known) the vendor's current file? */
  readonly copy: 'current' | 'outdated' | 'none';
  /** Whether the file that was processed last is the vendor's current one, copy or not. */
  readonly processedCurrent: boolean;
  /** Whether every tracked ticker was looked up on that day, and nothing waits to be corrected. */
  readonly seriesDone: boolean;
  readonly deniedBefore: boolean;
  readonly pruned: boolean;
}

export interface DayWishes {
  /** Is our copy wanted (without --no-save-others)? */
  readonly archive: boolean;
  /** Are series wanted (without --archive-only)? */
  readonly series: boolean;
  readonly force: boolean;
  /** Are days wanted again that were removed here on purpose? */
  readonly pruned?: boolean;
}

/**
 * In this order; the first line that fits decides:
 *
 * | pruned | force | copy wanted: there and current | series wanted: looked up | copy  | listed  | overdue | denied before | state     | action  |
 * |--------|-------|--------------------------------|--------------------------|-------|---------|---------|---------------|-----------|---------|
 * | yes *  | no    |                                |                          |       |         |         |               | pruned    | none    |
 * |        | yes   |                                |                          |       | yes     |         |               | available | fetch   |
 * |        |       | yes, or not wanted             | yes, or not wanted       |       |         |         |               | done      | none    |
 * |        |       | yes, or not wanted             | no                       | there |         |         |               | available | archive |
 * |        |       | no                             | any                      |       | yes     |         | yes           | denied    | probe   |
 * |        |       | no                             | any                      |       | yes     |         | no            | available | fetch   |
 * |        |       | no                             | any                      |       | unknown |         |               | available | none    |
 * |        |       | no                             | any                      |       | no      | yes     |               | missing   | none    |
 * |        |       | no                             | any                      |       | no      | no      |               | pending   | none    |
 *
 * (*) Unless pruned days are wanted: then it is a day like any other.
 *
 * A copy that is outdated counts as not there where the new file can be fetched, and as there where it
 * cannot.
 */
export function decideDay(
  facts: DayFacts,
  wishes: DayWishes,
): { readonly state: DayState; readonly action: DayAction } {
  if (facts.pruned && !wishes.force && wishes.pruned !== true) return { state: 'pruned', action: 'none' };
  const listed = facts.listed === 'yes';
  if (wishes.force && listed) return fetched(facts);
  const copy = facts.copy === 'current' || (facts.copy === 'outdated' && !listed);
  const archiveDone = !wishes.archive || copy;
  const current = copy || facts.processedCurrent || !listed;
  const seriesDone = !wishes.series || (facts.seriesDone && current);
  if (archiveDone && seriesDone && (wishes.archive || wishes.series))
    return { state: 'done', action: 'none' };
  if (copy) return { state: 'available', action: 'archive' };
  if (listed) return fetched(facts);
  // The listing failed: nothing says that the day is not there.
  if (facts.listed === 'unknown') return { state: 'available', action: 'none' };
  return { state: facts.overdue ? 'missing' : 'pending', action: 'none' };
}

function fetched(facts: DayFacts): { readonly state: DayState; readonly action: DayAction } {
  return facts.deniedBefore ? { state: 'denied', action: 'probe' } : { state: 'available', action: 'fetch' };
}
