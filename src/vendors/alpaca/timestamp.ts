/**
 * Alpaca's stamps, RFC 3339 in UTC with up to nine decimals of which zeros at the end may be cut, as
 * nanoseconds; and back. Source: https://docs.alpaca.markets/reference/stockquotes.
 */

const SHAPE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;
const SECOND = 19;

export type StampReader = (stamp: string) => string | undefined;

/**
 * Nanoseconds since the epoch as decimal text; undefined for what is no stamp. Stamps of one second mostly
 * follow each other, and reading its date takes ten times as long as the rest.
 */
export function newStampReader(): StampReader {
  let prefix = '';
  let seconds = '';
  return (stamp) => {
    const isKnown = stamp.startsWith(prefix) && prefix !== '';
    if (isKnown && stamp.length === SECOND + 11 && stamp.endsWith('Z')) {
      const decimals = stamp.slice(SECOND + 1, -1);
      if (stamp[SECOND] === '.' && /^\d{9}$/.test(decimals)) return seconds + decimals;
    }
    const [, whole, decimals = ''] = SHAPE.exec(stamp) ?? [];
    const ms = whole === undefined ? Number.NaN : Date.parse(`${whole}Z`);
    if (whole === undefined || !(ms >= 0)) return undefined;
    prefix = whole;
    seconds = String(ms / 1000);
    return seconds + decimals.padEnd(9, '0');
  };
}

/** For the parameters `start` and `end`. */
export function stampOf(tsNs: string): string {
  const ms = Number(tsNs.slice(0, -9)) * 1000;
  return `${new Date(ms).toISOString().slice(0, SECOND)}.${tsNs.slice(-9)}Z`;
}

/** One nanosecond before. */
export function before(tsNs: string): string {
  return String(BigInt(tsNs) - 1n);
}
