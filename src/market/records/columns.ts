/** Where each column stands in a day file, read from its header by name and never assumed by position. */
import type { DayRules } from '#market/datasets/dataset.js';

/** More fields than this are counted and not kept: no dataset has as many, and a header or a record that has is none. */
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
};

/** `count`: how many there are, where `names` are only the first MAX_FIELDS. Throws HeaderError. */
export function readColumns(
  names: readonly string[],
  count = names.length,
  records: DayRules['records'] = 'bars',
): Columns {
  if (count > MAX_FIELDS) throw new HeaderError(`the header has ${count} columns, more than ${MAX_FIELDS}`);
  const needed = NEEDED[records];
  const at = (name: string): number => names.indexOf(name);
  const lacking = needed.filter((name) => at(name) < 0);
  if (lacking.length > 0) {
    const shown = JSON.stringify(names.join(',').slice(0, 80));
    throw new HeaderError(`the header lacks ${lacking.join(', ')}; it begins ${shown}`);
  }
  const twice = needed.filter((name) => names.lastIndexOf(name) !== at(name));
  if (twice.length > 0) throw new HeaderError(`the header has ${twice.join(', ')} more than once`);
  return {
    count,
    ticker: at('ticker'),
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
