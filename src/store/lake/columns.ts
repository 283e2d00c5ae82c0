/**
 * The columns of a table of the lake, from the header of a day file: prices and volumes are doubles, moments
 * and counts whole numbers, everything else the vendor's text.
 */
import type { Dataset } from '#market/datasets/dataset.js';
import { TICK_STAMPS } from '#market/records/columns.js';
import type { NumberColumns } from '#market/records/number-proof.js';
import { identifier, literal } from './duckdb.js';

export type ColumnType = 'VARCHAR' | 'DOUBLE' | 'BIGINT';

export interface DayColumns {
  /** As they stand in the file, in lower case. */
  readonly names: readonly string[];
  readonly types: readonly ColumnType[];
}

const DOUBLES = new Set([
  'open', 'high', 'low', 'close', 'volume', 'vwap', 'settlement_price', 'value',
  'price', 'size', 'ask_price', 'ask_size', 'bid_price', 'bid_size',
]); // biome-ignore format: a table

const WHOLES = new Set(['transactions', 'window_start', 'sequence_number', 'timestamp']);

/** `names`: of the header. */
export function dayColumns(names: readonly string[]): DayColumns {
  const lower = names.map((name) => name.trim().toLowerCase());
  return { names: lower, types: lower.map(typeOf) };
}

function typeOf(name: string): ColumnType {
  if (DOUBLES.has(name)) return 'DOUBLE';
  return WHOLES.has(name) || name.endsWith('_timestamp') ? 'BIGINT' : 'VARCHAR';
}

/** The column that says of which moment a record is. */
function stampOf({ records }: Pick<Dataset, 'records'>, names: readonly string[]): string {
  if (records === 'any') return TICK_STAMPS.find((name) => names.includes(name)) ?? 'window_start';
  return records === 'ticks' ? 'sip_timestamp' : 'window_start';
}

export function numberColumns(
  { names, types }: DayColumns,
  dataset: Pick<Dataset, 'records'>,
): NumberColumns {
  const bits = (wanted: ColumnType): bigint =>
    types.reduce((set, type, i) => (type === wanted ? set | (1n << BigInt(i)) : set), 0n);
  return {
    names,
    decimals: bits('DOUBLE'),
    wholes: bits('BIGINT'),
    ticker: names.indexOf('ticker'),
    stamp: names.indexOf(stampOf(dataset, names)),
  };
}

/** For `columns=` of read_csv. */
export function csvColumns({ names, types }: DayColumns): string {
  return `{${names.map((name, i) => `${literal(name)}: '${types[i]}'`).join(', ')}}`;
}

const BAR = ['open', 'high', 'low', 'close', 'volume', 'transactions'];

/** The select list that makes a row of the lake of a row of the file; `date`: the expression of its day. */
export function lakeSelect(columns: DayColumns, dataset: Dataset, date: string): string {
  const { names } = columns;
  const stamp = stampOf(dataset, names);
  const hasStamp = names.includes(stamp);
  const moment = hasStamp
    ? [`make_timestamp(${identifier(stamp)} // 1000) AS ts`, `${identifier(stamp)} AS ts_ns`]
    : ['NULL::TIMESTAMP AS ts', 'NULL::BIGINT AS ts_ns'];
  const bar = BAR.filter((name) => names.includes(name));
  const gone = new Set(['ticker', 'window_start', ...bar]);
  const rest = names.filter((name) => !gone.has(name));
  return [
    'ticker',
    `${date} AS date`,
    ...(dataset.series.of === 'underlying' ? CONTRACT : []),
    ...moment,
    ...[...bar, ...rest].map(identifier),
  ].join(', ');
}

/**
 * Of `O:TSLA250117C00200000`; null of what is no contract's symbol. The root's last digits count adjustments.
 */
const SYMBOL = "regexp_full_match(ticker, '(O:)?[A-Z0-9]+[0-9]{6}[CP][0-9]{8}')";
const ROOT = "regexp_replace(ticker[:-16], '^O:', '')";
const CONTRACT = [
  `CASE WHEN ${SYMBOL} THEN coalesce(nullif(rtrim(${ROOT}, '0123456789'), ''), ${ROOT}) END AS underlying`,
  `CASE WHEN ${SYMBOL} THEN try_cast('20' || ticker[-15:-14] || '-' || ticker[-13:-12] || '-' || ticker[-11:-10] AS DATE) END AS expiry`,
  `CASE WHEN ${SYMBOL} THEN ticker[-9:-9] END AS "right"`,
  `CASE WHEN ${SYMBOL} THEN ticker[-8:]::BIGINT / 1000.0 END AS strike`,
];
