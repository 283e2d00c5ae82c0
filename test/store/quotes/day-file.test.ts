/** A day of quotes on disk is what was handed over: exact nanoseconds, every quote, in its order. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Quote } from '#market/quotes/quote.js';
import { type Duck, openDuck } from '#store/lake/duckdb.js';
import { writeQuoteDay } from '#store/quotes/day-file.js';
import { newDayText } from '#store/quotes/day-text.js';
import { readFacts } from '#store/quotes/facts.js';
import { quoteFile, symbolName, symbolNamed, tableName, tableNamed } from '#store/quotes/layout.js';
import { BATCH_COLUMNS, quoteBatches } from '#store/quotes/reader.js';
import { dayFilesOf, symbolsIn, tablesIn } from '#store/quotes/tree.js';

const TABLE = { source: 'alpaca', feed: 'sip', reduction: undefined } as const;
const DAY = '2024-01-02';
let folder: string;
let duck: Duck;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'barloom-quotes-'));
  duck = await openDuck({ memoryBytes: 128e6, threads: 1, spillFolder: folder });
});

afterAll(() => {
  duck.close();
  rmSync(folder, { recursive: true });
});

async function written(quotes: readonly Quote[], symbol = 'AAPL'): Promise<string> {
  const writer = newDayText(path.join(folder, 'text.csv'), undefined);
  for (const quote of quotes) writer.add({ second: undefined, bid: quote, ask: quote });
  const text = writer.end();
  const file = quoteFile(folder, TABLE, symbol, DAY);
  const facts = {
    symbol,
    day: DAY,
    table: tableName(TABLE),
    quotes: quotes.length,
    rows: text.rows,
    from: 'here',
  };
  await writeQuoteDay({ file, text, reduction: undefined, facts }, duck, async () => undefined);
  return file;
}

async function rowsOf(file: string, batch: number): Promise<readonly Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const { rows: count, columns } of quoteBatches(duck, [file], batch))
    for (let i = 0; i < count; i++)
      rows.push(Object.fromEntries(BATCH_COLUMNS.map((name, at) => [name, columns[at]?.[i]])));
  return rows;
}

const PRICE = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 1e9 }).map((cents) => cents / 100),
  fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
);
const TEXT = fc.oneof(fc.constant(null), fc.constantFrom('Q', 'V', 'R', 'A,B', 'it is "so"', 'NULL'));
const QUOTE = fc.record({
  gap: fc.bigInt(0n, 3_000_000_001n),
  bidPrice: PRICE,
  bidSize: fc.integer({ min: 0, max: 1e6 }),
  bidExchange: TEXT,
  askPrice: fc.oneof(PRICE, fc.constant(null)),
  askSize: fc.integer({ min: 0, max: 1e6 }),
  askExchange: TEXT,
  conditions: TEXT,
  tape: TEXT,
  sequence: fc.oneof(fc.constant(null), fc.constant('9007199254740993')),
});

it('law: every quote comes back, exact to the nanosecond and the bit, numbered among those of its moment, in batches of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(QUOTE, { maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      async (list, batch) => {
        let ts = 1704186000000000001n;
        const quotes = list.map(({ gap, ...rest }): Quote => {
          ts += gap;
          return { ...rest, tsNs: String(ts) };
        });
        let last = '';
        let ord = 0n;
        const expected = quotes.map((quote) => {
          ord = quote.tsNs === last ? ord + 1n : 0n;
          last = quote.tsNs;
          return {
            symbol: 'AAPL',
            date: DAY,
            ts_ns: BigInt(quote.tsNs),
            ord,
            bid_price: quote.bidPrice,
            bid_size: quote.bidSize,
            bid_exchange: quote.bidExchange,
            ask_price: quote.askPrice,
            ask_size: quote.askSize,
            ask_exchange: quote.askExchange,
            conditions: quote.conditions,
            tape: quote.tape,
            sequence_number: quote.sequence === null ? null : BigInt(quote.sequence),
          };
        });
        expect(await rowsOf(await written(quotes), batch)).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});

it('a day says of itself what it is; one without a quote is a day too', async () => {
  const file = await written([]);
  expect(await readFacts(duck, [file])).toEqual(
    new Map([[file, { symbol: 'AAPL', day: DAY, table: 'alpaca-sip', quotes: 0, rows: 0, from: 'here' }]]),
  );
  expect(await rowsOf(file, 10)).toEqual([]);
});

it('tables, symbols and days are found by their names, and nothing else is', async () => {
  for (const symbol of ['CON', 'BRK.B', 'BApA', 'NA']) await written([], symbol);
  expect(tablesIn(folder)).toEqual([TABLE]);
  expect(symbolsIn(folder, TABLE)).toEqual(['AAPL', 'BApA', 'BRK.B', 'CON', 'NA']);
  expect(dayFilesOf(folder, TABLE, 'CON', { from: DAY, to: DAY }).map(({ day }) => day)).toEqual([DAY]);
  expect(dayFilesOf(folder, TABLE, 'CON', { from: '2024-01-03' })).toEqual([]);
  expect(dayFilesOf(folder, TABLE, 'ZZZ')).toEqual([]);
  for (const name of ['alpaca', 'alpaca-sip-half', 'other-sip', 'alpaca-SIP', 'lost+found'])
    expect(tableNamed(name), name).toBeUndefined();
  expect(tableNamed('massive-sip-changes-price-second-best')).toEqual({
    source: 'massive',
    feed: 'sip',
    reduction: { changes: 'price', second: 'best' },
  });
  for (const symbol of ['CON', 'AAPL', 'x', 'CON.WS', 'é', ''])
    expect(symbolNamed(symbolName(symbol))).toBe(symbol);
});
