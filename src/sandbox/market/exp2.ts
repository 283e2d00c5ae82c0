/**
 * Powers of two in fixed point, made of square roots and products only: IEEE 754 defines both to the last
 * bit, so that prices come out the same everywhere (Math.pow and Math.exp may differ between V8 versions).
 */

/** Logarithms here are integers: this many steps to one doubling (one step is 0.017 %). */
export const STEPS_PER_DOUBLING = 4096;
const STEP_BITS = 12;
const STEP_MASK = STEPS_PER_DOUBLING - 1;

/** 2^(k/4096) for k in 0..4095. */
export const FRACTION_POWERS: Float64Array = fractionPowers();
/** 2^n for n in 0..31. */
export const WHOLE_POWERS: Float64Array = Float64Array.from({ length: 32 }, (_, n) => 2 ** n);

function fractionPowers(): Float64Array {
  const powers = new Float64Array(STEPS_PER_DOUBLING).fill(1);
  let root = 2;
  for (let bit = STEPS_PER_DOUBLING / 2; bit >= 1; bit /= 2) {
    root = Math.sqrt(root);
    for (let k = 0; k < STEPS_PER_DOUBLING; k++) if (k & bit) powers[k] = (powers[k] ?? 1) * root;
  }
  return powers;
}

/** 2^(log / 4096) for 0 <= log < 131072. */
export function exp2(log: number): number {
  return (FRACTION_POWERS[log & STEP_MASK] ?? 1) * (WHOLE_POWERS[log >> STEP_BITS] ?? 1);
}

/** The smallest integer log with exp2(log) >= value, for 1 <= value < 2^31. */
export function log2Ceil(value: number): number {
  let low = 0;
  let high = 31 * STEPS_PER_DOUBLING;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (exp2(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
