/**
 * Which records of a day file belong to a series: those of its ticker, or of every contract on its underlying
 * (`O:SPY`). Either way they lie in one range of tickers, and so together in a file that is sorted by ticker
 * bytes.
 */
import { endOfUnderlying } from '#market/tickers/occ.js';
import type { SeriesForm } from './series-form.js';

/** Tickers from `from` on (included) and below `to`, by their bytes. */
export interface TickerRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

type Of = Pick<SeriesForm, 'of'>;

const ZERO = 0x30;
const BEHIND_NINE = 0x3a;

/**
 * The contracts on `O:SPY` begin with it and a digit, that of the expiry (`O:SPY251219C00650000`) or of an
 * adjusted root (`O:SPY1251219…`); `O:SPYG…` is another's.
 */
export function rangeOf(key: Uint8Array, { of }: Of): TickerRange {
  return of === 'ticker'
    ? { from: key, to: followedBy(key, 0) }
    : { from: followedBy(key, ZERO), to: followedBy(key, BEHIND_NINE) };
}

/**
 * Where the market can be cut so that no series is parted: not behind the first record of this one, which is
 * the key itself for tickers. The range of `O:AB1CD` lies in that of `O:AB`, so for underlyings it is where
 * the outermost begins.
 */
export function beginningOf(key: Uint8Array, form: Of & Pick<SeriesForm, 'prefix'>): Uint8Array {
  if (form.of === 'ticker') return key;
  let end = Math.min(form.prefix.length + 1, key.length);
  while (end < key.length && !isDigit(key[end] as number)) end++;
  return rangeOf(key.subarray(0, end), form).from;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte < BEHIND_NINE;
}

/**
 * Where the name of the series ends to which the ticker `bytes[start..end)` belongs, which begins with it; -1
 * where it belongs to none.
 */
export function endOfKey(bytes: Uint8Array, start: number, end: number, { of }: Of): number {
  return of === 'ticker' ? end : endOfUnderlying(bytes, start, end);
}

function followedBy(key: Uint8Array, byte: number): Uint8Array {
  const longer = new Uint8Array(key.length + 1);
  longer.set(key);
  longer[key.length] = byte;
  return longer;
}
