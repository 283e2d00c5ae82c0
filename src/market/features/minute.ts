/**
 * Features of a bar a minute: nothing looks beyond the session day. "n minutes back" is n of the ticker's own
 * rows of that day back.
 */
import type { FeatureSet, Formula } from './formula.js';

const returnOver = (n: number): Formula => ({
  name: `returns_${n}min`,
  sql: `CASE WHEN close > 0 AND lag(close, ${n}) OVER t > 0 THEN ln(close / lag(close, ${n}) OVER t) END`,
  text: `log return: ln(close / close ${n} row${n > 1 ? 's' : ''} of the day back)`,
});

/** Of one bar. */
export const barFormulas: readonly Formula[] = [
  {
    name: 'spread',
    sql: '(high - low) / nullif(close, 0)',
    text: '(high - low) / close: a range, no bid and ask',
  },
  { name: 'typical_price', sql: '(high + low + close) / 3', text: '(high + low + close) / 3' },
  { name: 'avg_trade_size', sql: 'volume / nullif(transactions, 0)', text: 'volume / transactions' },
];

export const minute: FeatureSet = {
  version: 1,
  lookBack: 0,
  keys: ['ticker', 'date', 'ts', 'ts_ns'],
  by: ['ticker', 'date'],
  steps: [
    [
      returnOver(1),
      returnOver(5),
      { name: 'minute_return', sql: '(close - open) / nullif(open, 0)', text: '(close - open) / open' },
      ...barFormulas,
      // Sums are of decimals, which are exact in whatever order they are made.
      {
        name: '_pv',
        sql: 'sum(try_cast(high + low + close AS DECIMAL(38, 12)) * try_cast(volume AS DECIMAL(18, 6))) OVER (t ROWS UNBOUNDED PRECEDING)',
      },
      { name: '_v', sql: 'sum(try_cast(volume AS DECIMAL(38, 6))) OVER (t ROWS UNBOUNDED PRECEDING)' },
      {
        name: '_v20',
        sql: 'sum(try_cast(volume AS DECIMAL(38, 6))) OVER (t ROWS BETWEEN 20 PRECEDING AND 1 PRECEDING)',
      },
      { name: '_nv20', sql: 'count(volume) OVER (t ROWS BETWEEN 20 PRECEDING AND 1 PRECEDING)' },
    ],
    [
      {
        name: 'vwap_intraday',
        sql: '_pv::DOUBLE / nullif(3 * _v::DOUBLE, 0)',
        text: 'sum(typical_price * volume) / sum(volume) since the day began',
      },
      {
        name: 'minute_volume_ratio',
        sql: 'CASE WHEN _nv20 = 20 THEN volume / nullif(_v20::DOUBLE / 20, 0) END',
        text: "volume / mean volume of the day's 20 rows before",
      },
    ],
  ],
};
