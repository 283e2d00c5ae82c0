/**
 * Where a price stands on a chart, and the round prices that are written beside it. Floats: this is for
 * looking at.
 */

export interface PriceScale {
  /** Half rows, from 0 at the bottom. */
  halfRowOf(price: number): number;
  /** The label of each row, from 0 at the bottom; a few of them have one. */
  readonly labels: ReadonlyMap<number, string>;
  /** Of the longest label. */
  readonly labelWidth: number;
}

/** At most one of this many rows has a label. */
const ROWS_A_LABEL = 2;
const MOST_LABELS = 12;
/** Prices closer together than this are one price to a float's scale. */
const LEAST_SPAN = 1e-9;

/** `low`, `high`: finite, not negative. */
export function priceScale(low: number, high: number, rows: number): PriceScale {
  const [bottom, top] = spanOf(low, high);
  const halves = 2 * rows;
  const halfRowOf = (price: number): number =>
    Math.min(halves - 1, Math.max(0, Math.floor(((price - bottom) / (top - bottom)) * halves)));
  const step = roundStep(((top - bottom) * ROWS_A_LABEL) / rows);
  const labels = new Map<number, string>();
  const first = Math.ceil(bottom / step);
  for (let k = 0; k < MOST_LABELS; k++) {
    const price = (first + k) * step;
    if (price > top) break;
    labels.set(Math.floor(halfRowOf(price) / 2), axisLabel(price, step));
  }
  return { halfRowOf, labels, labelWidth: Math.max(0, ...[...labels.values()].map(({ length }) => length)) };
}

function spanOf(low: number, high: number): readonly [bottom: number, top: number] {
  if (high - low > high * LEAST_SPAN && high > 1e-200) return [low, high];
  return high > 1e-200 ? [high * 0.99, high * 1.01] : [0, 1];
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((n) => n * power >= least * (1 - 1e-9)) ?? 10) * power;
}

function axisLabel(price: number, step: number): string {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return price >= 1e7 || decimals > 8 ? price.toExponential(2) : price.toFixed(decimals);
}

/** In at most six characters: `987`, `33.3M`, `1.25B`, `1e+40`. */
export function compact(n: number): string {
  if (n < 999.5) return n > 0 && n < 0.95 ? '<1' : String(Math.round(n));
  let value = n;
  for (const unit of ['k', 'M', 'B', 'T']) {
    value /= 1000;
    if (value < 9.995) return `${value.toFixed(2)}${unit}`;
    if (value < 99.95) return `${value.toFixed(1)}${unit}`;
    if (value < 999.5) return `${value.toFixed(0)}${unit}`;
  }
  return n.toExponential(0);
}
