/**
 * In which order days are fetched, and what a 403 at the edges says of the others. The newest and the oldest
 * day are tried first: a wrong key or a plan's floor is then known within seconds. A floor is found by
 * bisection, each probe of which is a day that is kept if it may be read; and of days that were denied before
 * only one is asked for again.
 */

/** What trying a day came to, as far as it matters for the others. */
export type Tried = 'done' | 'denied' | 'failed';

export interface FetchOrder<Day> {
  /** Newest first, none of them denied before. */
  readonly fresh: readonly Day[];
  /** Newest first, denied by an earlier run. */
  readonly deniedBefore: readonly Day[];
  readonly tryDay: (day: Day) => Promise<Tried>;
  /**
   * Called with days that the keys may not read. `from`: the oldest day that they may, where the floor was
   * found; then those that were tried on the way are among the days, to be recorded with it too.
   */
  readonly deny: (days: readonly Day[], from: Day | undefined) => Promise<void>;
  /** Tries all of them, some at a time. */
  readonly fanOut: (days: readonly Day[]) => Promise<void>;
}

export async function fetchInOrder<Day>(order: FetchOrder<Day>): Promise<void> {
  const { tryDay, deny } = order;
  let days = order.fresh;
  const [newestDenied, ...restDenied] = order.deniedBefore;
  if (newestDenied !== undefined) {
    if ((await tryDay(newestDenied)) === 'denied') await deny(restDenied, undefined);
    else days = [...days, ...restDenied];
  }
  if (days.length > 2) {
    const newest = days[0] as Day;
    const oldest = days[days.length - 1] as Day;
    const [first, last] = await Promise.all([tryDay(newest), tryDay(oldest)]);
    days = days.slice(1, -1);
    if (last === 'denied' && first === 'denied') {
      await deny(days, undefined);
      return;
    }
    if (last === 'denied')
      days = await aboveFloor({ days, newest: first === 'done' ? newest : undefined, oldest }, order);
  }
  await order.fanOut(days);
}

interface Edges<Day> {
  /** Between the two, newest first. */
  readonly days: readonly Day[];
  /** Where it could be read. */
  readonly newest: Day | undefined;
  /** Was denied. */
  readonly oldest: Day;
}

/** The days above the floor that are still to be fetched; those below it are denied. */
async function aboveFloor<Day>(
  { days, newest, oldest }: Edges<Day>,
  { tryDay, deny }: Pick<FetchOrder<Day>, 'tryDay' | 'deny'>,
): Promise<readonly Day[]> {
  const tried = new Set<number>();
  let allowed = -1;
  let edge = newest;
  let denied = days.length;
  while (denied - allowed > 1) {
    const middle = (allowed + denied) >>> 1;
    tried.add(middle);
    const day = days[middle] as Day;
    const came = await tryDay(day);
    if (came === 'denied') denied = middle;
    else {
      allowed = middle;
      // A day that failed for other reasons, or was not tried any more, says nothing of the edge.
      edge = came === 'done' ? day : undefined;
    }
  }
  await deny([...days.slice(denied), oldest], edge);
  return days.filter((_, i) => i <= allowed && !tried.has(i));
}
