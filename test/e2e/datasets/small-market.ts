/**
 * A market of a few instruments in every dataset, made by hand so that a day costs nothing, and what the
 * series of its days must hold: worked out with csv-parse and Intl from the vendor's text. Nothing here
 * imports the program's own idea of a dataset.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

export type Zone = 'America/New_York' | 'UTC';
type Kind = 'daily' | 'minute' | 'trades' | 'quotes';

export interface Described {
  readonly name: string;
  readonly prefix: string;
  readonly kind: Kind;
  readonly zone: Zone;
  /** What the vendor writes before a ticker, and no file name has. */
  readonly mark: '' | 'O:' | 'I:' | 'C:' | 'X:';
  /** Below data_cache and massive_cache, with a slash at the end; '' is the folder itself. */
  readonly series: string;
  readonly archive: string;
  readonly header: string;
}

const BARS = 'ticker,volume,open,close,high,low,window_start,transactions';
const VALUES = 'ticker,open,close,high,low,window_start';

function described(name: string, folder: string, mark: Described['mark'], header: string): Described {
  const [, kind = ''] = name.split('_') as [string, Kind];
  return {
    ...{ name, mark, header, kind: kind as Kind },
    prefix: `${folder}/${kind === 'daily' ? 'day_aggs' : kind === 'minute' ? 'minute_aggs' : kind}_v1`,
    zone: mark === 'C:' || mark === 'X:' ? 'UTC' : 'America/New_York',
    series: name === 'stocks_daily' || name === 'stocks_minute' ? '' : `${name}/`,
    archive: name === 'stocks_daily' ? '' : `${name}/`,
  };
}

export const ALL: readonly Described[] = [
  described('stocks_daily', 'us_stocks_sip', '', BARS),
  described('stocks_minute', 'us_stocks_sip', '', BARS),
  described(
    'stocks_trades',
    'us_stocks_sip',
    '',
    'ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape,trf_id,trf_timestamp',
  ),
  described(
    'stocks_quotes',
    'us_stocks_sip',
    '',
    'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,indicators,participant_timestamp,sequence_number,sip_timestamp,tape,trf_timestamp',
  ),
  described('options_daily', 'us_options_opra', 'O:', BARS),
  described('options_minute', 'us_options_opra', 'O:', BARS),
  described(
    'options_trades',
    'us_options_opra',
    'O:',
    'ticker,conditions,correction,exchange,price,sip_timestamp,size,participant_timestamp',
  ),
  described(
    'options_quotes',
    'us_options_opra',
    'O:',
    'ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,sequence_number,sip_timestamp',
  ),
  described('indices_daily', 'us_indices', 'I:', VALUES),
  described('indices_minute', 'us_indices', 'I:', VALUES),
  described('forex_daily', 'global_forex', 'C:', BARS),
  described('forex_minute', 'global_forex', 'C:', BARS),
  described('crypto_daily', 'global_crypto', 'X:', BARS),
  described('crypto_minute', 'global_crypto', 'X:', BARS),
];

