/** Where each column stands in a day file, read from its header by name and never assumed by position. */
import type { DayRules } from '#market/datasets/dataset.js';

/**
 * More fields than this are counted and not kept: no dataset has as many, and a header or a record that has
 * is none.
 */
export const MAX_FIELDS = 64;

export interface Columns {
  /** Number of fields that the header has, and so every record should have. */
  readonly count: number;
  readonly ticker: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** -1 where the product has none. */
  readonly volume: number;
  /** Of the moment that a record is of, nanoseconds since the epoch; -1 where the product has none. */
  readonly stamp: number;
  readonly names: readonly string[];
  readonly records: DayRules['records'];
}

/** The header is not that of a day file. The message names what it lacks and shows how it begins. */
export class HeaderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HeaderError';
  }
}

const NEEDED: Readonly<Record<DayRules['records'], readonly string[]>> = {
  bars: ['ticker', 'open', 'high', 'low', 'close', 'volume'],
  indices: ['ticker', 'open', 'high', 'low', 'close'],
  ticks: ['ticker', 'sip_timestamp'],
  any: ['ticker'],
};

/**
 * What the moment of a record is called in files without a consolidator's stamp; the first that is there
 * counts.
 */
export const TICK_STAMPS = ['sip_timestamp', 'participant_timestamp', 'timestamp', 'window_start'] as const;

const NO_PRICES = { open: -1, high: -1, low: -1, close: -1, volume: -1 } as const;

/**
 * `count`: how many there are, where `header` is only the first MAX_FIELDS. Their case says nothing: some
 * samples write `Ticker`. Throws HeaderError.
 */
export function readColumns(
  header: readonly string[],
  count = header.length,
  records: DayRules['records'] = 'bars',
): Columns {
  if (count > MAX_FIELDS) throw new HeaderError(`the header has ${count} columns, more than ${MAX_FIELDS}`);
  const needed = NEEDED[records];
  const names = header.map((name) => name.toLowerCase());
  const at = (name: string): number => names.indexOf(name);
  const lacking = needed.filter((name) => at(name) < 0);
  if (lacking.length > 0) {
    const shown = JSON.stringify(header.join(',').slice(0, 80));
    throw new HeaderError(`the header lacks ${lacking.join(', ')}; it begins ${shown}`);
  }
  const twice = needed.filter((name) => names.lastIndexOf(name) !== at(name));
  if (twice.length > 0) throw new HeaderError(`the header has ${twice.join(', ')} more than once`);
  const ticker = at('ticker');
  if (records === 'any') {
    const stamp = TICK_STAMPS.map(at).find((place) => place >= 0) ?? -1;
    return { count, ticker, ...NO_PRICES, stamp, names, records };
  }
  return {
    count,
    ticker,
    open: at('open'),
    high: at('high'),
    low: at('low'),
    close: at('close'),
    volume: at('volume'),
    stamp: at(records === 'ticks' ? 'sip_timestamp' : 'window_start'),
    names,
    records,
  };
}
