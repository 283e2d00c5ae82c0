/**
 * Every ratio there is: a line a ratio in the tables of `sections/`. Columns in SQL, the documentation and the
 * tests follow from these lines, and from nothing else.
 */
import type { Ratio, RatioLine } from './ratio.js';
import { cashFlow } from './sections/cash-flow.js';
import { efficiency } from './sections/efficiency.js';
import { growth } from './sections/growth.js';
import { leverage } from './sections/leverage.js';
import { liquidity } from './sections/liquidity.js';
import { perShare } from './sections/per-share.js';
import { profitability } from './sections/profitability.js';
import { valuation } from './sections/valuation.js';

/** Raises when a formula changes, or what its operands are: everything is computed again then. */
export const RATIOS_VERSION = 1;

/** Made on the way and shown to nobody. */
const hidden: readonly RatioLine[] = [['_long_term_debt_load', 'ltd / mean(ta)', 'f', 'P']];

const SECTIONS: readonly (readonly [string, readonly RatioLine[]])[] = [
  ['Profitability', profitability],
  ['Liquidity', liquidity],
  ['Leverage and solvency', leverage],
  ['Efficiency', efficiency],
  ['Cash flow and payout', cashFlow],
  ['Per share', perShare],
  ['Valuation', valuation],
  ['Growth and scores', growth],
];

/** What earlier years' ratios are compared with has no meaning between a quarter and the year around it. */
const YEARLY = new Set(['piotroski_f_score']);

function of(section: string, lines: readonly RatioLine[]): readonly Ratio[] {
  return lines.map(([name, formula, unit, rule]) => ({
    name,
    formula,
    unit,
    rule,
    section,
    of: lines === valuation ? 'price' : 'statements',
    yearly: YEARLY.has(name),
  }));
}

export const ratios: readonly Ratio[] = SECTIONS.flatMap(([section, lines]) => of(section, lines));
export const hiddenRatios: readonly Ratio[] = of('', hidden);
