/**
 * Rows of trades and quotes, as the vendor's columns stand, for stocks and for options. What a tick does not
 * say of itself (exchange, conditions, tape) is drawn from its hash. Lists of conditions are quoted, as RFC
 * 4180 has it.
 */
import { writePrice, writeSixDecimals, writeWhole } from './bar-writer.js';

const COMMA = 44;
const NEWLINE = 10;
const ZERO = 48;
const NANOSECONDS = 1_000_000_000;
/** Off-exchange trades are reported by this one, through a facility of its own. */
const REPORTING_EXCHANGE = 4;

/** Bytes of the longest row: ticker, three stamps, two lists, and numbers. */
export const MAX_TICK_BYTES = 256;

/** A tick in integers. Mutable, because one is written millions of times. */
export interface Tick {
  /** Since the epoch; the instant at which the consolidator had it. */
  seconds: number;
  nanoseconds: number;
  price: number;
  ticksPerDollar: number;
  size: number;
  sequence: number;
  /** From 1 for each ticker. */
  place: number;
  /** Decides everything else. */
  hash: number;
  /** The same for all of an instrument's ticks. */
  tickerHash: number;
}

export interface TickLayout {
  readonly header: Buffer;
  /** Writes what follows the ticker, with its comma and the line's end; returns the position behind it. */
  write(target: Uint8Array, at: number, tick: Tick, sixDecimals: boolean): number;
}

export const STOCK_TRADES: TickLayout = {
  header: Buffer.from(
    'ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape,trf_id,trf_timestamp\n',
  ),
  write(target, start, tick, sixDecimals) {
    const exchange = 1 + ((tick.hash >>> 4) % 21);
    const reported = exchange === REPORTING_EXCHANGE;
    let at = text(target, start, STOCK_CONDITIONS[(tick.hash >>> 9) & 15]);
    at = field(target, at, (tick.hash >>> 13) % 4000 === 0 ? 1 : 0);
    at = field(target, at, exchange);
    at = field(target, at, tick.place);
    at = stamp(target, at, tick, tick.hash & 0xfffff);
    at = amount(target, at, tick.price, tick.ticksPerDollar, sixDecimals);
    at = field(target, at, tick.sequence);
    at = stamp(target, at, tick, 0);
    at = amount(target, at, tick.size, 1, sixDecimals);
    at = field(target, at, 1 + ((tick.tickerHash & 0xffff) % 3));
    at = field(target, at, reported ? 201 + (tick.hash >>> 30) : 0);
    return lineEnd(target, reported ? stamp(target, at, tick, tick.hash & 0xffff) : field(target, at, 0));
  },
};

export const OPTION_TRADES: TickLayout = {
  header: Buffer.from('ticker,conditions,correction,exchange,price,sip_timestamp,size\n'),
  write(target, start, tick, sixDecimals) {
    let at = text(target, start, OPTION_CONDITIONS[(tick.hash >>> 9) & 15]);
    at = field(target, at, 0);
    at = field(target, at, 300 + ((tick.hash >>> 4) % 24));
    at = amount(target, at, tick.price, tick.ticksPerDollar, sixDecimals);
    at = stamp(target, at, tick, 0);
    return lineEnd(target, amount(target, at, tick.size, 1, sixDecimals));
  },
};

export const STOCK_QUOTES: TickLayout = {
  header: Buffer.from(
    'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,indicators,participant_timestamp,sequence_number,sip_timestamp,tape,trf_timestamp\n',
  ),
  write(target, start, tick, sixDecimals) {
    let at = bothSides(target, start, tick, 1, sixDecimals);
    at = text(target, at, QUOTE_CONDITIONS[(tick.hash >>> 9) & 7]);
    at = text(target, at, INDICATORS[(tick.hash >>> 12) & 7]);
    at = stamp(target, at, tick, tick.hash & 0xfffff);
    at = field(target, at, tick.sequence);
    at = stamp(target, at, tick, 0);
    at = field(target, at, 1 + ((tick.tickerHash & 0xffff) % 3));
    return lineEnd(target, field(target, at, 0));
  },
};

