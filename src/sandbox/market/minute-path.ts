/**
 * How a bar came about: the minutes in which its instrument traded, each with a bar of its own. The regular
 * session's first open and last close are those of the whole bar, its highest high and lowest low too; volume
 * and transactions add up to the whole's exactly; what happens before and after the regular session stays
 * within it. Arithmetic that IEEE 754 defines to the last bit, and hashes.
 */
import type { Bar } from './bar-writer.js';
import { GOLDEN, mix32 } from './hash.js';

const MINUTES_A_DAY = 1440;
/** The share of trades that come by themselves. */
const SINGLE = 0.2;

/** When a market trades, in minutes of its day. */
export interface MinuteProfile {
  /** Relative crowd of each minute, 0 to 400; 0 where nothing trades. */
  readonly weights: Int32Array;
  /** The whole market's minutes, and those of the regular session; ends excluded. */
  readonly from: number;
  readonly openAt: number;
  readonly closeAt: number;
  readonly to: number;
  /** What a minute's weight and a bar's transactions are multiplied by for the odds that it trades. */
  readonly odds: number;
}

/** The first `count` values of each column hold. */
export interface MinutePath {
  count: number;
  /** Minutes of the day, ascending. */
  readonly minute: Int32Array;
  readonly open: Int32Array;
  readonly close: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly volume: Int32Array;
  readonly volumeMillionths: Int32Array;
  /** Negative: the field is empty. */
  readonly transactions: Int32Array;
}

export function newMinutePath(): MinutePath {
  const column = () => new Int32Array(MINUTES_A_DAY);
  return {
    ...{ count: 0, minute: column(), open: column(), close: column(), high: column(), low: column() },
    ...{ volume: column(), volumeMillionths: column(), transactions: column() },
  };
}

/** Fills `path` with the minutes of `bar`. None where the bar has no volume. */
export type Tracer = (bar: Bar, seed: number, profile: MinuteProfile, path: MinutePath) => void;

export function createTracer(): Tracer {
  const regular = new Int32Array(MINUTES_A_DAY);
  const noise = new Float64Array(MINUTES_A_DAY);

  /**
   * Writes the minutes that trade among `from..to` to `into` at `at`, at most `most` of them; returns where
   * they end.
   */
  function pick(
    { weights, odds }: MinuteProfile,
    seed: number,
    crowd: number,
    [from, to, most]: readonly [from: number, to: number, most: number],
    into: Int32Array,
    at: number,
  ): number {
    const end = at + most;
    const scaled = crowd * odds;
    let next = at;
    for (let minute = from; minute < to && next < end; minute++) {
      // Trades come in swarms: where there are few, in fewer minutes than if each came by itself.
      const expected = scaled * (weights[minute] ?? 0);
      const eager = expected * (SINGLE + expected);
      const draw = mix32(seed ^ Math.imul(minute + 1, GOLDEN)) >>> 0;
      // eager / (1 + eager) > draw / 2^32
      if (eager * (4_294_967_296 - draw) > draw) into[next++] = minute;
    }
    return next;
  }

  return (bar, seed, profile, path) => {
    path.count = 0;
    if (bar.volume <= 0) return;
    const crowd = bar.transactions > 0 ? bar.transactions : 1 + ((bar.volume / 60) | 0);
    const most = Math.min(bar.volume, crowd, MINUTES_A_DAY);
    const { from, openAt, closeAt, to } = profile;
    let inSession = pick(profile, seed, crowd, [openAt, closeAt, most], regular, 0);
    if (inSession === 0) {
      regular[0] = openAt + ((seed >>> 1) % (closeAt - openAt));
      inSession = 1;
    }
    const opening = pick(profile, seed, crowd, [from, openAt, most - inSession], path.minute, 0);
    const closing = opening + inSession;
    path.minute.set(regular.subarray(0, inSession), opening);
    path.count = pick(profile, seed, crowd, [closeAt, to, most - closing], path.minute, closing);
    tracePrices(bar, seed, path, opening, closing, noise);
    shareVolume(bar, seed, profile, path);
  };
}

