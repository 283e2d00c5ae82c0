/** What several definitions share. */
import type { SeriesForm } from './series-form.js';

/** About 11:00 in New York on the next morning (the vendor's documentation); a day later it is overdue. */
export const nextMorning = { timeZone: 'America/New_York', hour: 11, overdueAfterHours: 24 } as const;

export const NEW_YORK = 'America/New_York';
export const UTC = 'UTC';
/** US shares: from December 2026 on they trade on the evening before. */
export const NEW_YORK_OVERNIGHT = { timeZone: NEW_YORK, evenings: 'next' } as const;
/** Other moments in New York's time, of which an evening is its own day's as a rule. */
export const NEW_YORK_MOMENTS = { timeZone: NEW_YORK, evenings: 'own' } as const;

/** Small days, of which a single ticker's read inflates one or two members. */
const SMALL = { memberForm: { textBytes: 32 << 10, search: 'everywhere' }, inPieces: false } as const;
/**
 * Large days, whose members are as long as blocked gzip allows: a ticker's minutes or an underlying's
 * contracts fill some.
 */
const LARGE = { memberForm: { textBytes: 65_280, search: 'everywhere' }, inPieces: true } as const;

/** A bar a ticker and day. The limits leave a factor of sixty and more. */
export const dayBarLimits = {
  ...SMALL,
  maxTextBytes: 64 << 20,
  maxObjectBytes: 64 << 20,
  maxRecords: 720_000,
} as const;

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Millions of bars: up to 30 MB compressed and 140 MB of text are usual. */
export const manyBarLimits = {
  ...LARGE,
  maxTextBytes: 4 * GIB,
  maxObjectBytes: 512 * MIB,
  maxRecords: 60_000_000,
} as const;

/** Trades and quotes: gigabytes, and of options over a hundred. */
export const tickLimits = {
  ...LARGE,
  maxTextBytes: 4096 * GIB,
  maxObjectBytes: 512 * GIB,
  maxRecords: 50_000_000_000,
} as const;

export function dayBarsOf(prefix: string, timeZone: string): SeriesForm {
  return { prefix, suffix: '_1d_data.csv', of: 'ticker', time: 'day', timeZone, values: 'bar' };
}

/** In New York's time a day reaches back into the evening before; in UTC it is the calendar's. */
export function minuteBarsOf(prefix: string, zone: Pick<SeriesForm, 'timeZone' | 'evenings'>): SeriesForm {
  return { prefix, suffix: '_1m_data.csv', of: 'ticker', time: 'moment', ...zone, values: 'bar' };
}

/**
 * Of a product whose columns are not documented: its days are archived, and exported with whatever columns
 * they have.
 */
export function archived(prefix: string, timeZone: string) {
  return {
    records: 'any',
    untracked: 'none',
    series: {
      prefix,
      suffix: '_records_data.csv',
      of: 'ticker',
      time: 'day',
      timeZone,
      values: [],
      many: true,
    },
  } as const;
}

/** Ticks of a venue without a consolidator: stamped by whoever took part. */
export function venueTicksOf(prefix: string, suffix: string, values: readonly string[]): SeriesForm {
  return { prefix, suffix, of: 'ticker', time: 'moment', timeZone: UTC, values };
}
