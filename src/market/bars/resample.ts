/**
 * Bars of any width out of smaller ones, a ticker's at a time, in the order of time: one bar is held,
 * whatever comes. Minutes in which nothing was traded make no bar, and neither do sessions that are lacking.
 * No bar spans two days or two segments of a day (trading-hours.ts): those of a regular session are counted
 * from its opening, 09:30, those before it from 04:00, those after it from its close, and where a market
 * never closes from midnight; the last of each may be short.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { localText, readLocalText } from '#market/calendar/local-stamps.js';
import { isChosen, type SessionChoice, type TradingHours } from '#market/calendar/trading-hours.js';
import { instantOfWall } from '#market/calendar/zone.js';
import { joined, type StampedBar } from './bar.js';
import { type BarWidth, firstDayOf, type Period } from './width.js';

/**
 * The stamp of the wider bar that one with this stamp, of that trade date, belongs to; undefined where it
 * belongs to none.
 */
export type StampOf = (stamp: string, day: IsoDay) => string | undefined;

/** What holds the bars together: neighbours of the same stamp become one. */
export function* resample(bars: Iterable<StampedBar>, stampOf: StampOf): Generator<StampedBar> {
  let open: StampedBar | undefined;
  for (const bar of bars) {
    const stamp = stampOf(bar.stamp, bar.day);
    if (stamp === undefined) continue;
    if (open?.stamp === stamp) open = { stamp, day: open.day, ...joined(open, bar) };
    else {
      if (open !== undefined) yield open;
      open = { ...bar, stamp };
    }
  }
  if (open !== undefined) yield open;
}

/** Of days, or of moments that are all wanted: the week's, month's or quarter's first day. */
export function periodStamps(period: Period): StampOf {
  let known: IsoDay = '';
  let first: IsoDay = '';
  return (_, day) => {
    if (day !== known) {
      known = day;
      first = firstDayOf(period, day);
    }
    return first;
  };
}

export interface MomentOptions {
  /** IANA name of the zone that the stamps are local to. */
  readonly timeZone: string;
  readonly hours: TradingHours;
  /** What lies outside is left out. */
  readonly session: SessionChoice;
}

/** Of local date-times. RangeError, when used, for a stamp that is none. */
export function momentStamps(width: BarWidth, options: MomentOptions): StampOf {
  const segmentOf = segmentReader(options);
  if (width.unit === 'period') {
    const first = periodStamps(width.period);
    return (stamp, day) => (segmentOf(stamp, day)?.chosen === true ? first(stamp, day) : undefined);
  }
  const length = width.minutes * 60;
  let known = Number.NaN;
  let text = '';
  return (stamp, day) => {
    const segment = segmentOf(stamp, day);
    if (segment?.chosen !== true) return undefined;
    const start = segment.from + Math.floor((segment.at - segment.from) / length) * length;
    if (start !== known) {
      known = start;
      text = localText(start, options.timeZone);
    }
    return text;
  };
}

/** Seconds since the epoch. */
interface Moment {
  readonly at: number;
  /** The beginning of its segment. */
  readonly from: number;
  readonly chosen: boolean;
}

/**
 * Where a stamp lies. In instants, so that nothing goes wrong on the days on which clocks change; a day's are
 * made once.
 */
function segmentReader({
  timeZone,
  hours,
  session,
}: MomentOptions): (stamp: string, day: IsoDay) => Moment | undefined {
  let known: IsoDay = '';
  let segments: readonly { readonly from: number; readonly to: number; readonly chosen: boolean }[] = [];
  return (stamp, day) => {
    const time = readLocalText(stamp, timeZone);
    if (time === undefined) throw new RangeError(`${JSON.stringify(stamp)} is not a local date-time`);
    if (day !== known) {
      known = day;
      const at = (minute: number) => instantOfWall(Date.parse(day) + minute * 60_000, timeZone) / 1000;
      segments = hours.segments(day).map((segment) => ({
        from: at(segment.from),
        to: at(segment.to),
        chosen: isChosen(session, segment),
      }));
    }
    const segment = segments.find(({ from, to }) => time.seconds >= from && time.seconds < to);
    return segment && { at: time.seconds, from: segment.from, chosen: segment.chosen };
  };
}
