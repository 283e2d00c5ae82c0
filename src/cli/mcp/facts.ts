/** What a model has to know before it reads a number: the resource barloom://facts. */

export const FACTS = `# What the data are

- Source: the daily flat files of Massive.com (formerly Polygon.io), one file a dataset and day, kept whole in a local archive.
- Days: a bar a day belongs to the day of its file. Minutes and ticks have their moment; \`ts\` is UTC, \`ts_ns\` nanoseconds since 1970.
  A US trade date begins on the evening before, from December 2026 on.
- Prices are as traded: no dataset is adjusted for splits or dividends. ticker_history can adjust (adjust = splits or all) where the
  tables of splits and dividends have been fetched. Columns of the \`_features\` tables that compare days are on one share basis.
- Volume is in shares, contracts or coins and may have a fraction. Indices have none: their bars are levels.
- Tickers are as the vendor writes them, and case is part of them: NA, TRUE and 1E5 are tickers. Options: O:TSLA250117C00200000
  (underlying, expiry, right, strike); indices I:SPX, currencies C:EURUSD, coins X:BTCUSD.
- A ticker without a bar on a day did not trade, or was not listed; a session without a file is a hole, and gaps says why.
- A ticker can be used again by another company: tables tickers and ticker_events tell who it was.
- Numbers in \`sql\` are doubles that print as the vendor's decimals; whole numbers of 64 bits and exact decimals are text with all digits.
`;
