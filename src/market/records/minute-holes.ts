/**
 * Holes inside a day of minutes, found from the records as they pass: a minute of the regular session that
 * the whole market lacks between minutes that it has, and a ticker that was traded in nearly every minute and
 * has none at the end. Few enough that people read them: a quiet market and a quiet ticker say nothing.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { SessionCalendar } from '#market/calendar/sessions.js';
import { hoursOf, type Segment } from '#market/calendar/trading-hours.js';
import { instantOfWall } from '#market/calendar/zone.js';
import type { DayRules } from '#market/datasets/dataset.js';
import { type DayIndex, inOrder, sameTicker, tickerOf } from './day-index.js';
import { secondOf } from './record-second.js';

export interface MinuteHoles {
  /** `09:45`, or `09:45 to 09:50` where several are lacking in a row; ascending. */
  readonly market: readonly string[];
  /** Minutes of the session are lacking at the end, from `from` on. */
  readonly tickers: readonly { readonly ticker: string; readonly from: string; readonly minutes: number }[];
}

export const NO_HOLES: MinuteHoles = { market: [], tickers: [] };

export interface HoleFinder {
  /** The records of a piece, all pieces in the order of the text. */
  add(index: DayIndex): void;
  result(): MinuteHoles;
}

/** So many tickers in the minute before and in the one after make a minute without any a hole. */
const BUSY = 20;
/** That a ticker was not traded to the end by chance is less likely than this, by how often it was before. */
const BY_CHANCE = 1e-5;
/** A part of the session that says how often. */
const ENOUGH = 0.25;
/** Of a quiet ticker even a long silence is nothing. */
const MOST_IDLE = 0.03;
const MOST = 20;

type MinuteRules = Pick<DayRules, 'series'> & { readonly calendar: SessionCalendar };

/** Undefined for days that are no minutes of a market with hours, or no session. */
export function newHoleFinder({ series, calendar }: MinuteRules, day: IsoDay): HoleFinder | undefined {
  const { time, values, of, timeZone } = series;
  if (time !== 'moment' || values !== 'bar' || of !== 'ticker' || calendar.name !== 'NYSE') return undefined;
  const session = hoursOf(calendar)
    .segments(day)
    .find(({ kind }) => kind === 'regular');
  return session === undefined ? undefined : finderOf(session, day, timeZone);
}

function finderOf(session: Segment, day: IsoDay, timeZone: string): HoleFinder {
  const length = session.to - session.from;
  const begin = instantOfWall(Date.parse(day) + session.from * 60_000, timeZone) / 1000;
  const counts = new Int32Array(length);
  const tickers: MinuteHoles['tickers'][number][] = [];
  let known: { readonly ticker: string; minutes: number; last: number } | undefined;
  const clock = (minute: number): string => {
    const at = session.from + minute;
    return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
  };
  const endTicker = (): void => {
    if (known === undefined) return;
    const { ticker, minutes, last } = known;
    const lacking = length - 1 - last;
    const idle = (last + 2 - minutes) / (last + 2);
    // The last minute is the busiest: whoever was traded in each before it is traded then.
    const isHole =
      lacking === 1 ? minutes === last + 1 : lacking > 1 && idle ** lacking < BY_CHANCE && idle < MOST_IDLE;
    if (last >= ENOUGH * length && isHole) tickers.push({ ticker, from: clock(last + 1), minutes: lacking });
    known = undefined;
  };
  return {
    add: (index) => {
      for (let k = 0; k < index.records; k++) {
        const i = inOrder(index, k);
        const isNew = k === 0 || !sameTicker(index, inOrder(index, k - 1), i);
        if (isNew) {
          const ticker = tickerOf(index, i);
          if (known?.ticker !== ticker) {
            endTicker();
            known = { ticker, minutes: 0, last: -1 };
          }
        }
        if (index.verdicts[i] !== 0 || known === undefined) continue;
        const minute = Math.floor((secondOf(index, i) - begin) / 60);
        if (!(minute >= 0 && minute < length)) continue;
        (counts[minute] as number)++;
        known.minutes++;
        if (minute > known.last) known.last = minute;
      }
    },
    result: () => {
      endTicker();
      // What all lack at the end is the market's hole.
      const silent = length - 1 - counts.findLastIndex((count) => count > 0);
      const own = tickers.filter(({ minutes }) => minutes > silent);
      return { market: marketHoles(counts, clock), tickers: own.slice(0, MOST) };
    },
  };
}

function marketHoles(counts: Int32Array, clock: (minute: number) => string): readonly string[] {
  const found: string[] = [];
  for (let minute = 0; minute < counts.length; minute++) {
    if (counts[minute] !== 0) continue;
    const from = minute;
    while (minute + 1 < counts.length && counts[minute + 1] === 0) minute++;
    const isBusy = (at: number): boolean => at < 0 || at >= counts.length || (counts[at] as number) >= BUSY;
    if ((counts[from - 1] ?? 0) + (counts[minute + 1] ?? 0) < BUSY) continue;
    if (!isBusy(from - 1) || !isBusy(minute + 1)) continue;
    found.push(from === minute ? clock(from) : `${clock(from)} to ${clock(minute)}`);
  }
  return found.slice(0, MOST);
}
