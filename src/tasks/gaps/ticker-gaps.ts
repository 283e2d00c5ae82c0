/**
 * A ticker's own holes: sessions of which the market is here, and the ticker has no bar. What they mean is
 * told as far as the data can tell it: a day that was looked up and has no row in the series had no bar.
 * Pure.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';

export type TickerGapState =
  | 'not-yet-listed'
  | 'delisted'
  /** Not yet, or no more, under this name: only where the tables tell it (renames.ts). */
  | 'renamed'
  | 'halted'
  | 'left-out'
  | 'no-trade'
  | 'never-seen'
  | 'not-filled'
  | 'not-looked-up';

/** As it stands in the JSON document too. */
export interface TickerRange {
  readonly start: IsoDay;
  readonly end: IsoDay;
  /** Sessions of it without a bar; sessions of which the market is not here either do not count. */
  readonly sessions: number;
  readonly state: TickerGapState;
  readonly reason: string;
}

export interface TickerFacts {
  readonly ticker: string;
  /**
   * The days of which the market is, or was, here: all that the folder knows, not only the range. Ascending.
   */
  readonly days: readonly IsoDay[];
  /** Of other days nobody expects a bar. */
  readonly isSession: (day: IsoDay) => boolean;
  /** The days of the series' rows, ascending. */
  readonly rows: readonly IsoDay[];
  /** Whether the day was read for the ticker: its bar is in the series, or it had none. */
  readonly lookedUp: (day: IsoDay) => boolean;
  /**
   * Where the market of the day is: `unkept` where it was read and not kept on purpose, `gone` where it was
   * removed.
   */
  readonly market: (day: IsoDay) => 'archived' | 'unkept' | 'gone';
  /**
   * Why the vendor's record of a day without a row was left out; undefined where there is none. Asked only of
   * such days.
   */
  readonly leftOut: (day: IsoDay) => string | undefined;
  /** Whether any day that was looked up ever held a bar of it. */
  readonly seen: boolean;
}

/** A ticker without a bar on this many of the newest sessions is taken for delisted. */
export const DELISTED_AFTER = 10;
/** Without one for longer than any halt lasts, the ticker may have been given to another company. */
export const REUSED_AFTER = 60;
/**
 * A ticker that is without a bar on more than this share of its other sessions trades thinly: a few of them
 * in a row are no halt.
 */
const THIN = 0.05;

/**
 * The days without a row; the first line that fits decides:
 *
 * | looked up | market   | ever seen | where                                       | state          |
 * |-----------|----------|-----------|---------------------------------------------|----------------|
 * | no        | gone     |           |                                             | (no hole)      |
 * | no        | archived |           |                                             | not-filled     |
 * | no        | unkept   |           |                                             | not-looked-up  |
 * | yes, and its record was left out | |   |                                             | left-out       |
 * | yes       |          | no        |                                             | never-seen     |
 * | yes       |          | yes       | before the first row                        | not-yet-listed |
 * | yes       |          | yes       | after the last row, ten sessions or more    | delisted       |
 * | yes       |          | yes       | one in a row; below ten of a ticker that trades thinly | no-trade |
 * | yes       |          | yes       | several in a row                            | halted         |
 *
 * Only what lies from `start` to `end` is returned, ascending, but it is judged by all the days.
 */
export function tickerGaps(
  facts: TickerFacts,
  range: { readonly start: IsoDay; readonly end: IsoDay },
): readonly TickerRange[] {
  return runsOf(facts).flatMap(({ days, state, reason }) => {
    const within = days.filter((day) => day >= range.start && day <= range.end);
    const [start, end] = [within[0], within.at(-1)];
    return start === undefined || end === undefined
      ? []
      : [{ start, end, sessions: within.length, state, reason }];
  });
}

interface Run {
  readonly days: readonly IsoDay[];
  readonly state: TickerGapState;
  readonly reason: string;
}

