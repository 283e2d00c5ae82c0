/**
 * A bar's values (`Open,High,Low,Close,Volume`) adjusted: prices by splits, or by splits and dividends;
 * volumes by splits only, the other way round.
 */

import type { FactorStep } from './factors.js';
import { dividedBy, isOne, ONE, times } from './fraction.js';
import { type Factor, factorOf, scaled } from './scaled-text.js';

export const ADJUSTMENTS = ['splits', 'all'] as const;
export type Adjustment = (typeof ADJUSTMENTS)[number];

/** Of one step, made once for all of its days. */
export interface BarFactors {
  readonly splits: Factor;
  readonly all: Factor;
  readonly volume: Factor;
  readonly isNone: boolean;
}

export function barFactors({ splits, dividends }: FactorStep): BarFactors {
  return {
    splits: factorOf(splits),
    all: factorOf(times(splits, dividends)),
    volume: factorOf(dividedBy(ONE, splits)),
    isNone: isOne(splits) && isOne(dividends),
  };
}

/** Values that are no bar's five (a row of the user's) stay as they are where they are no numbers. */
export function adjustedBar(values: string, factors: BarFactors, by: Adjustment): string {
  if (factors.isNone) return values;
  const cells = values.split(',');
  return cells.map((cell, i) => scaled(cell, i === VOLUME ? factors.volume : factors[by])).join(',');
}

/**
 * `Open,High,Low,Close,Adj Close,Volume` as yfinance writes it: prices by splits, Adj Close by dividends too.
 */
export function barWithAdjClose(values: string, factors: BarFactors): string {
  const plain = factors.isNone ? withCloseTwice(values) : undefined;
  if (plain !== undefined) return plain;
  const [open = '', high = '', low = '', close = '', volume = ''] = values.split(',');
  if (factors.isNone) return `${open},${high},${low},${close},${close},${volume}`;
  const { splits, all } = factors;
  const prices = [open, high, low, close].map((price) => scaled(price, splits)).join(',');
  return `${prices},${scaled(close, all)},${scaled(volume, factors.volume)}`;
}

/** Of a bar's five, without cutting them up: most days have no event behind them. Undefined for others. */
function withCloseTwice(values: string): string | undefined {
  const volume = values.lastIndexOf(',');
  const close = values.lastIndexOf(',', volume - 1);
  const low = values.lastIndexOf(',', close - 1);
  const high = values.lastIndexOf(',', low - 1);
  if (high < 1 || values.lastIndexOf(',', high - 1) !== -1) return undefined;
  return `${values.slice(0, volume)}${values.slice(close)}`;
}

const VOLUME = 4;
