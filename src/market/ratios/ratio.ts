/** A ratio as data: its name, how it is made, in what unit, and where it is null. */
import type { DivisorRule } from './expression-sql.js';

/**
 * | unit | what          |                                                        |
 * | ---- | ------------- | ------------------------------------------------------ |
 * | f    | fraction      | 0.25 is 25 %                                           |
 * | x    | times         |                                                        |
 * | d    | days          |                                                        |
 * | c    | currency      | of the filing                                          |
 * | s    | currency a share | on the filing's share basis: later splits divide it |
 * | i    | whole number  |                                                        |
 */
export type Unit = 'f' | 'x' | 'd' | 'c' | 's' | 'i';

/** P: null where a divisor is 0 or below. Z: where it is 0. Empty: nothing but missing operands. */
export type NullRule = 'P' | 'Z' | '';

export type RatioLine = readonly [name: string, formula: string, unit: Unit, rule: NullRule];

export interface Ratio {
  readonly name: string;
  readonly formula: string;
  readonly unit: Unit;
  readonly rule: NullRule;
  readonly section: string;
  /** `price`: of the trailing twelve months, with the price of the filing's day. */
  readonly of: 'statements' | 'price';
  /** On the annual and ttm basis alone. */
  readonly yearly: boolean;
}

export function divisorRule(rule: NullRule): DivisorRule {
  return rule === 'P' ? 'positive' : 'not zero';
}

/** The column's type in SQL. */
export function ratioType({ unit }: Pick<Ratio, 'unit'>): 'DOUBLE' | 'INTEGER' {
  return unit === 'i' ? 'INTEGER' : 'DOUBLE';
}