export function named(name: string): Described {
  const found = ALL.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no dataset ${name}`);
  return found;
}

/**
 * In the order of their bytes. Pairs that differ in case, a forbidden name, one with digits in its root; one
 * that lacks the prefix.
 */
const TICKERS: Readonly<Record<Described['mark'], readonly string[]>> = {
  '': ['AAP', 'AAPL', 'AAp', 'BRK.B', 'CON', 'NA', 'ZZZTA'],
  'O:': [
    'O:2SPY261218C00600000',
    'O:A261218P00115500',
    'O:SPX261218C06890000',
    'O:SPXW261104C06890000',
    'O:SPY261104C00650125',
    'O:SPY261104P00650000',
    'O:SPY271217C01000000',
    'O:TSLA1261218C00062500',
    'O:TSLA261218C00200000',
  ],
  'I:': ['I:COMP', 'I:DJI', 'I:SPX', 'I:SPx', 'I:VIX9D', 'SPX'],
  'C:': ['C:EUR-USD', 'C:USD-JPY', 'EUR-USD'],
  'X:': ['X:1INCH-USD', 'X:BTC-USD', 'X:MICRO-USD', 'X:btc-usd'],
};

/** Local minutes of the bars. What lies at the ends of the day must stay in it. */
function minutesOf({ zone, mark }: Described, day: string): readonly number[] {
  if (zone === 'UTC') return [0, 1, 2 * 60, 7 * 60 + 30, 23 * 60 + 59];
  if (day === '2025-11-28') return mark === '' ? [240, 570, 779, 780, 1019] : [570, 779];
  return mark === '' ? [240, 241, 570, 630, 779, 780, 959, 960, 1199] : [570, 571, 630, 959];
}

/** Seconds that New York was behind UTC on these days at the hours of trading. */
function behind({ zone }: Described, day: string): number {
  if (zone === 'UTC') return 0;
  const isSummer = (day >= '2026-03-08' && day < '2026-11-01') || (day >= '2025-03-09' && day < '2025-11-02');
  return isSummer ? 4 * 3600 : 5 * 3600;
}

/** The vendor's text of a day. Another revision has another price in some rows, a row less and a row more. */
export function textOf(dataset: Described, day: string, revision = 0): string {
  const names = dataset.header.split(',');
  const midnight = Date.parse(`${day}T00:00:00Z`) / 1000 + behind(dataset, day);
  const lines: string[] = [];
  const tickers = TICKERS[dataset.mark];
  for (const ticker of tickers) {
    // Not every ticker trades every day.
    if (ticker === 'ZZZTA' && day.endsWith('2')) continue;
    if (revision > 0 && ticker === tickers[2]) continue;
    const times = timesOf(dataset, day).map((time) => ({ ...time, seconds: midnight + time.seconds }));
    for (const [n, { seconds, nanoseconds }] of times.entries()) {
      const hash = hashOf(`${dataset.name} ${ticker} ${day} ${n} ${revision > 0 && n === 0 ? revision : 0}`);
      const fields = fieldsOf(hash, `${seconds}${String(nanoseconds).padStart(9, '0')}`, day, dataset, n);
      lines.push(names.map((name) => (name === 'ticker' ? ticker : (fields[name] ?? ''))).join(','));
    }
  }
  return `${dataset.header}\n${lines.join('\n')}\n`;
}

function timesOf(
  dataset: Described,
  day: string,
): readonly { readonly seconds: number; readonly nanoseconds: number }[] {
  if (dataset.kind === 'daily') return [{ seconds: 0, nanoseconds: 0 }];
  const minutes = minutesOf(dataset, day).map((minute) => ({ seconds: minute * 60, nanoseconds: 0 }));
  // Two ticks at the same nanosecond both stay, and so does one at a whole second.
  return dataset.kind === 'minute'
    ? minutes
    : minutes.flatMap(({ seconds }) => [
        { seconds, nanoseconds: 0 },
        { seconds: seconds + 7, nanoseconds: 12_345 },
        { seconds: seconds + 7, nanoseconds: 12_345 },
        { seconds: seconds + 59, nanoseconds: 999_999_999 },
      ]);
}

const CONDITIONS = ['', '37', '"12,37"', '"14,37,41"', '1'];

function fieldsOf(
  hash: number,
  stamp: string,
  day: string,
  dataset: Described,
  n: number,
): Readonly<Record<string, string>> {
  const decimals = (millionths: number): string => {
    const text = (millionths / 1e6).toFixed(6);
    return day >= '2026-02-23' ? text : String(Number(text));
  };
  // Ten decimals, of which no binary float may take one.
  const tiny = (units: number): string => `0.000${String(units).padStart(7, '0')}`;
  const isTiny = dataset.mark === 'X:' && hash % 3 === 0;
  const low = 1_000_000 + (hash % 90_000) * 10_000;
  const price = (more: number): string =>
    isTiny ? tiny(1 + (hash % 50_000) + more) : decimals(low + more * 10_000);
  const volume =
    dataset.mark === '' ? decimals((hash % 1_000_000) * 1_000_001) : decimals((hash % 9000) * 1e6);
  return {
    ...{ volume, open: price(1), close: price(2), high: price(4), low: price(0), window_start: stamp },
    transactions: hash % 11 === 0 ? '' : String(1 + (hash % 700)),
    ...{
      conditions: CONDITIONS[hash % CONDITIONS.length] ?? '',
      correction: '0',
      exchange: String(hash % 20),
    },
    ...{ id: String(n), participant_timestamp: String(BigInt(stamp) - 5n), price: price(3) },
    ...{ sequence_number: String(1000 + n), sip_timestamp: stamp, size: decimals((hash % 500) * 1e6) },
    ...{ tape: '3', trf_id: '0', trf_timestamp: '0', indicators: hash % 2 === 0 ? '604' : '"301,604"' },
    ...{ ask_exchange: '7', ask_price: price(3), ask_size: decimals(1e6), bid_exchange: '0' },
    ...{ bid_price: decimals(0), bid_size: decimals((hash % 20) * 1e6) },
  };
}

function hashOf(text: string): number {
  return createHash('md5').update(text).digest().readUInt32LE(0);
}

export function keyOf({ prefix }: Described, day: string): string {
  return `${prefix}/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;
}

/** Whether the vendor has a file of that day. Of a forex Saturday it may. */
export function isListed({ mark }: Described, day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  if (mark === 'X:') return true;
  if (mark === 'C:') return weekday !== 6 || day === '2026-10-31';
  return weekday !== 0 && weekday !== 6;
}

export function objectsOf(datasets: readonly Described[], days: readonly string[]): Map<string, Uint8Array> {
  return new Map(
    datasets.flatMap((dataset) =>
      days
        .filter((day) => isListed(dataset, day))
        .map((day) => [keyOf(dataset, day), gzipSync(textOf(dataset, day))] as const),
    ),
  );
}

/**
 * The series of these texts by their file below data_cache; `wanted` as the dataset has them, undefined:
 * every one.
 */
