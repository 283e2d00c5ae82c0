/** Reads a generated day the plain way, for tests that look at its values. */
import type { Generator } from '#sandbox/market/generator.js';
import { dayText } from '#sandbox/market/generator.js';

export interface Row {
  readonly ticker: string;
  readonly fields: readonly string[];
  readonly volume: number;
  readonly open: number;
  readonly close: number;
  readonly high: number;
  readonly low: number;
}

export function linesOf(market: Generator, day: string, revision = 0): string[] {
  const text = dayText(market, day, revision).toString('latin1');
  if (!text.endsWith('\n')) throw new Error(`the text of ${day} does not end in a newline`);
  return text.slice(0, -1).split('\n');
}

export function rowsOf(market: Generator, day: string): Row[] {
  return linesOf(market, day)
    .slice(1)
    .map((line) => {
      const fields = line.split(',');
      const [ticker = '', ...numbers] = fields;
      const [volume = Number.NaN, open = 0, close = 0, high = 0, low = 0] = numbers.map(Number);
      return { ticker, fields, volume, open, close, high, low };
    });
}

export function rowOf(market: Generator, day: string, ticker: string): Row {
  const row = rowsOf(market, day).find((one) => one.ticker === ticker);
  if (row === undefined) throw new Error(`${ticker} does not trade on ${day}`);
  return row;
}