/** `opening` is the place of the regular session's first minute, `closing` that behind its last. */
function tracePrices(
  bar: Bar,
  seed: number,
  path: MinutePath,
  opening: number,
  closing: number,
  noise: Float64Array,
): void {
  const { count, open: opens, close: closes, high: highs, low: lows } = path;
  const { open, close, high, low } = bar;
  const minutes = closing - opening;
  let sum = 0;
  for (let i = opening; i < closing; i++) {
    const hash = mix32(seed + Math.imul(i + 7, GOLDEN));
    sum += (hash & 255) + ((hash >>> 8) & 255) - 255;
    noise[i] = sum;
  }
  // A bridge from the open to the close, as wide as high and low allow.
  let width = high - low;
  for (let i = opening; i < closing; i++) {
    const share = (i - opening + 1) / minutes;
    const line = open + (close - open) * share;
    const away = (noise[i] ?? 0) - sum * share;
    noise[i] = away;
    if (away > 0) width = Math.min(width, (high - line) / away);
    else if (away < 0) width = Math.min(width, (line - low) / -away);
  }
  for (let i = opening; i < closing; i++) {
    const line = open + ((close - open) * (i - opening + 1)) / minutes;
    closes[i] = within(low, high, Math.floor(line + width * (noise[i] ?? 0) + 0.5));
  }
  closes[closing - 1] = close;
  wander(path, seed, bar, opening);
  for (let i = closing; i < count; i++) {
    closes[i] = within(low, high, (closes[i - 1] ?? close) + stray(seed, i, bar));
  }
  const wick = (high - low) / (384 * Math.sqrt(minutes));
  let [highest, lowest] = [opening, opening];
  for (let i = 0; i < count; i++) {
    const hash = mix32(seed - Math.imul(i + 3, GOLDEN));
    const last = closes[i] ?? close;
    const first =
      i === opening ? open : within(low, high, i === 0 ? last : (closes[i - 1] ?? last) + tick(hash));
    opens[i] = first;
    highs[i] = Math.min(high, Math.max(first, last) + Math.floor(wick * ((hash >>> 16) & 255)));
    lows[i] = Math.max(low, Math.min(first, last) - Math.floor(wick * (hash >>> 24)));
    if (i < opening || i >= closing) continue;
    if ((highs[i] ?? 0) > (highs[highest] ?? 0)) highest = i;
    if ((lows[i] ?? 0) < (lows[lowest] ?? 0)) lowest = i;
  }
  highs[highest] = high;
  lows[lowest] = low;
}

/** The closes before the regular session, which end near its open. */
function wander({ close: closes }: MinutePath, seed: number, bar: Bar, opening: number): void {
  let price = bar.open;
  for (let i = opening - 1; i >= 0; i--) {
    price = within(bar.low, bar.high, price + stray(seed, i, bar));
    closes[i] = price;
  }
}

function stray(seed: number, place: number, { high, low }: Bar): number {
  const hash = mix32(seed ^ Math.imul(place + 11, GOLDEN));
  return Math.floor(((high - low) * ((hash & 255) - 127)) / 4096 + 0.5);
}

/** Mostly a minute opens where the one before closed. */
function tick(hash: number): number {
  return hash & 12 ? 0 : (hash & 1) * 2 - 1;
}

function within(low: number, high: number, price: number): number {
  return price < low ? low : price > high ? high : price;
}

function shareVolume(bar: Bar, seed: number, { weights }: MinuteProfile, path: MinutePath): void {
  const { count, minute, volume, volumeMillionths, transactions } = path;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const luck = 24 + (mix32(seed + Math.imul((minute[i] ?? 0) + 5, GOLDEN)) & 255);
    total += 1 + (((weights[minute[i] ?? 0] ?? 0) * luck) >> 6);
    // Sums for now.
    volume[i] = total;
  }
  const counted = bar.transactions >= count;
  let [reached, shares, trades, fraction] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    reached = volume[i] ?? 0;
    const sharesNow = Math.floor(((bar.volume - count) * reached) / total);
    const tradesNow = counted ? Math.floor(((bar.transactions - count) * reached) / total) : 0;
    // Fractions add up to the bar's: each minute has the difference of two of them, and at least one whole
    // share to take it from.
    const upTo = i === count - 1 ? bar.volumeMillionths : fractionUpTo(seed, i, fraction, bar);
    const part = upTo - fraction;
    volume[i] = 1 + sharesNow - shares - (part < 0 ? 1 : 0);
    volumeMillionths[i] = part < 0 ? part + 1_000_000 : part;
    transactions[i] = counted ? 1 + tradesNow - trades : bar.transactions < 0 ? -1 : 1;
    [shares, trades, fraction] = [sharesNow, tradesNow, upTo];
  }
}

/** Seven minutes in eight have whole shares only. */
function fractionUpTo(seed: number, place: number, before: number, bar: Bar): number {
  const hash = mix32(seed ^ (place + 0x3c6ef));
  return hash & 7 ? before : (hash >>> 3) % (1 + bar.volumeMillionths);
}
