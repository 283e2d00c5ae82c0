/**
 * Writes numbers and bars as the vendor's text straight into a buffer: minimal decimals and whole volumes in
 * the old format, six decimals everywhere in the new one. Works on integers (ticks, shares, millionths), so
 * that the text cannot depend on a machine.
 */

const ZERO = 48;
const POINT = 46;
const COMMA = 44;
const NEWLINE = 10;
const MINUS = 45;
const LETTER_E = 101;
/** Digits behind the sixth decimal. */
const REMAINS = 15;

/** Bytes of the longest row: 24 of ticker, numbers of at most ten digits and ten decimals, a volume of 21. */
export const MAX_ROW_BYTES = 24 + 5 * 22 + 21 + 12 + REMAINS;

/** Writes a whole number, 0 <= value < 2^31, at `at`; returns the position behind it. */
export function writeWhole(target: Uint8Array, at: number, value: number): number {
  let end = at + 1;
  if (value >= 10) {
    if (value < 100) end = at + 2;
    else if (value < 1000) end = at + 3;
    else if (value < 10_000) end = at + 4;
    else if (value < 100_000) end = at + 5;
    else if (value < 1_000_000) end = at + 6;
    else if (value < 10_000_000) end = at + 7;
    else if (value < 100_000_000) end = at + 8;
    else end = value < 1_000_000_000 ? at + 9 : at + 10;
  }
  let rest = value;
  for (let i = end - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0;
    target[i] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return end;
}

/** Writes a price of `ticks`, a power of ten up to 10^10 to the dollar, without useless zeros. */
export function writeMinimal(target: Uint8Array, at: number, ticks: number, ticksPerDollar: number): number {
  const dollars = (ticks / ticksPerDollar) | 0;
  let rest = ticks - dollars * ticksPerDollar;
  let end = writeWhole(target, at, dollars);
  if (rest === 0) return end;
  target[end++] = POINT;
  for (let unit = ticksPerDollar / 10; rest > 0; unit = (unit / 10) | 0) {
    const digit = (rest / unit) | 0;
    target[end++] = ZERO + digit;
    rest -= digit * unit;
  }
  return end;
}

/**
 * Writes a price of so few ticks that it is below a millionth: its digits with one before the point, and its
 * power of ten.
 */
function writeExponent(target: Uint8Array, at: number, ticks: number, ticksPerDollar: number): number {
  let unit = 1;
  while (unit * 10 <= ticks) unit *= 10;
  let exponent = 0;
  for (let scale = unit; scale < ticksPerDollar; scale *= 10) exponent++;
  const end = writeMinimal(target, at, ticks, unit);
  target[end] = LETTER_E;
  target[end + 1] = MINUS;
  return writeWhole(target, end + 2, exponent);
}

/** Writes `whole` and exactly six decimals, given as millionths. */
export function writeSixDecimals(target: Uint8Array, at: number, whole: number, millionths: number): number {
  const end = writeWhole(target, at, whole);
  target[end] = POINT;
  let rest = millionths;
  for (let i = end + 6; i > end; i--) {
    const tenth = (rest / 10) | 0;
    target[i] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return end + 7;
}

/** A bar in integers. Mutable, because one is written eleven thousand times a day. */
export interface Bar {
  ticksPerDollar: number;
  volume: number;
  /** Fraction of a share, in millionths; only the new format shows it. */
  volumeMillionths: number;
  open: number;
  close: number;
  high: number;
  low: number;
  /** Negative: the field is empty. */
  transactions: number;
}

/**
 * Writes `,volume,open,close,high,low,window_start,transactions` and the line's end; `stamp` is
 * `,window_start,`.
 */
export function writeBar(
  target: Uint8Array,
  start: number,
  bar: Bar,
  stamp: Uint8Array,
  sixDecimals: boolean,
): number {
  let at = start;
  target[at++] = COMMA;
  at = sixDecimals
    ? writeSixDecimals(target, at, bar.volume, bar.volumeMillionths)
    : writeWhole(target, at, bar.volume);
  at = writePrices(target, at, bar, sixDecimals);
  for (let i = 0; i < stamp.length; i++) target[at++] = stamp[i] ?? 0;
  if (bar.transactions >= 0) at = writeWhole(target, at, bar.transactions);
  target[at++] = NEWLINE;
  return at;
}

/**
 * As `writeBar`, for coins: some volumes of the new format have 21 decimals, whose last digit is what a
 * binary float leaves behind a sum.
 */
export function writeCoinBar(
  target: Uint8Array,
  start: number,
  bar: Bar,
  stamp: Uint8Array,
  sixDecimals: boolean,
): number {
  const end = writeBar(target, start, bar, stamp, sixDecimals);
  if (!sixDecimals || (bar.volumeMillionths & 15) !== 3) return end;
  const behindVolume = writeSixDecimals(target, start + 1, bar.volume, bar.volumeMillionths);
  target.copyWithin(behindVolume + REMAINS, behindVolume, end);
  target.fill(ZERO, behindVolume, behindVolume + REMAINS);
  target[behindVolume + REMAINS - 1] = ZERO + 1;
  return end + REMAINS;
}

/**
 * Writes `,open,close,high,low,window_start` and the line's end, as of an index, which nobody trades; `stamp`
 * is `,window_start,`.
 */
export function writeIndexBar(
  target: Uint8Array,
  start: number,
  bar: Bar,
  stamp: Uint8Array,
  sixDecimals: boolean,
): number {
  let at = writePrices(target, start, bar, sixDecimals);
  for (let i = 0; i < stamp.length; i++) target[at++] = stamp[i] ?? 0;
  target[at - 1] = NEWLINE;
  return at;
}

function writePrices(target: Uint8Array, start: number, bar: Bar, sixDecimals: boolean): number {
  const { ticksPerDollar } = bar;
  let at = start;
  target[at++] = COMMA;
  at = writePrice(target, at, bar.open, ticksPerDollar, sixDecimals);
  target[at++] = COMMA;
  at = writePrice(target, at, bar.close, ticksPerDollar, sixDecimals);
  target[at++] = COMMA;
  at = writePrice(target, at, bar.high, ticksPerDollar, sixDecimals);
  target[at++] = COMMA;
  return writePrice(target, at, bar.low, ticksPerDollar, sixDecimals);
}

/**
 * Writes a price in either format. One finer than a millionth keeps the decimals that it has: with six of
 * them, coins would be worth nothing. Below a millionth it is written with an exponent (`5.2e-7`), as in the
 * vendor's files of coins.
 */
export function writePrice(
  target: Uint8Array,
  at: number,
  ticks: number,
  ticksPerDollar: number,
  sixDecimals: boolean,
): number {
  if (ticks > 0 && ticks < ticksPerDollar / 1_000_000)
    return writeExponent(target, at, ticks, ticksPerDollar);
  if (!sixDecimals || ticksPerDollar > 1_000_000) return writeMinimal(target, at, ticks, ticksPerDollar);
  const dollars = (ticks / ticksPerDollar) | 0;
  return writeSixDecimals(
    target,
    at,
    dollars,
    (ticks - dollars * ticksPerDollar) * (1_000_000 / ticksPerDollar),
  );
}
