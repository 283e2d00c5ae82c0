/**
 * Where every price stands on any weekday, without the weekdays before: a random walk whose turning points,
 * 16 weekdays apart, come from midpoint displacement, and whose days between are a bridge from one to the
 * next. Sixteen days of the whole market are worked out at a time and a few such blocks are kept; a block
 * costs about a millisecond.
 */
import { STEPS_PER_DOUBLING } from './exp2.js';
import { GOLDEN, mix32 } from './hash.js';
import type { Universe } from './universe.js';

const BLOCK_DAYS = 16;
/** The displacement's period in blocks: 8,192 weekdays, 31 years. */
const PERIOD_BLOCKS = 512;
/** Halves longer than this move no further than this one: prices wander, but do not leave the scale. */
const LONGEST_HALF_DAYS = 256;
const KEPT_BLOCKS = 4;
/** log2 of 55 ticks: $0.0055 where a tick is $0.0001. */
const LOWEST_FINE = 23_680;
/** log2 of 20 ticks: $0.20 where a tick is a cent. */
const LOWEST_COARSE = 17_700;
const HIGHEST = 30 * STEPS_PER_DOUBLING;
/** Standard deviation of the sum of four bytes. */
const BYTES_DEVIATION = 147.8;

export interface PricePath {
  /** log2 of the price in ticks, in steps of 1/4096; one for each row of the universe. */
  readonly close: Int32Array;
  /** The same for the weekday before. */
  readonly previous: Int32Array;
}

/** Reads the walk at a weekday number. The arrays returned are shared: read, do not keep or change. */
export type Walk = (weekday: number) => PricePath;

export function createWalk(universe: Universe): Walk {
  const atAnchor = new Float64Array(universe.count);
  for (let row = 0; row < universe.count; row++) atAnchor[row] = displacementAtAnchor(universe, row);
  const blocks = new Map<number, Int32Array[]>();

  return (weekday) => {
    const block = Math.floor((weekday - 1) / BLOCK_DAYS);
    let days = blocks.get(block);
    if (days === undefined) {
      days = blockDays(universe, atAnchor, block);
      for (const oldest of blocks.keys()) {
        if (blocks.size < KEPT_BLOCKS) break;
        blocks.delete(oldest);
      }
      blocks.set(block, days);
    }
    const [previous, close] = days.slice(weekday - 1 - block * BLOCK_DAYS);
    if (previous === undefined || close === undefined)
      throw new RangeError(`no weekday ${weekday} in block ${block}`);
    return { close, previous };
  };
}

/**
 * A hash's four bytes as a bell curve of deviation 1 within 3.5; every 64th is a large move, three times
 * that.
 */
function bell(hash: number): number {
  const sum = (hash & 255) + ((hash >>> 8) & 255) + ((hash >>> 16) & 255) + (hash >>> 24) - 510;
  return ((hash >>> 5) & 63) === 0 ? (sum * 3) / BYTES_DEVIATION : sum / BYTES_DEVIATION;
}

function gauss(hash: number): number {
  return (
    ((hash & 255) + ((hash >>> 8) & 255) + ((hash >>> 16) & 255) + (hash >>> 24) - 510) / BYTES_DEVIATION
  );
}

/** The walk at the start of a block, in units of a day's deviation; zero at both ends of the period. */
function displacement(seed: number, block: number): number {
  const at = ((block % PERIOD_BLOCKS) + PERIOD_BLOCKS) % PERIOD_BLOCKS;
  let left = 0;
  let low = 0;
  let high = PERIOD_BLOCKS;
  let right = 0;
  while (low < at) {
    const middle = (low + high) >> 1;
    const half = Math.min((middle - low) * BLOCK_DAYS, LONGEST_HALF_DAYS);
    const value = (left + right) / 2 + gauss(mix32(seed + Math.imul(middle, GOLDEN))) * Math.sqrt(half / 2);
    if (at < middle) {
      high = middle;
      right = value;
    } else {
      low = middle;
      left = value;
    }
  }
  return left;
}

/** Steps by which a row's walk is away from its beginning on the anchor day. */
function displacementAtAnchor({ seed, dailySteps, anchor }: Universe, row: number): number {
  return displacement(seed[row] ?? 0, Math.floor(anchor / BLOCK_DAYS)) * (dailySteps[row] ?? 0);
}

/** Reads one row's walk at a weekday number: the same as `Walk`, for who wants few rows of many days. */
export function rowWalk(universe: Universe, row: number): (weekday: number) => number {
  const atAnchor = displacementAtAnchor(universe, row);
  const logs = new Int32Array(BLOCK_DAYS + 1);
  const sums = new Float64Array(BLOCK_DAYS + 1);
  let held = Number.NaN;
  return (weekday) => {
    const block = Math.floor((weekday - 1) / BLOCK_DAYS);
    if (block !== held) rowBlock(universe, atAnchor, row, block, sums, logs);
    held = block;
    return logs[weekday - block * BLOCK_DAYS] ?? 0;
  };
}

/** The last weekday of the block before, then the block's sixteen. */
function blockDays(universe: Universe, atAnchor: Float64Array, block: number): Int32Array[] {
  const { count, from, to } = universe;
  const days = Array.from({ length: BLOCK_DAYS + 1 }, () => new Int32Array(count));
  const first = block * BLOCK_DAYS;
  const logs = new Int32Array(BLOCK_DAYS + 1);
  const sums = new Float64Array(BLOCK_DAYS + 1);
  for (let row = 0; row < count; row++) {
    if ((from[row] ?? 0) > first + BLOCK_DAYS || (to[row] ?? 0) < first) continue;
    rowBlock(universe, atAnchor[row] ?? 0, row, block, sums, logs);
    for (let day = 0; day <= BLOCK_DAYS; day++) {
      const column = days[day];
      if (column !== undefined) column[row] = logs[day] ?? 0;
    }
  }
  return days;
}

/** Fills `logs` with one row of a block; `sums` is room to work in, whose first stays zero. */
function rowBlock(
  universe: Universe,
  atAnchor: number,
  row: number,
  block: number,
  sums: Float64Array,
  logs: Int32Array,
): void {
  const first = block * BLOCK_DAYS;
  const anchorDay = Math.floor(universe.anchor / BLOCK_DAYS) * BLOCK_DAYS;
  const own = universe.seed[row] ?? 0;
  const steps = universe.dailySteps[row] ?? 0;
  const growth = universe.drift[row] ?? 0;
  const start = displacement(own, block) * steps;
  const end = displacement(own, block + 1) * steps;
  let sum = 0;
  for (let day = 1; day <= BLOCK_DAYS; day++) {
    sum += bell(mix32(own ^ Math.imul(first + day, GOLDEN)));
    sums[day] = sum;
  }
  const base = (universe.priceLog[row] ?? 0) + start - atAnchor + growth * (first - anchorDay);
  const slope = (end - start) / BLOCK_DAYS - (sum * steps) / BLOCK_DAYS + growth;
  const lowest = universe.ticksPerDollar[row] === 100 ? LOWEST_COARSE : LOWEST_FINE;
  for (let day = 0; day <= BLOCK_DAYS; day++) {
    const log = Math.floor(base + slope * day + (sums[day] ?? 0) * steps);
    logs[day] = log < lowest ? lowest : Math.min(log, HIGHEST);
  }
}
