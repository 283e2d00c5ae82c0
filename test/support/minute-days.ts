/**
 * A small market of minute bars, served by a sandbox: days of several pieces, and what the series should say
 * of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RunningSandbox } from '#sandbox/options.js';
import { HEADER, market, Workdir } from './workdir.js';

export const DAYS = ['2024-06-11', '2024-06-12'] as const;
export const [FIRST, LAST] = DAYS;
export const TICKERS = ['AAPL', 'SPY'];
export const ARGS = `-t stocks_minute --start ${FIRST} --end ${LAST} --tickers ${TICKERS.join(',')}`;
export const SERIES_HEADER = 'Datetime,Open,High,Low,Close,Volume\n';
/** More text than two pieces of it. */
const MARKET = Array.from({ length: 130 }, (_, i) => `T${String(i).padStart(3, '0')}`);
const MINUTES = 390;

/** Prices depend on the ticker, the minute and `shift`; the last two minutes of SPY are left out. */
export function minuteDay(day: string, shift = 0): Buffer {
  const open = Date.parse(`${day}T13:30:00Z`) / 1000;
  const lines = [...MARKET, ...TICKERS].sort().flatMap((ticker, t) => {
    const minutes = ticker === 'SPY' ? MINUTES - 2 : MINUTES;
    return Array.from({ length: minutes }, (_, m) => {
      const price = 10 + t + m / 100 + shift;
      const prices = [price, price + 0.01, price + 0.5, price - 0.5].map((one) => one.toFixed(6));
      return `${ticker},${100 + m}.250000,${prices.join(',')},${open + 60 * m}000000000,${m + 1}\n`;
    });
  });
  return Buffer.from(HEADER + lines.join(''));
}

/** What verify says of it. */
export const SUSPICIONS = DAYS.map((day) => ({
  ...{ kind: 'minute-hole', day, ticker: 'SPY' },
  what: 'its bars end before 15:58, 2 minutes before the close, after one in nearly every minute',
}));

/** What the series of the ticker should hold of the day. */
export function minuteLines(day: string, ticker: string, shift = 0): string {
  const t = [...MARKET, ...TICKERS].sort().indexOf(ticker);
  const minutes = ticker === 'SPY' ? MINUTES - 2 : MINUTES;
  const shown = (price: number): string => price.toFixed(6).replace(/\.?0+$/, '');
  return Array.from({ length: minutes }, (_, m) => {
    const price = 10 + t + m / 100 + shift;
    const values = [price, price + 0.5, price - 0.5, price + 0.01].map(shown);
    const at = new Date(Date.parse(`${day}T09:30:00Z`) + 60_000 * m).toISOString();
    return `${day} ${at.slice(11, 19)}-04:00,${values.join(',')},${100 + m}.25\n`;
  }).join('');
}

export function minuteKey(day: string): string {
  return `us_stocks_sip/minute_aggs_v1/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;
}

export const TEXTS = new Map(DAYS.map((day) => [day, minuteDay(day)]));

/** As a sandbox's `objects`. */
export const MINUTE_OBJECTS = new Map(
  [...TEXTS].map(([day, text]) => [minuteKey(day), gzipSync(text, { level: 1 })]),
);

export async function minuteMarket(): Promise<{ work: Workdir; sandbox: RunningSandbox }> {
  const sandbox = await market({ objects: MINUTE_OBJECTS });
  return { work: await Workdir.make(sandbox), sandbox };
}

export const seriesOf = (work: Workdir, ticker: string): string =>
  work.read('data_cache', `${ticker}_1m_data.csv`);
export const archived = (work: Workdir, day: string): Buffer =>
  gunzipSync(readFileSync(work.at('massive_cache', 'stocks_minute', `${day}.csv.gz`)));

export function unfinished(work: Workdir): readonly string[] {
  return readdirSync(work.data, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /barloom-tmp|\.lock$|ndjson$/.test(name),
  );
}
