/**
 * The bars of bronze by ticker, each history whole, in slices of the market so that the database never sorts
 * all of it at once.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Bronze } from '#store/lake/bronze.js';
import { type Duck, listOf, literal } from '#store/lake/duckdb.js';
import { partitionFile } from '#store/lake/layout.js';
import { parquetOf } from '#store/lake/views.js';
import type { Bins, Field } from '#store/qlib/bins.js';
import type { AdjustedValues, DayFactor } from './adjusted-values.js';

export interface History {
  readonly ticker: string;
  /** Calendar indexes of its first and last bar. */
  readonly first: number;
  readonly last: number;
  /** From the first to the last. */
  readonly values: Bins;
}

export interface HistoryWish {
  readonly bronze: Bronze;
  /** The calendar, ascending. */
  readonly days: readonly IsoDay[];
  /** Undefined: every ticker. */
  readonly tickers: readonly string[] | undefined;
  /** Bars before it are read only for what comes after them (`change`). */
  readonly from: number;
  /** Undefined: as traded. */
  readonly adjusted?: AdjustedValues | undefined;
}

const SLICES = 8;
const READ = ['open', 'high', 'low', 'close', 'volume'] as const;

/** Ascending by ticker. With `from` above 0, the history begins at the first bar at or behind it. */
export async function* histories(
  { bronze, days, tickers, from, adjusted }: HistoryWish,
  before: ReadonlyMap<string, number>,
  duck: Duck,
): AsyncGenerator<History> {
  // Of an append, the bars before are needed only back to each ticker's own last one: for most that is the
  // day before.
  const since = days[from] ?? days[0];
  const files = [...bronze.built]
    .filter(([, { days: own }]) => from === 0 || [...own.keys()].some((day) => day >= `${since}`))
    .map(([partition]) => `${bronze.folder}/${partitionFile(partition)}`)
    .sort();
  const source = parquetOf(listOf(files));
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE calendar AS SELECT unnest($days::DATE[]) AS date, generate_subscripts($days::DATE[], 1)::INTEGER - 1 AS i`.replaceAll(
      '$days',
      listOf(days),
    ),
  );
  const wanted = tickers === undefined ? '' : ` AND ticker IN (SELECT unnest(${listOf(tickers)}))`;
  const where = `date >= DATE '${since}'${wanted}`;
  const columns = (await duck.rows(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${source})`)).map(
    (row) => row['column_name'],
  );
  const named = (await duck.rows(`SELECT DISTINCT ticker FROM ${source} WHERE ${where} ORDER BY ticker`)).map(
    (row) => String(row['ticker']),
  );
  const values = READ.map((name) =>
    columns.includes(name) ? `coalesce(${name}, 'NaN'::DOUBLE)` : "'NaN'::DOUBLE",
  );
  const size = Math.max(1, Math.ceil(named.length / SLICES));
  for (let at = 0; at < named.length; at += size) {
    const slice = named.slice(at, at + size);
    const last = slice.at(-1) ?? '';
    const result = await duck.connection.stream(
      `SELECT t.id::INTEGER, c.i, ${values.join(', ')} FROM ${source} b JOIN calendar c USING (date) ` +
        `JOIN (SELECT unnest(${listOf(slice)}) AS ticker, generate_subscripts(${listOf(slice)}, 1) - 1 AS id) t USING (ticker) ` +
        `WHERE ${where} AND ticker BETWEEN ${literal(slice[0] ?? '')} AND ${literal(last)} ORDER BY 1, 2`,
    );
    yield* grouped(result, slice, before, (ticker, indexes, closes) =>
      adjusted?.factorsOf(
        ticker,
        indexes.map((i) => days[i] as IsoDay),
        closes,
      ),
    );
  }
}

async function* grouped(
  result: Awaited<ReturnType<Duck['connection']['stream']>>,
  slice: readonly string[],
  before: ReadonlyMap<string, number>,
  factorsOf: FactorsOf,
): AsyncGenerator<History> {
  let id = -1;
  let days: number[] = [];
  let rows: number[][] = READ.map(() => []);
  const finish = (): History | undefined => {
    const ticker = slice[id];
    return ticker === undefined || days.length === 0
      ? undefined
      : historyOf(ticker, days, rows, before.get(ticker), factorsOf);
  };
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const vectors = Array.from({ length: 2 + READ.length }, (_, i) => chunk?.getColumnVector(i));
    for (let row = 0; row < chunk.rowCount; row++) {
      const its = Number(vectors[0]?.getItem(row));
      if (its !== id) {
        const history = finish();
        if (history !== undefined) yield history;
        id = its;
        days = [];
        rows = READ.map(() => []);
      }
      const day = Number(vectors[1]?.getItem(row));
      // A second record of one day would make the file a value longer: the first one counts.
      if (days.at(-1) === day) continue;
      days.push(day);
      for (let i = 0; i < READ.length; i++) rows[i]?.push(Number(vectors[i + 2]?.getItem(row)));
    }
  }
  const history = finish();
  if (history !== undefined) yield history;
}

type FactorsOf = (
  ticker: string,
  days: readonly number[],
  closes: readonly number[],
) => readonly DayFactor[] | undefined;

const AS_TRADED: DayFactor = { price: 1, volume: 1 };

/** `before`: the last close that an earlier export has. */
function historyOf(
  ticker: string,
  days: readonly number[],
  rows: readonly (readonly number[])[],
  before: number | undefined,
  factorsOf: FactorsOf,
): History {
  const [first, last] = [days[0] as number, days.at(-1) as number];
  const empty = (): Float32Array => new Float32Array(last - first + 1).fill(Number.NaN);
  const values: Record<Field, Float32Array> = {
    open: empty(),
    high: empty(),
    low: empty(),
    close: empty(),
    volume: empty(),
    factor: empty(),
    change: empty(),
  };
  let previous = before ?? Number.NaN;
  const factors = factorsOf(ticker, days, rows[READ.indexOf('close')] ?? []);
  days.forEach((day, k) => {
    const at = day - first;
    const { price, volume } = factors?.[k] ?? AS_TRADED;
    READ.forEach((field, i) => {
      values[field][at] = (rows[i]?.[k] as number) * (field === 'volume' ? volume : price);
    });
    const close = (rows[READ.indexOf('close')]?.[k] as number) * price;
    values.factor[at] = price;
    values.change[at] = close / previous - 1;
    previous = close;
  });
  return { ticker, first, last, values };
}
