/**
 * Features of a bar a day. "n sessions back" is n of the ticker's own rows back, and nothing where more than
 * 2n weekdays lie between: a ticker that was gone for long has no return over the gap. What is compared with
 * other days is on one share basis (`_f`: shares that one of the first became by the row's day; 1 where no
 * split is known); what is of one day is as traded. So a later split changes no row before it.
 */
import type { FeatureSet, Formula } from './formula.js';

/** Weekdays since 1970-01-01 (a Thursday): the difference of two days' is how many weekdays lie between. */
const WEEKDAYS =
  "(((date - DATE '1970-01-01') + 3) // 7) * 5 + least(((date - DATE '1970-01-01') + 3) % 7, 5)";

const OVER = [1, 5, 20] as const;

/** `value` where row n back is near enough; null otherwise. */
const near = (n: number, value: string): string => `CASE WHEN _w - _w${n} <= ${2 * n} THEN ${value} END`;

const back: readonly Formula[] = OVER.flatMap((n) => [
  { name: `_w${n}`, sql: `lag(_w, ${n}) OVER t` },
  { name: `_c${n}`, sql: `lag(_a, ${n}) OVER t` },
]);

const logReturns: readonly Formula[] = OVER.map((n) => ({
  name: `returns_${n}d`,
  sql: near(n, `CASE WHEN _a > 0 AND _c${n} > 0 THEN ln(_a / _c${n}) END`),
  text: `log return: ln(close / close ${n} session${n > 1 ? 's' : ''} back)`,
}));

const simpleReturns: readonly Formula[] = OVER.map((n) => ({
  name: `simple_returns_${n}d`,
  sql: near(n, `_a / nullif(_c${n}, 0) - 1`),
  text: `close / close ${n} session${n > 1 ? 's' : ''} back - 1`,
}));

/**
 * `names` of rows that lie back, added up in this order: the same sum whatever lies beside them, and null
 * where one is.
 */
const sumOf = (names: readonly string[]): string => `(${names.join(' + ')})`;

const BEFORE = Array.from({ length: 20 }, (_, i) => i + 1);
const volumesBefore: readonly Formula[] = BEFORE.map((n) => ({
  name: `_v${n}`,
  sql: `lag(_b, ${n}) OVER t`,
}));

const volumeRatio: Formula = {
  name: 'volume_ratio',
  sql: near(20, `_b / nullif(${sumOf(volumesBefore.map(({ name }) => name))} / 20, 0)`),
  text: 'volume / mean volume of the 20 sessions before',
};

/** `close`, `volume`: on the share basis on which days are compared. */
export function dailyReturns(close: string, volume: string): FeatureSet['steps'] {
  return [
    [
      { name: '_w', sql: WEEKDAYS },
      { name: '_a', sql: close },
      { name: '_b', sql: volume },
    ],
    [...back, ...volumesBefore],
    [...logReturns, ...simpleReturns, volumeRatio],
  ];
}

const returnsBefore: readonly Formula[] = BEFORE.slice(0, 19).map((n) => ({
  name: `_r${n}`,
  sql: `lag(returns_1d, ${n}) OVER t`,
}));
const LAST_RETURNS = ['returns_1d', ...returnsBefore.map(({ name }) => name)];

export const daily: FeatureSet = {
  version: 1,
  lookBack: 63,
  keys: ['ticker', 'date', 'ts_ns'],
  by: ['ticker'],
  comparesShares: true,
  steps: [
    ...dailyReturns('close * _f', 'volume / _f'),
    [
      { name: 'alpha_daily', sql: 'returns_1d', text: 'returns_1d' },
      { name: 'price_range', sql: 'high - low', text: 'high - low' },
      { name: 'daily_return', sql: '(close - open) / nullif(open, 0)', text: '(close - open) / open' },
      {
        name: 'gap',
        sql: near(1, 'open * _f / nullif(_c1, 0) - 1'),
        text: 'open / close of the session before - 1',
      },
      { name: 'typical_price', sql: '(high + low + close) / 3', text: '(high + low + close) / 3' },
      { name: 'dollar_volume', sql: 'close * volume', text: 'close * volume' },
      ...returnsBefore,
    ],
    [{ name: '_mean', sql: `${sumOf(LAST_RETURNS)} / 20` }],
    [
      {
        name: 'volatility_20d',
        sql: `sqrt(${sumOf(LAST_RETURNS.map((name) => `(${name} - _mean) * (${name} - _mean)`))} / 19)`,
        text: 'sample standard deviation of the last 20 returns_1d',
      },
    ],
    [
      {
        name: 'volatility_20d_annual',
        sql: 'volatility_20d * sqrt(252)',
        text: 'volatility_20d * sqrt(252)',
      },
    ],
  ],
};