/** `none`: looked up, and no bar. */
type Kind = 'bar' | 'none' | 'left' | 'archived' | 'unkept';

function runsOf(facts: TickerFacts): readonly Run[] {
  const pieces: { readonly kind: Exclude<Kind, 'bar'>; readonly why: string; readonly days: IsoDay[] }[] = [];
  let before: Kind = 'bar';
  const rows = new Set(facts.rows);
  for (const day of facts.days) {
    const kind = kindOf(day, rows, facts);
    if (kind === undefined) continue;
    if (kind !== 'bar') {
      const why = kind === 'left' ? (facts.leftOut(day) ?? '') : '';
      const last = pieces.at(-1);
      if (kind === before && last?.why === why) last.days.push(day);
      else pieces.push({ kind, why, days: [day] });
    }
    before = kind;
  }
  const life = lifeOf(facts, rows);
  return pieces.map(({ kind, why, days }) => ({
    days,
    ...(kind === 'left' ? ({ state: 'left-out', reason: why } as const) : meaning(kind, days, facts, life)),
  }));
}

/**
 * Of the days from the first to the last row: how many were looked up or have a row, and how many of them
 * have none.
 */
interface Life {
  readonly sessions: number;
  readonly quiet: number;
}

function lifeOf({ days, isSession, rows, lookedUp }: TickerFacts, held: ReadonlySet<IsoDay>): Life {
  const [first = '', last = ''] = [rows[0], rows.at(-1)];
  const within = days.filter((day) => day >= first && day <= last && isSession(day));
  const quiet = within.filter((day) => !held.has(day) && lookedUp(day)).length;
  return { sessions: quiet + within.filter((day) => held.has(day)).length, quiet };
}

/** Judged by the days outside a run of so many. */
function isThin({ sessions, quiet }: Life, run: number): boolean {
  return quiet - run > THIN * (sessions - run);
}

/**
 * Undefined where nothing is known of the ticker on that day, since the whole market is lacking, or nothing
 * is expected: that is no hole of its own.
 */
function kindOf(
  day: IsoDay,
  rows: ReadonlySet<IsoDay>,
  { isSession, lookedUp, leftOut, market }: TickerFacts,
): Kind | undefined {
  if (rows.has(day)) return 'bar';
  if (lookedUp(day)) {
    if (leftOut(day) !== undefined) return 'left';
    return isSession(day) ? 'none' : undefined;
  }
  const where = market(day);
  return where === 'gone' ? undefined : where;
}

function meaning(
  kind: Exclude<Kind, 'bar' | 'left'>,
  days: readonly IsoDay[],
  { ticker, rows, seen }: TickerFacts,
  life: Life,
): Pick<Run, 'state' | 'reason'> {
  if (kind === 'archived')
    return { state: 'not-filled', reason: `the archive holds it: run barloom rebuild ${ticker}` };
  if (kind === 'unkept')
    return { state: 'not-looked-up', reason: 'no archive holds it: run barloom populate' };
  const [first, last] = [rows[0], rows.at(-1)];
  if (!seen || first === undefined || last === undefined)
    return { state: 'never-seen', reason: 'no day that was read held it' };
  const [from = '', to = ''] = [days[0], days.at(-1)];
  if (to < first) return { state: 'not-yet-listed', reason: `its first bar is of ${first}` };
  if (from > last && days.length >= DELISTED_AFTER)
    return { state: 'delisted', reason: `its last bar is of ${last}` };
  if (days.length === 1) return { state: 'no-trade', reason: 'no bar on that day' };
  if (days.length < DELISTED_AFTER && isThin(life, from < last ? days.length : 0))
    return { state: 'no-trade', reason: 'no bar on these days; it trades thinly' };
  return days.length < REUSED_AFTER
    ? { state: 'halted', reason: 'no bar on several sessions in a row' }
    : { state: 'halted', reason: "suspended, or the ticker is another company's since" };
}