export function seriesOf(
  dataset: Described,
  texts: Readonly<Record<string, string>>,
  wanted?: readonly string[],
): Readonly<Record<string, string>> {
  const { kind, mark, series } = dataset;
  const suffix = { daily: '1d', minute: '1m', trades: 'trades', quotes: 'quotes' }[kind];
  const lines = new Map<string, Line[]>();
  for (const [day, text] of Object.entries(texts)) {
    for (const row of parse(text, { columns: true }) as Row[]) {
      const ticker = row['ticker'] ?? '';
      const key = mark === 'O:' ? underlyingOf(ticker) : ticker;
      if (key === '' || wanted?.includes(key) === false) continue;
      const list = lines.get(key) ?? [];
      list.push({ ticker, stamp: kind === 'daily' ? day : stampOf(row), line: lineOf(dataset, day, row) });
      lines.set(key, list);
    }
  }
  return Object.fromEntries(
    [...lines].map(([key, list]) => {
      const isTick = kind === 'trades' || kind === 'quotes';
      // Contract by contract within a day. Stable: what comes at the same moment stays in the vendor's order.
      const keyOf = ({ line, ticker, stamp }: Line): string => `${line.slice(0, 10)} ${ticker} ${stamp}`;
      const sorted = list
        .map((one) => ({ ...one, key: keyOf(one) }))
        .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
      const last = sorted.filter(
        ({ stamp, ticker }, i) =>
          isTick || sorted[i + 1]?.stamp !== stamp || sorted[i + 1]?.ticker !== ticker,
      );
      return [
        `${series}${fileStem(key, mark)}_${suffix}_data.csv`,
        `${headOf(dataset)}\n${last.map(({ line }) => `${line}\n`).join('')}`,
      ];
    }),
  );
}

type Row = Readonly<Record<string, string>>;

interface Line {
  readonly ticker: string;
  readonly stamp: string;
  readonly line: string;
}

function stampOf(row: Row): string {
  return row['sip_timestamp'] ?? row['window_start'] ?? '';
}

/**
 * Of `O:TSLA1261218C00062500` it is `O:TSLA`: the 15 characters at the end are fixed, and digits before them
 * count adjustments.
 */
function underlyingOf(ticker: string): string {
  const root = ticker.slice(0, -15);
  return root.replace(/\d+$/, '');
}

function headOf({ kind, mark, header }: Described): string {
  const contract = mark === 'O:' ? ',Contract,Expiry,Right,Strike' : '';
  if (kind === 'daily' || kind === 'minute')
    return `${kind === 'daily' ? 'Date' : 'Datetime'}${contract},Open,High,Low,Close,Volume`;
  return `Datetime${contract},${header.split(',').slice(1).join(',')}`;
}

function lineOf(dataset: Described, day: string, row: Row): string {
  const { kind, mark, header, zone } = dataset;
  const isTick = kind === 'trades' || kind === 'quotes';
  const time = kind === 'daily' ? day : localOf(stampOf(row), zone, isTick);
  const values = isTick
    ? header
        .split(',')
        .slice(1)
        .map((name) => quoted(plain(row[name] ?? '')))
    : ['open', 'high', 'low', 'close', 'volume'].map((name) => plain(row[name] ?? '0'));
  return [time, ...(mark === 'O:' ? contractOf(row['ticker'] ?? '') : []), ...values].join(',');
}

function contractOf(ticker: string): readonly string[] {
  const symbol = ticker.slice(2);
  const [, yy, mm, dd, right, dollars, thousandths] =
    /(\d\d)(\d\d)(\d\d)([CP])(\d{5})(\d{3})$/.exec(symbol) ?? [];
  return [symbol, `20${yy}-${mm}-${dd}`, right ?? '', plain(`${Number(dollars)}.${thousandths}`)];
}

function plain(text: string): string {
  return /^\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}

function quoted(text: string): string {
  return text.includes(',') ? `"${text}"` : text;
}

const FORMATS = new Map(
  (['America/New_York', 'UTC'] as const).map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
);

/** `2026-11-02 09:30:00-05:00`: what a wall clock shows, and how far that is from UTC. */
function localOf(stamp: string, zone: Zone, withFraction: boolean): string {
  const seconds = Number(stamp.slice(0, 10));
  const wall = FORMATS.get(zone)?.format(new Date(seconds * 1000)) ?? '';
  const ahead = (Date.parse(`${wall.replace(' ', 'T')}Z`) / 1000 - seconds) / 3600;
  const offset = `${ahead < 0 ? '-' : '+'}${String(Math.abs(ahead)).padStart(2, '0')}:00`;
  return `${wall}${withFraction ? `.${stamp.slice(10)}` : ''}${offset}`;
}

/**
 * As docs/data-folder.md says: a lower-case letter behind `_`, a name that Windows keeps for a device
 * escaped; `~` before one without the prefix.
 */
function fileStem(ticker: string, mark: string): string {
  const isOwn = ticker.startsWith(mark);
  const name = (isOwn ? ticker.slice(mark.length) : ticker).replace(/[a-z]/g, '_$&');
  return `${isOwn ? '' : '~'}${name}`;
}
