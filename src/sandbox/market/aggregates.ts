/**
 * Files of bars: a market's days, and its minutes. Both are made of the same day bars, so a day's minutes
 * agree with its daily bar. A market says which instruments it has on a day, in the order of their ticker
 * bytes, and when it trades; this writes their rows.
 */
import { dueAt } from '#market/calendar/due.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { type Bar, MAX_ROW_BYTES, writeBar, writeCoinBar, writeIndexBar } from './bar-writer.js';
import type { Generator } from './generator.js';
import { createTracer, type MinutePath, type MinuteProfile, newMinutePath } from './minute-path.js';

/** Fractional shares and six decimals from here on. */
export const SIX_DECIMALS_FROM: IsoDay = '2026-02-23';
const PAGE_BYTES = 2 << 20;
const MINUTES_A_DAY = 1440;
const MS_PER_MINUTE = 60_000;
/** 11:00 in New York on the next calendar day. */
export const PUBLICATION = { timeZone: 'America/New_York', hour: 11, overdueAfterHours: 24 };

export const publishedAt = (day: IsoDay): Date => dueAt(day, PUBLICATION);

/** One instrument's day. The same object serves for all of a day's: read it before asking for the next. */
export interface Instrument {
  readonly ticker: Uint8Array;
  /** Bytes of `ticker` that count. */
  tickerLength: number;
  seed: number;
  readonly bar: Bar;
  profile: MinuteProfile;
}

/** `all` of a market at its true size, or the `some` that keep a file small. */
export type Crowd = 'all' | 'some';

export interface Market {
  /** Of its datasets' names: `stocks`, `options`. */
  readonly name: string;
  /** The first part of its keys: `us_stocks_sip`. */
  readonly folder: string;
  readonly layout: Layout;
  listDays(first: IsoDay, last: IsoDay): readonly IsoDay[];
  instruments(day: IsoDay, revision: number, crowd: Crowd): Iterable<Instrument>;
  /** The stamp of daily bars and the start of the minutes, in ms since the epoch. */
  dayStamp(day: IsoDay): number;
  minutesFrom(day: IsoDay): number;
}

export interface Layout {
  readonly header: Buffer;
  readonly write: typeof writeBar;
}

export const TRADED: Layout = {
  header: Buffer.from('ticker,volume,open,close,high,low,window_start,transactions\n'),
  write: writeBar,
};
export const COINED: Layout = { header: TRADED.header, write: writeCoinBar };
export const VALUED: Layout = {
  header: Buffer.from('ticker,open,close,high,low,window_start\n'),
  write: writeIndexBar,
};

export interface Sizing {
  readonly firstDay: IsoDay;
  /** How much of the market a day's file holds. */
  crowdOn(day: IsoDay): Crowd;
}

export function dailyBars(market: Market, { firstDay, crowdOn }: Sizing): Generator {
  function* pieces(day: IsoDay, revision: number): Iterable<Buffer> {
    const { header, write } = market.layout;
    const sixDecimals = day >= SIX_DECIMALS_FROM;
    const stamp = stampOf(market.dayStamp(day));
    let page = Buffer.allocUnsafeSlow(PAGE_BYTES);
    let at = header.copy(page);
    for (const { ticker, tickerLength, bar } of market.instruments(day, revision, crowdOn(day))) {
      if (at + MAX_ROW_BYTES > PAGE_BYTES) {
        yield page.subarray(0, at);
        page = Buffer.allocUnsafeSlow(PAGE_BYTES);
        at = 0;
      }
      for (let i = 0; i < tickerLength; i++) page[at++] = ticker[i] ?? 0;
      at = write(page, at, bar, stamp, sixDecimals);
    }
    yield page.subarray(0, at);
  }

  return {
    name: `${market.name}_daily`,
    prefix: `${market.folder}/day_aggs_v1`,
    listDays: (last) => market.listDays(firstDay, last),
    publishedAt,
    isLarge: () => false,
    pieces,
  };
}

export function minuteBars(market: Market, { firstDay, crowdOn }: Sizing): Generator {
  const trace = createTracer();

  function* pieces(day: IsoDay, revision: number): Iterable<Buffer> {
    const sixDecimals = day >= SIX_DECIMALS_FROM;
    const stamps = minuteStamps(market.minutesFrom(day));
    const path = newMinutePath();
    const minute: Bar = newBar();
    let page = Buffer.allocUnsafeSlow(PAGE_BYTES);
    let at = market.layout.header.copy(page);
    for (const instrument of market.instruments(day, revision, crowdOn(day))) {
      if (at + MINUTES_A_DAY * MAX_ROW_BYTES > PAGE_BYTES) {
        yield page.subarray(0, at);
        page = Buffer.allocUnsafeSlow(PAGE_BYTES);
        at = 0;
      }
      // What the old format does not show must not be shared out either.
      if (!sixDecimals) instrument.bar.volumeMillionths = 0;
      trace(instrument.bar, instrument.seed, instrument.profile, path);
      minute.ticksPerDollar = instrument.bar.ticksPerDollar;
      for (let i = 0; i < path.count; i++) {
        fillMinute(minute, path, i);
        for (let b = 0; b < instrument.tickerLength; b++) page[at++] = instrument.ticker[b] ?? 0;
        const stamp = stamps[path.minute[i] ?? 0] ?? EMPTY;
        at = market.layout.write(page, at, minute, stamp, sixDecimals);
      }
    }
    yield page.subarray(0, at);
  }

  return {
    name: `${market.name}_minute`,
    prefix: `${market.folder}/minute_aggs_v1`,
    listDays: (last) => market.listDays(firstDay, last),
    publishedAt,
    isLarge: (day) => crowdOn(day) === 'all',
    pieces,
  };
}

const EMPTY = new Uint8Array(0);

export function newBar(): Bar {
  return {
    ...{ ticksPerDollar: 100, volume: 0, volumeMillionths: 0, transactions: 0 },
    ...{ open: 0, close: 0, high: 0, low: 0 },
  };
}

function fillMinute(bar: Bar, path: MinutePath, i: number): void {
  bar.volume = path.volume[i] ?? 0;
  bar.volumeMillionths = path.volumeMillionths[i] ?? 0;
  bar.transactions = path.transactions[i] ?? 0;
  bar.open = path.open[i] ?? 0;
  bar.close = path.close[i] ?? 0;
  bar.high = path.high[i] ?? 0;
  bar.low = path.low[i] ?? 0;
}

/** `,nanoseconds since the epoch,`. */
function stampOf(ms: number): Uint8Array {
  return Buffer.from(`,${ms}000000,`);
}

function minuteStamps(from: number): readonly Uint8Array[] {
  return Array.from({ length: MINUTES_A_DAY }, (_, minute) => stampOf(from + minute * MS_PER_MINUTE));
}