export const OPTION_QUOTES: TickLayout = {
  header: Buffer.from(
    'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,sequence_number,sip_timestamp\n',
  ),
  write(target, start, tick, sixDecimals) {
    let at = bothSides(target, start, tick, 300, sixDecimals);
    at = field(target, at, tick.sequence);
    return lineEnd(target, stamp(target, at, tick, 0));
  },
};

const STOCK_CONDITIONS = lists(
  '',
  '',
  '',
  '',
  '14',
  '37',
  '37',
  '41',
  '"12,37"',
  '"14,41"',
  '"14,37,41"',
  '',
);
const OPTION_CONDITIONS = lists('209', '209', '209', '227', '233', '"209,233"', '219', '209');
const QUOTE_CONDITIONS = lists('1', '1', '1', '', '"1,81"', '1', '81', '1');
const INDICATORS = lists('604', '', '604', '"301,604"', '', '', '"604,621"', '');

/** Sixteen of them, over and over. */
function lists(...texts: readonly string[]): readonly Uint8Array[] {
  return Array.from({ length: 16 }, (_, i) => Buffer.from(texts[i % texts.length] ?? ''));
}

/** Ask, then bid: exchange, price, size. Now and then one side is empty: zeros. */
function bothSides(
  target: Uint8Array,
  start: number,
  tick: Tick,
  exchanges: number,
  sixDecimals: boolean,
): number {
  const { hash, price, ticksPerDollar, size } = tick;
  const wide = 1 + ((hash >>> 20) & 3);
  const none = (hash >>> 17) & 511;
  const bid = Math.max(1, price - wide);
  let at = start;
  for (const [there, worth, lot] of [
    [none !== 0, bid + wide + ((hash >>> 22) & 3), 1 + ((hash >>> 24) & 15)],
    [none !== 1, bid, size],
  ] as const) {
    at = field(target, at, there ? exchanges + ((hash >>> (none & 7)) % 20) : 0);
    at = amount(target, at, there ? worth : 0, ticksPerDollar, sixDecimals);
    at = amount(target, at, there ? lot : 0, 1, sixDecimals);
  }
  return at;
}

export function field(target: Uint8Array, at: number, value: number): number {
  target[at] = COMMA;
  return writeWhole(target, at + 1, value);
}

function amount(
  target: Uint8Array,
  at: number,
  value: number,
  unitsToOne: number,
  sixDecimals: boolean,
): number {
  target[at] = COMMA;
  if (unitsToOne > 1) return writePrice(target, at + 1, value, unitsToOne, sixDecimals);
  return sixDecimals ? writeSixDecimals(target, at + 1, value, 0) : writeWhole(target, at + 1, value);
}

export function text(target: Uint8Array, start: number, bytes: Uint8Array | undefined): number {
  let at = start;
  target[at++] = COMMA;
  if (bytes !== undefined) for (let i = 0; i < bytes.length; i++) target[at++] = bytes[i] ?? 0;
  return at;
}

/** Nineteen digits: the tick's instant, less `earlier` nanoseconds (fewer than 10^9). */
export function stamp(target: Uint8Array, start: number, tick: Tick, earlier: number): number {
  const nanoseconds = tick.nanoseconds - earlier;
  const at = field(target, start, nanoseconds < 0 ? tick.seconds - 1 : tick.seconds);
  let rest = nanoseconds < 0 ? nanoseconds + NANOSECONDS : nanoseconds;
  for (let i = at + 8; i >= at; i--) {
    const tenth = (rest / 10) | 0;
    target[i] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return at + 9;
}

export function lineEnd(target: Uint8Array, at: number): number {
  target[at] = NEWLINE;
  return at + 1;
}
