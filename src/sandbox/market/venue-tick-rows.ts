/**
 * Rows of ticks that no consolidator stamps: coins' trades, currencies' quotes, indices' values. Coins' numbers
 * come as they do in the vendor's files: with exponents, with remains of binary floats, and with up to 21
 * decimals. The columns of index values are not documented; these are made up.
 */
import { writePrice, writeWhole } from './bar-writer.js';
import { field, lineEnd, stamp, type Tick, type TickLayout, text } from './tick-rows.js';

const COMMA = 44;
const ZERO = 48;

export const CRYPTO_TRADES: TickLayout = {
  header: Buffer.from('ticker,conditions,exchange,id,participant_timestamp,price,size\n'),
  write(target, start, tick, sixDecimals) {
    let at = text(target, start, CONDITIONS[(tick.hash >>> 9) & 3]);
    at = field(target, at, EXCHANGES[(tick.hash >>> 4) & 3] ?? 1);
    at = field(target, at, tick.sequence);
    at = stamp(target, at, tick, 0);
    at = price(target, at, tick, tick.price, sixDecimals);
    const isRemains = sixDecimals && tick.ticksPerDollar <= 1_000_000 && (tick.hash & 15) === 3;
    if (isRemains) at = put(target, at, REMAINS);
    return lineEnd(target, coins(target, at, tick));
  },
};

export const FOREX_QUOTES: TickLayout = {
  header: Buffer.from('ticker,ask_exchange,ask_price,bid_exchange,bid_price,participant_timestamp\n'),
  write(target, start, tick, sixDecimals) {
    const wide = 1 + ((tick.hash >>> 20) & 3);
    let at = field(target, start, 48);
    at = price(target, at, tick, tick.price + wide, sixDecimals);
    at = field(target, at, 48);
    at = price(target, at, tick, tick.price, sixDecimals);
    // In milliseconds, as the vendor has it.
    return lineEnd(
      target,
      stamp(target, at, { ...tick, nanoseconds: tick.nanoseconds - (tick.nanoseconds % 1_000_000) }, 0),
    );
  },
};

export const INDEX_VALUES: TickLayout = {
  header: Buffer.from('ticker,timestamp,value\n'),
  write(target, start, tick, sixDecimals) {
    const at = stamp(target, start, tick, 0);
    return lineEnd(target, price(target, at, tick, tick.price, sixDecimals));
  },
};

const CONDITIONS = ['1', '2', '1', '"1,2"'].map((one) => Buffer.from(one));
const EXCHANGES = [1, 2, 6, 23];
const REMAINS = Buffer.from('000001');

function price(target: Uint8Array, at: number, tick: Tick, ticks: number, sixDecimals: boolean): number {
  target[at] = COMMA;
  return writePrice(target, at + 1, ticks, tick.ticksPerDollar, sixDecimals);
}

/** A size: `12.345`, or few of a coin's hundred millionths as `5e-8`, or with 21 decimals. */
function coins(target: Uint8Array, start: number, { hash, size }: Tick): number {
  target[start] = COMMA;
  const kind = hash >>> 29;
  if (kind === 0) return put(target, writeWhole(target, start + 1, 1 + ((hash >>> 6) % 9)), TINY);
  let at = writeWhole(target, start + 1, kind === 1 ? 0 : size);
  at = put(target, at, POINT);
  const decimals = kind === 1 ? 20 : kind & 3;
  for (let i = 0; i < decimals; i++) target[at++] = ZERO + ((hash >>> i) % 10);
  target[at++] = ZERO + 1 + ((hash % 9) & 7);
  return at;
}

const TINY = Buffer.from('e-8');
const POINT = Buffer.from('.');

function put(target: Uint8Array, start: number, bytes: Uint8Array): number {
  target.set(bytes, start);
  return start + bytes.length;
}
