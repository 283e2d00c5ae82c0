/**
 * What a run came to: the data behind the closing summary and the --json document, whose field names are a
 * contract.
 */

import type { DayState } from '#ingest/plan/day-state.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { DayDifference } from '#market/records/difference.js';
import type { LeftOut } from '#market/records/left-out.js';
import type { UnusableList } from './unusable-lists.js';

export interface DaysByState {
  readonly sessions: number;
  readonly fetched: number;
  readonly from_archive: number;
  readonly unchanged: number;
  readonly pending: number;
  readonly missing: number;
  readonly available: number;
  readonly denied: number;
  readonly failed: number;
  readonly pruned: number;
  /** Days that are no sessions, and of which the vendor lists a file; whatever became of them. */
  readonly extra: number;
}

export interface DatasetSummary {
  readonly dataset: string;
  readonly range: { readonly start: IsoDay; readonly end: IsoDay };
  /**
   * The states add up to the sessions; `fetched`, `from_archive` and `unchanged` are the days that are done.
   * Extra days are beside them.
   */
  readonly days: DaysByState;
  /** Each extra day and what became of it, ascending. */
  readonly extra: readonly { readonly day: IsoDay; readonly state: DayFate }[];
  readonly problems: readonly { readonly day: IsoDay; readonly state: DayState; readonly reason: string }[];
  /** Holes among them that the user accepted, with the reason given: they spoil no exit code. */
  readonly accepted: readonly { readonly day: IsoDay; readonly state: DayState; readonly reason: string }[];
  /**
   * Records of the days that were fetched which no series has, by day, ticker and reason; `line` is that of
   * the first.
   */
  readonly left_out: readonly ({ readonly day: IsoDay } & LeftOut)[];
  readonly replaced: readonly ({ readonly day: IsoDay } & DayDifference)[];
  readonly ticker_days: {
    readonly added: number;
    readonly unchanged: number;
    readonly corrected: number;
    /** Rows of the user's that are not what the vendor has, and were left alone. */
    readonly kept: number;
  };
  readonly tickers: {
    /** Number of tickers, or null for every ticker of the market. */
    readonly tracked: number | null;
    readonly never_seen: readonly string[];
    /** For never-seen ones the ticker that was perhaps meant: of those tracked, or of the market. */
    readonly suggestions: Readonly<Record<string, string>>;
    /** Lists that bring no ticker that any day has held. */
    readonly unusable_lists: readonly UnusableList[];
    /**
     * By tracked underlying of options the root of its weeklies, where the market has it and it is not
     * tracked.
     */
    readonly weeklies: Readonly<Record<string, string>>;
  };
  readonly quality: {
    readonly not_bars: number;
    readonly doubles: number;
    /** Records of minutes or ticks stamped outside their day. */
    readonly off_date: number;
    readonly off_day: readonly IsoDay[];
  };
  readonly requests: { readonly list: number; readonly get: number; readonly retried: number };
  readonly bytes: {
    readonly downloaded: number;
    /** What the plan has to download, where it is known. */
    readonly to_fetch: number;
    /** Disk space that the plan needs, estimated. */
    readonly needed: number;
  };
  readonly times: { readonly download_seconds: number; readonly work_seconds: number };
  /** Where the files are. */
  readonly folders: { readonly series: string; readonly archive: string };
}

/** What became of each day. */
export type DayFate = Exclude<DayState, 'done'> | 'fetched' | 'from_archive' | 'unchanged';

export function countDays(
  fates: Iterable<readonly [IsoDay, DayFate]>,
  isSession: (day: IsoDay) => boolean,
): DaysByState {
  const counts = {
    sessions: 0,
    fetched: 0,
    from_archive: 0,
    unchanged: 0,
    pending: 0,
    missing: 0,
    available: 0,
    denied: 0,
    failed: 0,
    pruned: 0,
    extra: 0,
  };
  for (const [day, fate] of fates) {
    if (!isSession(day)) {
      counts.extra++;
      continue;
    }
    counts.sessions++;
    counts[fate]++;
  }
  return counts;
}
