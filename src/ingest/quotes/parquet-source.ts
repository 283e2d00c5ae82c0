/** Imported days as a source of quotes: what a reduction is made of without asking anybody again. */
import type { Quote } from '#market/quotes/quote.js';
import type { Duck } from '#store/lake/duckdb.js';
import { BATCH_COLUMNS, type QuoteBatch, quoteBatches } from '#store/quotes/reader.js';
import type { QuoteSource } from './source.js';

const PORTION = 10_000;

/** `fileOf`: of a symbol and day that are there. */
export function parquetSource(
  duck: () => Promise<Pick<Duck, 'connection'>>,
  fileOf: (symbol: string, day: string) => string,
): QuoteSource {
  return {
    from: 'parquet',
    readDay: async (symbol, day, { take }, signal) => {
      for await (const batch of quoteBatches(await duck(), [fileOf(symbol, day)], PORTION)) {
        signal.throwIfAborted();
        take(quotesOf(batch));
      }
    },
  };
}

function quotesOf({ rows, columns }: QuoteBatch): readonly Quote[] {
  const column = (name: (typeof BATCH_COLUMNS)[number]) => columns[BATCH_COLUMNS.indexOf(name)] ?? [];
  const text = (name: Parameters<typeof column>[0]) => {
    const values = column(name);
    return (i: number): string | null => (values[i] === null ? null : String(values[i]));
  };
  const number = (name: Parameters<typeof column>[0]) => {
    const values = column(name);
    return (i: number): number | null => (values[i] === null ? null : Number(values[i]));
  };
  const [tsNs, sequence] = [text('ts_ns'), text('sequence_number')];
  const [bidPrice, bidSize, bidExchange] = [number('bid_price'), number('bid_size'), text('bid_exchange')];
  const [askPrice, askSize, askExchange] = [number('ask_price'), number('ask_size'), text('ask_exchange')];
  const [conditions, tape] = [text('conditions'), text('tape')];
  return Array.from({ length: rows }, (_, i) => ({
    tsNs: tsNs(i) ?? '',
    bidPrice: bidPrice(i),
    bidSize: bidSize(i),
    bidExchange: bidExchange(i),
    askPrice: askPrice(i),
    askSize: askSize(i),
    askExchange: askExchange(i),
    conditions: conditions(i),
    tape: tape(i),
    sequence: sequence(i),
  }));
}
