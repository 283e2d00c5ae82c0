/** Where each column stands in a day file, read from its header by name and never assumed by position. */

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
  readonly volume: number;
  /** Nanoseconds since the epoch; -1 where the product has none. */
  readonly windowStart: number;
}

/** The header is not that of a day file. The message names what it lacks and shows how it begins. */
export class HeaderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HeaderError';
  }
}

const needed = ['ticker', 'open', 'high', 'low', 'close', 'volume'] as const;

/** `count`: how many there are, where `names` are only the first MAX_FIELDS. Throws HeaderError. */
export function readColumns(names: readonly string[], count = names.length): Columns {
  if (count > MAX_FIELDS) throw new HeaderError(`the header has ${count} columns, more than ${MAX_FIELDS}`);
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
    windowStart: at('window_start'),
  };
}
